/** "How to read this": the few sentences without which the pictures mean nothing, and the keys. */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Panel } from "../panel";
import { Icon } from "./icons";

const KEYS: readonly (readonly [string, string])[] = [
  ["Space", "play or pause"],
  ["← →", "one window back or on"],
  ["Shift + ← →", "one logged epoch back or on"],
  ["↑ ↓", "layer above or below"],
  ["[ ]", "clip before or after"],
  ["1 2 3", "Strip, Window or Raster"],
  ["?", "this page"],
];

export const HELP_BUTTON = "help-button";

export function Help({ panel, onClose }: { panel: Panel; onClose: () => void }): JSX.Element {
  const close = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const scope = panel.scope.child();
    const opener = document.querySelector<HTMLElement>(`[data-testid="${HELP_BUTTON}"]`);
    const before = document.activeElement;
    close.current?.focus();
    scope.listen(document, "pointerdown", ({ target }) => {
      const inside = target instanceof Node && (popover.current?.contains(target) === true || opener?.contains(target));
      if (inside !== true) onClose();
    });
    return () => {
      scope.close();
      // Not what the pointer has pressed since: it would take the space bar.
      const left = popover.current?.contains(document.activeElement) === true;
      if (left && before instanceof HTMLElement) before.focus();
    };
  }, [panel, onClose]);
  return (
    <div ref={popover} class="popover" role="dialog" aria-label="How to read this" data-testid="help">
      <h2>How to read this</h2>
      <button ref={close} type="button" class="button close" aria-label="Close" onClick={onClose}>
        <Icon name="close" />
      </button>
      <ul>
        <li>One tile is one filter of the chosen layer; its number is the channel in the layer&rsquo;s output.</li>
        <li>Across is seconds, up is Hz, as in the input above. Deeper layers see coarser, not smaller.</li>
        <li>
          <span class="swatch magma" />
          Black is zero, bright is strong.
        </li>
        <li>
          <span class="swatch teal" />
          Teal is below zero.
        </li>
        <li>
          <i>Per filter</i>: every tile has its own full brightness, and the small bar beside its number tells how
          strong the filter is against the layer&rsquo;s strongest. <i>Per layer</i>: all tiles share one scale.
        </li>
        <li>
          <span class="swatch hidden" />
          What of that strength is not on the strip: mostly in cells centred outside their window, which strips leave
          out.
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
        <li>Onset to harmonic: filters that answer to changes in time come first, those that follow partials last.</li>
      </ul>
      <h3>Keys</h3>
      <dl>
        {KEYS.map(([keys, meaning]) => (
          <>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </>
        ))}
      </dl>
    </div>
  );
}
