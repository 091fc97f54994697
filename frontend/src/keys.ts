/**
 * The keyboard: one table, which the listener obeys and the sheet of keys shows. Whoever adds a part adds its line to KEYS, and
 * what it does to the table of `tests/e2e/test_keys.py`.
 */
import type { Panel } from "./panel";
import type { Scope } from "./scope";
import { edgeAt } from "./pure/loop";
import { isMistaken } from "./questions";
import { tileSize } from "./tile_size";

export interface KeyLine {
  /** As `keyName` names them. */
  readonly keys: readonly string[];
  /** For the sheet. */
  readonly what: string;
  /** Whether they do anything now; left out where they always do. */
  readonly when?: (panel: Panel) => boolean;
  /** `index` tells which of the keys was pressed. */
  readonly do: (panel: Panel, index: number) => void;
  /** When the key is let go, for what lasts while it is held. */
  readonly up?: (panel: Panel) => void;
}

const MODES = ["strip", "window", "raster"] as const;
const LARGER = 1.2;

/** -1 for the first of two keys, 1 for the second. */
const direction = (index: number): number => 2 * index - 1;

const showsFilters = ({ state, derived }: Panel): boolean =>
  state.view.value === "filters" && derived.shown.value !== null;

export const KEYS: readonly KeyLine[] = [
  {
    keys: ["Space"],
    what: "play or pause",
    do: ({ togglePlaying }) => {
      togglePlaying();
    },
  },
  {
    keys: ["←", "→"],
    what: "one window back or on",
    do: ({ moveWindow }, index) => {
      moveWindow(direction(index));
    },
  },
  {
    keys: ["Shift ←", "Shift →"],
    what: "one logged epoch back or on",
    when: ({ state }) => (state.steps.value?.steps.length ?? 0) > 1,
    do: ({ state }, index) => {
      state.moveStep(direction(index));
    },
  },
  {
    keys: ["↑", "↓"],
    what: "layer above or below",
    do: ({ state }, index) => {
      state.moveLayer(direction(index));
    },
  },
  {
    keys: ["[", "]"],
    what: "clip before or after",
    do: ({ clipList }, index) => {
      clipList.move(direction(index));
    },
  },
  {
    keys: ["l"],
    what: "repeat the whole clip, or nothing",
    do: ({ player }) => {
      player.setLoop(player.loop.peek() === null ? "all" : null);
    },
  },
  {
    keys: ["a", "b"],
    what: "the part that repeats starts or ends now",
    do: ({ player, time }, index) => {
      const [start, end] = player.loop.peek() ?? [0, player.duration.peek()];
      player.setLoop(edgeAt([start, end], index === 0 ? "start" : "end", time.peek(), player.duration.peek()));
    },
  },
  {
    keys: ["i"],
    what: "inspect a filter, as a click on its tile does (which also goes to that moment)",
    when: showsFilters,
    do: ({ inspection }) => {
      inspection.toggle();
    },
  },
  {
    keys: [",", "."],
    what: "inspect the filter before or after",
    when: showsFilters,
    do: ({ inspection }, index) => {
      inspection.move(direction(index));
    },
  },
  {
    keys: ["Escape"],
    what: "close the inspector, unmark what was found",
    when: ({ state, finding }) => state.inspected.value !== null || finding.found.value !== null,
    do: ({ state, finding }) => {
      state.inspect(null);
      finding.forget();
    },
  },
  {
    keys: ["1", "2", "3"],
    what: "Strip, Window or Raster",
    do: ({ state }, index) => {
      state.chooseMode(MODES[index] ?? "strip");
    },
  },
  {
    keys: ["−", "+"],
    what: "smaller or larger tiles",
    when: ({ tiles }) => tiles.value !== null,
    do: (panel, index) => {
      const { size, least, most, choose } = tileSize(panel);
      const wanted = index === 0 ? Math.min(size / LARGER, size - 1) : Math.max(size * LARGER, size + 1);
      choose(Math.round(Math.min(Math.max(wanted, least), most)));
    },
  },
  {
    keys: ["/"],
    what: "find a filter by its number, of the output by its class",
    when: showsFilters,
    do: ({ overlay }) => {
      overlay.value = "find";
    },
  },
  {
    keys: ["d"],
    what: "the filters that changed most since the epoch before, first, and back",
    when: ({ derived }) => derived.problems.value.change === null,
    do: ({ questions }) => {
      questions.changed.toggle();
    },
  },
  {
    keys: ["w"],
    what: "why: the filters that go with what the clip is taken for, first, and back",
    when: (panel) => isMistaken(panel) || panel.derived.problems.value.taken === null,
    do: ({ questions }) => {
      questions.why.toggle();
    },
  },
  {
    keys: ["c"],
    what: "compare, or back to the filters",
    do: ({ state }) => {
      state.chooseView(state.view.peek() === "compare" ? "filters" : "compare");
    },
  },
  {
    keys: ["t"],
    what: "table of classes, or back to the filters",
    do: ({ state }) => {
      state.chooseView(state.view.peek() === "classes" ? "filters" : "classes");
    },
  },
  {
    keys: ["x"],
    what: "while held, B in A's place",
    when: ({ compare }) => compare.exact.value !== null,
    do: ({ compare }) => {
      compare.blink(true);
    },
    up: ({ compare }) => {
      compare.blink(false);
    },
  },
  {
    keys: ["?"],
    what: "this page",
    do: ({ overlay }) => {
      overlay.value = overlay.peek() === "help" ? null : "help";
    },
  },
];

