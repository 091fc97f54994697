/**
 * `window.cnnviz`: what is shown, to be read by tests and from the console. Nothing can be changed through it.
 * Rectangles are CSS pixels from the grid canvas's top left corner; multiply by `ratio` for the canvas's own pixels.
 */
import type { Panel } from "./panel";
import type { Mode } from "./state";
import { visibleTiles } from "./pure/layout";

export interface TileRectangle {
  readonly filter: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Handle {
  readonly state: {
    readonly run: string | null;
    readonly step: number | null;
    readonly clip: string | null;
    readonly layer: string | null;
    readonly mode: Mode | null;
    readonly window: number | null;
    readonly time: number;
    readonly playing: boolean;
    readonly following: boolean;
    /** True while the grid shows something else than what is chosen. */
    readonly stale: boolean;
    /** True while tiles stand in another order than the one that was asked for. */
    readonly ordering: boolean;
    /** The filter that the inspector shows. */
    readonly inspected: number | null;
  };
  /** The part that repeats in seconds, or null, and how often it has been heard to its end. */
  readonly loop: readonly [number, number] | null;
  readonly passes: number;
  /** The column that stands for the present moment: of which window, which one of it, and its centre in seconds. */
  readonly lit: { readonly window: number; readonly column: number | null; readonly seconds: number } | null;
  /** Seconds at the left and right edge of every strip and of the input. */
  readonly seconds: readonly [number, number];
  readonly order: readonly number[];
  /** The filter that was looked for and is marked. */
  readonly found: number | null;
  /** What each filter's values are divided by before they are coloured. */
  readonly divisors: readonly number[];
  readonly ratio: number;
  /** The maps of the tiles in view. */
  readonly tiles: readonly TileRectangle[];
  /** Resolves when all that has been drawn is on the screen. */
  readonly settled: () => Promise<void>;
}

declare global {
  interface Window {
    cnnviz?: Handle;
  }
}

export function exposeHandle(panel: Panel): void {
  const { state, derived, player, time, lit, window: now, tiles, finding, scope } = panel;
  const handle: Handle = {
    get state() {
      return {
        run: state.run.peek(),
        step: state.step.peek(),
        clip: state.clipName.peek(),
        layer: state.layerName.peek(),
        mode: derived.shown.peek()?.kind ?? null,
        window: now.peek(),
        time: time.peek(),
        playing: player.playing.peek(),
        following: state.following.peek(),
        stale: derived.stale.peek(),
        ordering: derived.ordering.peek(),
        inspected: state.inspected.peek(),
      };
    },
    get loop() {
      return player.loop.peek();
    },
    get passes() {
      return player.passes.peek();
    },
    get lit() {
      const now = lit.peek();
      return now === null ? null : { window: now.window, column: now.column, seconds: now.seconds };
    },
    get seconds() {
      return derived.seconds.peek();
    },
    get order() {
      return [...(tiles.peek()?.filters ?? [])];
    },
    get found() {
      return finding.found.peek()?.filter ?? null;
    },
    get divisors() {
      return [...(derived.scale.peek()?.divisors ?? [])];
    },
    get ratio() {
      return window.devicePixelRatio;
    },
    get tiles() {
      const view = tiles.peek();
      return view === null ? [] : [...visibleTiles(view)].map(({ filter, box }) => ({ filter, ...box }));
    },
    settled: async () => {
      await panel.painter.peek()?.settled();
    },
  };
  window.cnnviz = Object.freeze(handle);
  scope.onClose(() => {
    delete window.cnnviz;
  });
}
