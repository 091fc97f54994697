/** TensorBoard's entry: the frame imports this module and calls `render()`. */
import { render as renderTree } from "preact";

import { App } from "./app";
import { createPanel } from "./panel";
import { exposeHandle } from "./handle";
import { Scope } from "./scope";
import styles from "./styles.css";

/** Puts the panel into the document. Returns a function that ends all that it started. */
export function render(): () => void {
  const scope = new Scope();
  document.documentElement.lang = "en";
  document.title = "CNN Audio";
  const sheet = document.createElement("style");
  sheet.textContent = styles;
  document.head.append(sheet);
  const root = document.createElement("div");
  root.id = "cnnviz";
  document.body.append(root);

  const panel = createPanel(document.body, scope);
  exposeHandle(panel);
  renderTree(<App panel={panel} />, root);
  return () => {
    renderTree(null, root);
    scope.close();
    root.remove();
    sheet.remove();
  };
}
