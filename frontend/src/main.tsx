/**
 * TensorBoard's entry: the frame imports this module and calls `render()`. A page that carries its data runs it as its only
 * script, and is filled at once.
 */
import { render as renderTree } from "preact";

import { HttpSource, type Source } from "./api";
import { App } from "./app";
import { findExported } from "./export/exported_source";
import { exposeHandle } from "./handle";
import { createPanel } from "./panel";
import { Scope } from "./scope";
import styles from "./styles.css";

/** Puts the panel into the document. Returns a function that ends all that it started. */
export function render(): () => void {
  document.documentElement.lang = "en";
  document.title = "CNN Audio";
  return fill(new HttpSource());
}

function fill(source: Source): () => void {
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
  return () => {
    renderTree(null, root);
    scope.close();
    root.remove();
    sheet.remove();
  };
}

const carried = findExported(document);
if (carried !== null) fill(carried);
