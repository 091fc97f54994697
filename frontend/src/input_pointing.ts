/** What the input says where it is pointed at, in words. */
import type { NpyArray } from "./pure/npy";
import { asFloats } from "./pure/npy";
import type { Predictions } from "./pure/predict";
import { windowAt, xToTime } from "./pure/timing";
import type { Edges, ImageEntry } from "./types";
import { hertz as hertzText, number, score, seconds as secondsText } from "./words";

/** A place on one of the tracks, as fractions from its top left. */
export interface InputPoint {
  readonly track: "spectrogram" | "classes";
  readonly x: number;
  readonly y: number;
}

type Place = Pick<InputPoint, "x" | "y">;

const GAP = "  ·  ";

/** Null where there is no class. Windows' boxes meet half-way between their centres: the nearest centre is the box. */
export function readClasses(
  { classes, scores, windows }: Predictions,
  { times, seconds }: { readonly times: readonly Edges[]; readonly seconds: Edges },
  { x, y }: Place,
): string | null {
  const index = Math.floor(y * classes.length);
  const name = classes[index];
  const at = xToTime(x, seconds, 1);
  const window = windowAt(times.slice(0, windows), at);
  if (name === undefined || window === null) return null;
  const value = scores[window * classes.length + index] ?? NaN;
  const said = Number.isNaN(value) ? "no score" : score(value);
  return [`${name} ${said}`, `window ${window + 1} of ${windows}`, secondsText(at)].join(GAP);
}

/** Null outside the image. Without frequencies rows are told by their number, from the lowest. */
export function readSpectrogram(image: NpyArray, entry: ImageEntry, { x, y }: Place): string | null {
  const [rows = 0, columns = 0] = image.shape;
  const column = Math.floor(x * columns);
  const row = rows - 1 - Math.floor(y * rows);
  if (column < 0 || column >= columns || row < 0 || row >= rows) return null;
  const value = number(asFloats(image, [rows, columns])[row * columns + column] ?? NaN);
  const frequency = entry.hertz?.[row];
  return [
    frequency === undefined ? `row ${row}` : hertzText(frequency),
    secondsText(xToTime((column + 0.5) / columns, entry.seconds, 1)),
    entry.unit === "" ? value : `${value} ${entry.unit}`,
  ].join(GAP);
}
