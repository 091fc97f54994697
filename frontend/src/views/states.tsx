/** What stands in the place of pictures: nothing logged yet, something wrong, something on its way. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { bytes, asSentence } from "../words";

function program(folder: string): string {
  return `import keras
from tensorboard_plugin_cnnviz import CNNVizCallback, LogMel, Probe

features = LogMel(sample_rate=22050, n_fft=1024, hop_length=512, n_mels=128, window=43, window_hop=4)
probes = [Probe.from_file("violin.wav", features, label="violin")]

logdir = ${JSON.stringify(folder)}
model.fit(x, y, callbacks=[
    keras.callbacks.TensorBoard(logdir),
    # Names of the model's outputs, in their order.
    CNNVizCallback(logdir, probes, class_names=["flute", "violin"]),
])`;
}

/** A folder for a run in the one that is watched, where that is a single one. */
function folderOf(logdir: string): string {
  return logdir === "" || /[,:]/.test(logdir) ? "logs/run1" : `${logdir}/run1`;
}

export function NothingLogged({ logdir }: { logdir: string }): JSX.Element {
  return (
    <main class="blank" data-testid="empty">
      <div>
        <h1>No filters have been logged yet</h1>
        <p class="soft">
          A training that logs here fills this tab by itself; there is no need to reload. In a script of your own:
        </p>
        <pre>{program(folderOf(logdir))}</pre>
        <p class="soft">
          A model that is trained already:{" "}
          <code>log_model(model, probes, &quot;logs/pretrained&quot;, class_names=[…])</code>
        </p>
        <p>
          Watching <code>{logdir === "" ? "the log directories given to TensorBoard" : logdir}</code>
        </p>
      </div>
    </main>
  );
}

export function Connecting(): JSX.Element {
  return (
    <main class="blank" data-testid="connecting" aria-busy="true">
      <p class="soft">Reading the log&hellip;</p>
    </main>
  );
}

export function ServerGone({ panel }: { panel: Panel }): JSX.Element | null {
  const { status, reason } = panel.state.connection.value;
  if (status !== "gone") return null;
  return (
    <div class="banner" role="alert" data-testid="server-gone">
      <span>{reason} What has been loaded stays usable; the panel goes on asking.</span>
      <button type="button" class="button outlined" data-testid="retry" onClick={panel.live.ask}>
        Try again now
      </button>
    </div>
  );
}

/** A sentence in the place of what it explains. */
export function Notice({ what, why, retry }: { what: string; why: string; retry?: () => void }): JSX.Element {
  return (
    <div class="notice" role="note" data-testid="notice">
      <p>{what}</p>
      <p>{asSentence(why)}</p>
      {retry === undefined ? null : (
        <button type="button" class="button outlined" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Loading({ panel }: { panel: Panel }): JSX.Element | null {
  const progress = panel.data.progress.value;
  if (progress === null) return null;
  const { what, received, total } = progress;
  return (
    <div class="loading" role="status" data-testid="loading">
      Loading {what}
      {total > 0 ? `: ${bytes(received)} of ${bytes(total)}` : "…"}
      {total > 0 ? <progress max={total} value={received} aria-label={`Loading ${what}`} /> : null}
    </div>
  );
}
