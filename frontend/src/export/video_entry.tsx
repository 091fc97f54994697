/** Records the clip as a video, and shows how far that has come. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { clockTime } from "../words";
import { Entry } from "./entry";
import type { Task } from "./task";
import { saveVideo, videoFormat, videoSpan } from "./video";

export function VideoEntry({ panel, task }: { panel: Panel; task: Task }): JSX.Element {
  const format = videoFormat();
  const [start, end] = videoSpan(panel);
  const part = end - start < panel.player.duration.value ? "The repeated part" : "The clip";
  const silent = panel.data.probe.value?.audio == null;
  const filters = panel.state.view.value === "filters";
  return (
    <Entry title="Video" kind="video" task={task}>
      <p>
        {format === null
          ? "This browser records no video."
          : `${part}${silent ? "" : " with its sound"}, the filters in view, as ${format[1] === "mp4" ? "an MP4" : "a WebM"}: recorded once in real time, ${clockTime(end - start)}.`}
      </p>
      <button
        type="button"
        class="button outlined"
        data-testid="export-video"
        disabled={format === null || panel.derived.stale.value || !filters || task.state.value.status === "working"}
        title={filters ? undefined : "Videos are of the filters: go back to them"}
        onClick={() => {
          task.start("video", (abort, report) => saveVideo(panel, abort, report));
        }}
      >
        Record video
      </button>
    </Entry>
  );
}
