/**
 * TensorBoard's entry: the frame imports this module and calls `render()`. A page that carries its data runs it as its only
 * script, and is filled at once.
 */
import { effect } from "@preact/signals";
import { render as renderTree } from "preact";

import { HttpSource, type Source } from "./api";
import { App } from "./app";
import { findExported } from "./export/exported_source";
import type { PageView } from "./export/page_data";
import { exposeHandle } from "./handle";
import { createPanel, type Panel } from "./panel";
import { Scope } from "./scope";
import styles from "./styles.css";

/** Puts the panel into the document. Returns a function that ends all that it started. */
export function render(): () => void {
  document.documentElement.lang = "en";
  document.title = "CNN Audio";
  return fill(new HttpSource()).close;
}

function fill(source: Source): { readonly panel: Panel; readonly close: () => void } {
  const scope = new Scope();
  const sheet = document.createElement("style");
  sheet.textContent = styles;
  document.head.append(sheet);
  const root = document.createElement("div");
  root.id = "cnnviz";
  document.body.append(root);

  const panel = createPanel(document.body, scope, source);
  exposeHandle(panel);
  renderTree(<App panel={panel} />, root);
  const close = () => {
    renderTree(null, root);
    scope.close();
    root.remove();
    sheet.remove();
  };
  return { panel, close };
}

/** Shows what was on the screen when the page was made. */
function restore({ state, scope }: Panel, view: PageView): void {
  state.chooseStep(view.step);
  state.chooseLayer(view.layer);
  state.chooseScale(view.scale, view.acrossEpochs);
  state.chooseColours(view.colours);
  state.sortBy(view.sort);
  let known = false;
  scope.onClose(
    effect(() => {
      // Each layer has the modes that suit it: it must be known first.
      if (known || state.layer.value === null) return;
      known = true;
      state.chooseMode(view.mode);
    }),
  );
}

const carried = findExported(document);
if (carried !== null) restore(fill(carried).panel, carried.view);