/** Keys whose name on a keyboard is not the browser's for them, and those that one must not need Shift for. */
const NAMES: Readonly<Record<string, string>> = {
  " ": "Space",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  "-": "−",
  _: "−",
  "=": "+",
};

/** What the table calls a key: "Space", "Shift ←", "c". Letters are small whether or not capitals are locked. */
export function keyName({ key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">): string {
  const name = NAMES[key] ?? (key.length === 1 ? key.toLowerCase() : key);
  return shiftKey && key.startsWith("Arrow") ? `Shift ${name}` : name;
}

/** The line of a key, and which of its keys it is. */
export function lineOf(name: string, lines: readonly KeyLine[] = KEYS): { line: KeyLine; index: number } | null {
  for (const line of lines) {
    const index = line.keys.indexOf(name);
    if (index >= 0) return { line, index };
  }
  return null;
}

/** Elements that need these keys themselves. */
const TYPING = "input:not([type='range']), textarea, select, [contenteditable]";

/** Whether the focused element needs the key itself: a button is pressed by the space bar, a slider moved by arrows. */
function isTaken(key: string, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.matches(TYPING)) return true;
  if (key === " ") return target.matches("button, summary");
  return key.startsWith("Arrow") && target.matches("input");
}

export function listenToKeys(scope: Scope, panel: Panel): void {
  /** Those that are held, to be let go also where the keyboard tells no end. */
  const held = new Set<KeyLine>();
  const letGo = (): void => {
    for (const line of held) line.up?.(panel);
    held.clear();
  };
  scope.listen(document, "keydown", (event) => {
    // Where a character needs AltGr, that says Ctrl and Alt too.
    const combined = (event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph");
    // A list that was chosen from keeps the keys until it is left.
    if (event.key === "Escape" && event.target instanceof HTMLSelectElement) event.target.blur();
    if (combined || event.metaKey || event.defaultPrevented || isTaken(event.key, event.target)) return;
    const found = lineOf(keyName(event));
    // Below the sheet of keys nothing is at work but the key that closes it.
    const overlay = panel.overlay.peek();
    const covered = overlay === "export" || (overlay === "help" && !(found?.line.keys.includes("?") ?? false));
    if (found === null || covered || found.line.when?.(panel) === false) return;
    event.preventDefault();
    if (found.line.up !== undefined) {
      if (event.repeat) return;
      held.add(found.line);
    }
    found.line.do(panel, found.index);
  });
  scope.listen(document, "keyup", (event) => {
    const line = lineOf(keyName(event))?.line;
    if (line === undefined || !held.delete(line)) return;
    line.up?.(panel);
  });
  scope.listen(window, "blur", letGo);
  scope.onClose(letGo);
}
