/** The keyboard: one table, so that what it does can be listed. */
import type { Panel } from "./panel";
import type { Scope } from "./scope";

/** Elements that need these keys themselves. */
const TYPING = "input:not([type='range']), textarea, select, [contenteditable]";

type Action = (panel: Panel) => void;

const ACTIONS: Readonly<Record<string, Action>> = {
  " ": ({ togglePlaying }) => {
    togglePlaying();
  },
  ArrowLeft: (panel) => {
    panel.moveWindow(-1);
  },
  ArrowRight: (panel) => {
    panel.moveWindow(1);
  },
  "Shift ArrowLeft": ({ state }) => {
    state.moveStep(-1);
  },
  "Shift ArrowRight": ({ state }) => {
    state.moveStep(1);
  },
  ArrowUp: ({ state }) => {
    state.moveLayer(-1);
  },
  ArrowDown: ({ state }) => {
    state.moveLayer(1);
  },
  "[": ({ clipList }) => {
    clipList.move(-1);
  },
  "]": ({ clipList }) => {
    clipList.move(1);
  },
  "1": ({ state }) => {
    state.chooseMode("strip");
  },
  "2": ({ state }) => {
    state.chooseMode("window");
  },
  "3": ({ state }) => {
    state.chooseMode("raster");
  },
};

interface KeysOptions {
  readonly scope: Scope;
  readonly panel: Panel;
  readonly toggleHelp: () => void;
  readonly closeHelp: () => void;
}

export function listenToKeys({ scope, panel, toggleHelp, closeHelp }: KeysOptions): void {
  scope.listen(document, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.matches(TYPING) === true) return;
    // A focused button is pressed by the space bar, and a slider moved by arrows.
    if (event.key === " " && target?.matches("button") === true) return;
    if (event.key.startsWith("Arrow") && target?.matches("input") === true) return;
    if (event.key === "?") toggleHelp();
    else if (event.key === "Escape") closeHelp();
    else {
      const isArrow = event.key.startsWith("Arrow");
      const action = ACTIONS[isArrow && event.shiftKey ? `Shift ${event.key}` : event.key];
      if (action === undefined) return;
      action(panel);
    }
    event.preventDefault();
  });
}
