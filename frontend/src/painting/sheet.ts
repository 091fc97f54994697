/** Pixels that pictures are put together from: filled on one side, and drawn there or, as they change, in a worker. */

/** Lines of a sheet, whole ones. */
export interface Lines {
  readonly top: number;
  readonly pixels: Uint32Array<ArrayBuffer>;
}

/** From the first line to before the last. */
type Span = readonly [first: number, end: number];

function joined(one: Span | null, other: Span): Span {
  return one === null ? other : [Math.min(one[0], other[0]), Math.max(one[1], other[1])];
}

export class Sheet {
  readonly width: number;
  readonly height: number;
  readonly image: ImageData;
  readonly pixels: Uint32Array<ArrayBuffer>;
  #canvas: OffscreenCanvas | null = null;
  /** What has changed and was not taken; and what the canvas does not show. */
  #changed: Span | null = null;
  #unshown: Span | null = null;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /** What a canvas shows now. */
  static of(context: OffscreenCanvasRenderingContext2D): Sheet {
    const { width, height } = context.canvas;
    const sheet = new Sheet(width, height);
    sheet.image.data.set(context.getImageData(0, 0, width, height).data);
    sheet.changed(0, height);
    return sheet;
  }

  /** Tells that the pixels of these lines are others now. */
  changed(top: number, height: number): void {
    this.#changed = joined(this.#changed, [top, top + height]);
    this.#unshown = joined(this.#unshown, [top, top + height]);
  }

  /** A copy of what has changed since it was taken last; null where nothing has. */
  takeChanged(): Lines | null {
    if (this.#changed === null) return null;
    const [first, end] = this.#changed;
    this.#changed = null;
    return { top: first, pixels: this.pixels.slice(first * this.width, end * this.width) };
  }

  takeAll(): Lines {
    this.#changed = null;
    return { top: 0, pixels: this.pixels.slice() };
  }

  write({ top, pixels }: Lines): void {
    this.pixels.set(pixels, top * this.width);
    this.changed(top, pixels.length / this.width);
  }

  /** A canvas of the same pixels. */
  get canvas(): OffscreenCanvas {
    const canvas = (this.#canvas ??= new OffscreenCanvas(this.width, this.height));
    if (this.#unshown !== null) {
      const [first, end] = this.#unshown;
      canvas.getContext("2d")?.putImageData(this.image, 0, 0, 0, first, this.width, end - first);
      this.#unshown = null;
    }
    return canvas;
  }
}
