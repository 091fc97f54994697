/** What exported files are called, and what stands in a picture about what it shows. */
import type { Order } from "../order";
import type { LayerScale } from "../pure/scale";
import type { MapName } from "../pure/colormap";
import { clockTime, count, number, SORT_WORDS, stepName } from "../words";

/** What an export is of. */
export interface Subject {
  readonly run: string;
  readonly layer: string;
  readonly clip: string;
  readonly step: number;
  /** Null where steps are epochs. */
  readonly batch: number | null;
}

const LONGEST_PART = 48;

/** Letters, digits, dots and underscores of a name: what any file system takes, and no folder. */
function plain(text: string): string {
  const kept = text.normalize("NFC").replaceAll(/[^\p{L}\p{N}._]+/gu, "-");
  const cut = Array.from(kept).slice(0, LONGEST_PART).join("");
  return cut.replaceAll(/^[-.]+|[-.]+$/g, "") || "unnamed";
}

/** The same for the same export: `run1-cnnviz-conv2-violin-epoch-12.png`. `layer` is null where all are meant. */
export function fileName({ run, clip, step, batch }: Subject, layer: string | null, extension: string): string {
  const when = step < 0 ? "before-training" : `${batch === null ? "epoch" : "step"}-${step}`;
  return `${[run, layer ?? "all layers", clip].map(plain).join("-")}-${when}.${extension}`;
}

export interface Heading {
  /** In capitals and in the colour of epochs. */
  readonly epoch: string;
  readonly parts: readonly string[];
}

export function heading({ run, layer, clip, step, batch }: Subject, filters: number): Heading {
  const parts = [`layer ${layer}, ${count(filters, "filter")}`, `clip ${clip}`, `run ${run}`];
  return { epoch: stepName(step, batch).toUpperCase(), parts };
}

export function scaleParts(scale: LayerScale, colours: MapName, order: Order | null): readonly string[] {
  const { mode, acrossEpochs, lowest, highest, divisors } = scale;
  const range = `${acrossEpochs ? "all epochs" : "layer"} ${number(lowest)} to ${number(highest)}`;
  return [
    mode === "layer" ? `scale per layer, ±${number(divisors[0] ?? 0)}` : "scale per filter",
    range,
    colours,
    ...(order === null
      ? []
      : [`sorted by ${order.about === null ? SORT_WORDS[order.sort] : `what goes with ${order.about}`}`]),
  ];
}

/** `window` counts from 0; null without windows. */
export function momentWords(time: number, duration: number, window: number | null, windows: number): string {
  const clock = `${clockTime(time)} / ${clockTime(duration)}`;
  return window === null ? clock : `${clock}  ·  window ${window + 1} of ${windows}`;
}

/** Joins parts into as few lines as they need; what is wider than a line goes on in the next one, word by word. */
export function wrapped(parts: readonly string[], room: number, widthOf: (text: string) => number): readonly string[] {
  const lines: string[] = [];
  const add = (text: string, between: string): void => {
    const last = lines.at(-1);
    const longer = last === undefined ? text : `${last}${between}${text}`;
    if (last !== undefined && widthOf(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(text);
  };
  for (const part of parts) {
    const [first = "", ...rest] = widthOf(part) <= room ? [part] : part.split(" ");
    add(first, "  ·  ");
    for (const word of rest) add(word, " ");
  }
  return lines;
}
