/** Light or dark, as TensorBoard is now: its body's class where it can be read, else what the system prefers. */
import { signal, type ReadonlySignal } from "@preact/signals";

import type { Scope } from "./scope";

export type Theme = "light" | "dark";

/** Follows the host's theme and marks the document with it, so that the stylesheet's tokens switch. */
export function followTheme(scope: Scope): ReadonlySignal<Theme> {
  const host = hostBody();
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (host === null ? system.matches : host.classList.contains("dark-mode"));
  const theme = signal<Theme>("light");
  const apply = () => {
    const now = dark() ? "dark" : "light";
    // The document first: whoever follows the signal reads colours from it.
    document.documentElement.dataset["theme"] = now;
    TOKENS.clear();
    theme.value = now;
  };
  if (host !== null) scope.onMutation(host, { attributes: true, attributeFilter: ["class"] }, apply);
  scope.listen(system, "change", apply);
  apply();
  return theme;
}

function hostBody(): HTMLElement | null {
  try {
    return window.parent === window ? null : window.parent.document.body;
  } catch {
    // A frame of another origin, as in some notebooks, does not let its parent be read.
    return null;
  }
}

/** Asked for at each picture: reading one from the stylesheet takes longer than drawing with it. */
const TOKENS = new Map<string, string>();

/** The present value of a colour token such as `--ink`, for canvases. */
export function colourToken(name: `--${string}`): string {
  const known = TOKENS.get(name) ?? getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // None while the stylesheet is not there.
  if (known !== "") TOKENS.set(name, known);
  return known;
}
