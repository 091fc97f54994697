/** The address that the browser shows: TensorBoard's page around this frame, or the panel's own where it stands alone. */

/** The window whose address is shown, as far as this frame may touch it. */
function shownWindow(): Window {
  try {
    // Another origin's address may not be read: this throws.
    return window.parent.location.href === "" ? window : window.parent;
  } catch {
    return window;
  }
}

export function pageAddress(): string {
  return shownWindow().location.href;
}

export function pageHash(): string {
  return shownWindow().location.hash;
}

/** Shows another address of the same page, without loading it or adding to the browser's history. */
export function showAddress(address: string): void {
  const shown = shownWindow();
  shown.history.replaceState(shown.history.state, "", address);
}
