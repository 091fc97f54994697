/** What stands beside and below the input's tracks, and where: on the page and in pictures alike. Places are CSS pixels. */
import type { Panel } from "./panel";
import { hertzToCell } from "./pure/axes";
import { LINE, placeLabels } from "./pure/labels";
import { argmax, meanScores } from "./pure/predict";
import { ticks, timeToX } from "./pure/timing";
import type { Edges } from "./types";
import { hertzTick } from "./words";

const HERTZ = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];

export interface AxisLabel {
  readonly text: string;
  /** Of the label's middle, from the axis's top or left. */
  readonly at: number;
}

export function hertzLabels({ data }: Panel, height: number): readonly AxisLabel[] {
  const hertz = data.probe.value?.image?.hertz ?? [];
  const labels = HERTZ.map((frequency) => ({
    text: hertzTick(frequency),
    at: height * (1 - (hertzToCell(frequency, hertz) + 0.5) / hertz.length),
  }));
  return placeLabels(labels.reverse(), height);
}

export interface ClassLabel extends AxisLabel {
  readonly name: string;
  /** True for a class that is among the clip's labels. */
  readonly label: boolean;
}

/** All classes where there is room, else the true ones and the one that the clip was taken for. */
export function classLabels({ derived, state }: Panel, height: number): readonly ClassLabel[] {
  const predictions = derived.predictions.value;
  const classes = predictions?.classes ?? [];
  const own = state.clip.value?.labels ?? [];
  const best = predictions === null ? null : argmax(meanScores(predictions));
  const rank = (name: string, index: number): number => (own.includes(name) ? 0 : index === best ? 1 : 2);
  const labels = classes
    .map((name, index) => ({ name, rank: rank(name, index), at: (height * (index + 0.5)) / classes.length }))
    .map((label) => ({ ...label, kept: label.rank < 2 }))
    .sort((a, b) => a.rank - b.rank);
  const all = height / classes.length >= LINE - 2;
  const placed = placeLabels(
    labels.filter(({ kept }) => all || kept),
    height,
  );
  return placed.map(({ name, at, rank: own }) => ({
    name,
    at,
    label: own === 0,
    text: own === 0 ? labelText(name) : name,
  }));
}

/** How a class that is among the clip's labels is named. */
export function labelText(name: string): string {
  return `▸${name}`;
}

export function secondLabels(seconds: Edges, width: number): readonly AxisLabel[] {
  return ticks([0, seconds[1]], Math.max(2, width / 70)).map((tick) => ({
    text: `${tick} s`,
    at: timeToX(tick, seconds, width),
  }));
}
