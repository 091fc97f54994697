/** Where the parts of an exported picture stand. Lengths are CSS pixels. */
import type { TileGrid } from "../pure/layout";
import type { Box } from "../pure/placement";
import { pitchOf } from "../pure/raster_layout";

/** Browsers draw no larger canvases; the area keeps the memory of one within a few hundred megabytes. */
const MOST_PIXELS_HIGH = 16_384;
const MOST_PIXELS = 80_000_000;

export const LINE = 17;
export const BAR = 19;
const MARGIN = 12;
const GAP = 3;
const HEIGHTS = { spectrogram: 150, wave: 34, seconds: 16 };
const CLASSES = { line: 12, least: 44, most: 132 };
/** Below this width the prediction's bars stand under the input. */
const BARS_BESIDE = 170;
const BARS_HEAD = 40;
const BARS_UNDER = 4;

export interface PictureRequest {
  readonly width: number;
  /** Where the input's seconds run, from the picture's left. */
  readonly track: { readonly left: number; readonly width: number };
  readonly headLines: number;
  readonly footLines: number;
  /** Number of classes; 0 without predictions. */
  readonly classes: number;
  /** Of the grid as it is drawn, with what is around its tiles. */
  readonly gridHeight: number;
}

export interface PictureLayout {
  readonly width: number;
  readonly height: number;
  readonly head: Box;
  readonly spectrogram: Box;
  readonly wave: Box;
  /** The scores of each class over time; null without predictions. */
  readonly classes: Box | null;
  /** All tracks together. */
  readonly tracks: Box;
  readonly seconds: Box;
  readonly bars: Box | null;
  readonly grid: Box;
  readonly foot: Box;
}

export function layOutPicture(request: PictureRequest): PictureLayout {
  const { width, track, headLines, footLines, classes, gridHeight } = request;
  const head: Box = { x: MARGIN, y: 10, width: width - 2 * MARGIN, height: headLines * LINE };
  const row = (y: number, height: number): Box => ({ x: track.left, y, width: track.width, height });
  const spectrogram = row(below(head) + 8, HEIGHTS.spectrogram);
  const wave = row(below(spectrogram) + GAP, HEIGHTS.wave);
  const high = Math.min(Math.max(classes * CLASSES.line, CLASSES.least), CLASSES.most);
  const scores = classes === 0 ? null : row(below(wave) + GAP, high);
  const tracks = row(spectrogram.y, below(scores ?? wave) - spectrogram.y);
  const seconds = row(below(tracks) + GAP, HEIGHTS.seconds);
  const right = track.left + track.width + MARGIN;
  const beside = width - MARGIN - right >= BARS_BESIDE;
  const bars: Box | null =
    classes === 0
      ? null
      : beside
        ? { x: right, y: tracks.y, width: width - MARGIN - right, height: below(seconds) - tracks.y }
        : {
            x: MARGIN,
            y: below(seconds) + GAP,
            width: width - 2 * MARGIN,
            height: BARS_HEAD + Math.min(classes, BARS_UNDER) * BAR,
          };
  const grid: Box = {
    x: 0,
    y: Math.max(below(seconds), bars === null ? 0 : below(bars)) + 6,
    width,
    height: gridHeight,
  };
  const foot: Box = { x: MARGIN, y: below(grid) + 4, width: width - 2 * MARGIN, height: footLines * LINE };
  const height = Math.ceil(below(foot)) + (footLines > 0 ? 8 : 0);
  return { width, height, head, spectrogram, wave, classes: scores, tracks, seconds, bars, grid, foot };
}

/** How many bars a box of this height holds under what is written above them. */
export function barsWithin(height: number): number {
  return Math.max(Math.floor((height - BARS_HEAD) / BAR), 0);
}

export const barsHead = BARS_HEAD;

/** Whole rows of the grid that a picture can hold besides `around` of other parts; at least one. */
export function rowsThatFit(grid: TileGrid, size: { width: number; around: number; ratio: number }): number {
  const most = Math.min(MOST_PIXELS_HIGH / size.ratio, MOST_PIXELS / (size.width * size.ratio ** 2)) - size.around;
  const pitch = pitchOf(grid) + grid.header;
  return Math.min(Math.max(Math.floor((most + grid.gap) / pitch), 1), grid.down);
}

function below({ y, height }: Box): number {
  return y + height;
}
