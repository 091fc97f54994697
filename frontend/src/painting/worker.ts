/** The painter's own script: it keeps the canvases that it is given, and draws on them what it is told. */
import type { Answer, Order } from "./painter";
import { Replay } from "./replay";

/** What TypeScript knows of a worker's globals is in a library that excludes the page's. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<Order>) => void) | null;
  postMessage(answer: Answer): void;
}

const scope = self as unknown as WorkerScope;
const easels = new Map<number, Replay>();

scope.onmessage = ({ data }) => {
  if ("frame" in data) {
    try {
      easels.get(data.easel)?.draw(data.frame);
    } finally {
      // Whatever became of this one, the page waits with the next until it is told.
      scope.postMessage({ easel: data.easel });
    }
  } else if ("next" in data) {
    easels.get(data.easel)?.prepare(data.next);
  } else if ("asked" in data) {
    // After the frame's end, when canvases have given away what they show.
    requestAnimationFrame(() => {
      setTimeout(() => {
        scope.postMessage({ asked: data.asked });
      });
    });
  } else if (data.canvas === null) {
    easels.delete(data.easel);
  } else {
    easels.set(data.easel, new Replay(data.canvas));
  }
};
scope.postMessage("ready");
