/** "How to read this": the few sentences without which the pictures mean nothing, and the keys. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { Dialog } from "./dialog";
import { KeySheet } from "./key_sheet";

export const HELP_BUTTON = "help-button";

export function Help({ panel }: { panel: Panel }): JSX.Element | null {
  if (panel.overlay.value !== "help") return null;
  return (
    <Dialog
      title="How to read this"
      testId="help"
      onClose={() => {
        panel.overlay.value = null;
      }}
    >
      <ul>
        <li>One tile is one filter of the chosen layer; its number is the channel in the layer&rsquo;s output.</li>
        <li>
          Across is seconds, up is Hz, as in the input above. Maps of deeper layers are coarser, not smaller. At first
          the deepest layer is shown whose maps are as fine as the input.
        </li>
        <li>
          <span class="swatch magma" />
          Black is zero, bright is strong.
        </li>
        <li>
          <span class="swatch teal" />
          Teal is below zero; with viridis and cividis it is vermilion, which differs from all above zero also to those
          who do not tell red from green.
        </li>
        <li>
          <i>Per filter</i>: every tile has its own full brightness, and the small bar beside its number tells how
          strong the filter is against the layer&rsquo;s strongest or, where filters are sorted by change, selectivity
          or a class, how much it has of that. <i>Per layer</i>: all tiles share one scale.
        </li>
        <li>
          <span class="swatch hidden" />
          What of that strength is not on the strip: mostly in cells centred outside their window, which strips leave
          out.
        </li>
        <li>
          <span class="swatch outside" />A line under a strip: in the windows of these seconds the filter&rsquo;s
          largest value lies only in cells that are left out; the strip shows something smaller. In rows it runs along
          their lower edge.
        </li>
        <li>
          <i>Strip</i>: the whole clip at once. <i>Window</i>: exactly what the network computed for the one window it
          sees now. Hatched cells are centred outside that window. <i>Raster</i>: one row per filter below the
          input&rsquo;s seconds; of a map each window&rsquo;s largest value.
        </li>
        <li>The thin line is now. The bracket is the window the network sees. Orange is training time.</li>
        <li>
          The list of clips judges the mean of each clip&rsquo;s windows, the sentence at the right this window alone.
        </li>
        <li>
          A click on a tile inspects its filter and goes to that moment; dragging over tiles goes through the moments.
        </li>
        <li>
          <i>Compare</i>: B is what the rest of the panel shows, A the reference that you choose. B − A is what B has
          more (red) or less (blue).
        </li>
        <li>Onset to harmonic: filters that answer to changes in time come first, those that follow partials last.</li>
      </ul>
      <h3>Keys</h3>
      <KeySheet panel={panel} />
      <p class="soft">
        In the table of classes the arrows go from cell to cell and Enter to its filter and clip. On an edge of the part
        that repeats the arrows move it, with Shift by 0.1 s, and Delete repeats the whole clip. On a curve they go from
        epoch to epoch.
      </p>
    </Dialog>
  );
}
