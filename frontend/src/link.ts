/** What the browser tells of the transfers that took the link. */
import { throughput, withTransfer, type Burst } from "./pure/throughput";
import type { Scope } from "./scope";

/** Arrays go as they lie in the bundles: their time is the link's. What the server makes for the occasion tells of the server. */
const STORED = "/member?";
const MANIFEST = "/manifest?";

export interface Link {
  /** Bytes that the link brings in so many milliseconds; 0 where nothing has been seen on it. */
  readonly brings: (milliseconds: number) => number;
  /** Bytes that the latest manifest took; 0 where none has been seen. */
  readonly manifestBytes: () => number;
}

export function watchLink(scope: Scope): Link {
  let seen: readonly Burst[] = [];
  let manifest = 0;
  scope.onResource(({ name, transferSize, encodedBodySize, startTime, responseEnd }) => {
    // What the browser had itself says nothing.
    if (transferSize === 0) return;
    if (name.includes(MANIFEST)) manifest = encodedBodySize;
    if (name.includes(STORED)) {
      seen = withTransfer(seen, { bytes: encodedBodySize, start: startTime, end: responseEnd });
    }
  });
  return {
    brings: (milliseconds) => (throughput(seen) ?? 0) * milliseconds,
    manifestBytes: () => manifest,
  };
}
