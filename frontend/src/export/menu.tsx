/** "Export": what is shown as files that others can open. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import type { Panel } from "../panel";
import { Dialog } from "../views/dialog";
import { Icon } from "../views/icons";
import { clockTime, count } from "../words";
import { savePng } from "./png";
import { Entry } from "./entry";
import { PageEntry } from "./page_entry";
import { VideoEntry } from "./video_entry";
import { createTask, type Task } from "./task";

export function Export({ panel }: { panel: Panel }): JSX.Element {
  const { overlay } = panel;
  const task = useMemo(() => createTask(panel.scope), [panel]);
  return (
    <>
      <button
        type="button"
        class="button"
        aria-haspopup="dialog"
        aria-label="Export"
        title="Save what is shown as a file"
        data-testid="export-button"
        disabled={panel.derived.shown.value === null}
        onClick={() => {
          overlay.value = "export";
        }}
      >
        <Icon name="save" />
        <span class="wide">Export</span>
      </button>
      {overlay.value === "export" ? <Menu panel={panel} task={task} /> : null}
    </>
  );
}

function Menu({ panel, task }: { panel: Panel; task: Task }): JSX.Element {
  return (
    <Dialog
      title="Export"
      testId="export"
      class="export"
      onClose={() => {
        panel.overlay.value = null;
      }}
    >
      <Picture panel={panel} task={task} />
      <VideoEntry panel={panel} task={task} />
      {panel.source.exported === true ? null : <PageEntry panel={panel} task={task} />}
    </Dialog>
  );
}

function Picture({ panel, task }: { panel: Panel; task: Task }): JSX.Element {
  const filters = panel.derived.shown.value?.picture.maps.filters ?? 0;
  const all = filters === 1 ? "The filter" : `All ${count(filters, "filter")}`;
  return (
    <Entry title="Picture" kind="png" task={task}>
      <p>
        {all} at {clockTime(panel.time.value)}, with the input and the prediction, as a PNG.
      </p>
      <button
        type="button"
        class="button outlined"
        data-testid="export-png"
        disabled={panel.derived.stale.value || panel.state.view.value !== "filters"}
        title={panel.state.view.value === "filters" ? undefined : "Pictures are of the filters: go back to them"}
        onClick={() => {
          task.start("png", () => savePng(panel));
        }}
      >
        Save picture
      </button>
    </Entry>
  );
}
