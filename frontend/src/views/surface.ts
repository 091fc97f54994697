/** Where pictures are drawn: a canvas at the screen's own resolution, measured in CSS pixels. */

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export interface Surface<Drawn = Context> {
  readonly context: Drawn;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

/** Sizes the canvas, for the screen where no ratio is given, and clears it; null while it has no size. */
export function prepare(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  width: number,
  height: number,
  ratio?: number,
): Surface | null {
  const surface = surfaceOf(canvas, width, height, ratio);
  surface?.context.clearRect(0, 0, width, height);
  return surface;
}

/** As `prepare`, but what is drawn stays unless the size is another. */
export function surfaceOf(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  width: number,
  height: number,
  ratio = window.devicePixelRatio,
): Surface | null {
  const context = canvas instanceof OffscreenCanvas ? canvas.getContext("2d") : canvas.getContext("2d");
  if (context === null || width < 1 || height < 1) return null;
  const across = Math.round(width * ratio);
  const down = Math.round(height * ratio);
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.imageSmoothingEnabled = false;
  context.textAlign = "left";
  return { context, width, height, ratio };
}
