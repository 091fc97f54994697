/** Sizes of type as canvases take them, in CSS pixels: those of `styles/tokens.css`, which a test keeps alike. */

export const TEXT = { small: 11, note: 12, body: 13, title: 15, large: 20 } as const;

/** The font of a canvas. */
export function canvasFont(size: keyof typeof TEXT, weight: 400 | 500 = 400): string {
  return `${weight} ${TEXT[size]}px Roboto, system-ui, sans-serif`;
}
