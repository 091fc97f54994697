/** Keeps the panel in step with the log: asks for news every few seconds while it can be seen, and when TensorBoard reloads. */
import type { Scope } from "./scope";

const POLL_MILLISECONDS = 5000;

export interface Live {
  /** Asks now; while a question is under way, once more after it. */
  readonly ask: () => void;
}

/** `refresh` never rejects. Questions never overlap: a slow server would otherwise never finish answering one. */
export function keepLive(scope: Scope, refresh: () => Promise<void>): Live {
  let asking = false;
  let again = false;
  let cancel: () => void = () => undefined;

  async function askUntilQuiet(): Promise<void> {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    cancel();
    do {
      again = false;
      await refresh();
    } while (again as boolean);
    asking = false;
    cancel = scope.timeout(POLL_MILLISECONDS, whenSeen);
  }

  function whenSeen(): void {
    if (isSeen()) void askUntilQuiet();
    else cancel = scope.timeout(POLL_MILLISECONDS, whenSeen);
  }

  const ask = () => void askUntilQuiet();
  onHostReload(scope, ask);
  ask();
  return { ask };
}

/** Where nothing new will come. */
export function askOnce(refresh: () => Promise<void>): Live {
  const ask = () => void refresh();
  ask();
  return { ask };
}

/** TensorBoard keeps the frame of a tab that was left alive, with no height and without a visibilitychange. */
export function isSeen(): boolean {
  return window.innerHeight > 0 && document.visibilityState !== "hidden";
}

/** Calls `action` when the tab stops being seen, whichever way that happens. */
export function onLeaving(scope: Scope, action: () => void): void {
  const check = () => {
    if (!isSeen()) action();
  };
  scope.listen(window, "resize", check);
  scope.listen(document, "visibilitychange", check);
}

interface HostMessage {
  readonly type: string;
  readonly id: number;
  readonly isReply: boolean;
}

/** TensorBoard's reload button and its own timer arrive as messages on a port that the plugin hands over. */
function onHostReload(scope: Scope, action: () => void): void {
  if (window.parent === window) return;
  const { port1, port2 } = new MessageChannel();
  scope.listen(port1, "message", (event) => {
    const message = hostMessage(event instanceof MessageEvent ? event.data : null);
    if (message === null || message.isReply) return;
    if (message.type === "experimental.DataReloaded") action();
    port1.postMessage(
      JSON.stringify({ type: message.type, id: message.id, payload: null, error: null, isReply: true }),
    );
  });
  port1.start();
  scope.onClose(() => {
    port1.close();
  });
  window.parent.postMessage("experimental.bootstrap", "*", [port2]);
}

function hostMessage(data: unknown): HostMessage | null {
  if (typeof data !== "string") return null;
  try {
    const message: unknown = JSON.parse(data);
    return isHostMessage(message) ? message : null;
  } catch {
    return null;
  }
}

function isHostMessage(value: unknown): value is HostMessage {
  if (typeof value !== "object" || value === null) return false;
  return (
    "type" in value &&
    typeof value.type === "string" &&
    "id" in value &&
    typeof value.id === "number" &&
    "isReply" in value &&
    typeof value.isReply === "boolean"
  );
}
