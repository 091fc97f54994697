/**
 * Training curves: the logs of our records, and where they have no value the scalars of Keras's own runs. (Those are written out
 * late, and a second training into the same directory mixes its own among them: the logs alone surely belong to the maps.)
 * "train/epoch_loss" is the logs' "loss", "validation/epoch_loss" their "val_loss".
 */
import type { Point, Series, StepEntry } from "../types";

export interface CurveLine {
  /** "train", "validation", or the run's last name. */
  readonly name: string;
  /** Step and value, steps ascending. */
  readonly points: readonly (readonly [step: number, value: number])[];
}

/** One quantity, such as "loss", with a line for each run that has it. */
export interface Pane {
  readonly title: string;
  readonly lines: readonly CurveLine[];
}

interface Sample {
  readonly pane: string;
  readonly line: string;
  readonly step: number;
  readonly wallTime: number;
  readonly value: number;
  /** Of our own record. */
  readonly own: boolean;
}

const EPOCH = "epoch_";
const BATCH = "batch_";
const VALIDATION = "val_";

/** All quantities: loss first, then the others by name, learning rates last. Without a number there is no pane. */
export function trainingPanes(series: readonly Series[], steps: readonly StepEntry[]): readonly Pane[] {
  const byBatches = steps.some(({ record }) => record !== null && record.batch !== null);
  const samples = [...series.flatMap((curve) => samplesOfSeries(curve, steps, byBatches)), ...samplesOfLogs(steps)];
  const titles = [...new Set(samples.map(({ pane }) => pane))].sort(
    (a, b) => rankOf(a) - rankOf(b) || a.localeCompare(b, "en"),
  );
  return titles.map((title) => ({ title, lines: linesOf(samples.filter(({ pane }) => pane === title)) }));
}

function rankOf(title: string): number {
  if (title === "loss") return 0;
  if (title.includes("accuracy") || title === "acc") return 1;
  return title.includes("learning_rate") || title === "lr" ? 3 : 2;
}

function samplesOfSeries({ run, tag, points }: Series, steps: readonly StepEntry[], byBatches: boolean): Sample[] {
  const line = run.split("/").at(-1) ?? run;
  const sample = (prefix: string, step: number, [, wallTime, value]: Point): Sample => ({
    pane: tag.slice(prefix.length),
    line,
    step,
    wallTime,
    value,
    own: false,
  });
  if (tag.startsWith(BATCH) && byBatches) return points.map((point) => sample(BATCH, point[0], point));
  if (!tag.startsWith(EPOCH)) return [];
  if (!byBatches) return points.map((point) => sample(EPOCH, point[0], point));
  // Epochs are no place on an axis of batches: such a scalar stands where its epoch ended.
  return points.flatMap((point) => {
    const ended = lastBatchOf(point, steps);
    return ended === null ? [] : [sample(EPOCH, ended, point)];
  });
}

function lastBatchOf([epoch, wallTime]: Point, steps: readonly StepEntry[]): number | null {
  const own = steps.findLast(({ record }) => record?.epoch === epoch);
  return (own ?? steps.findLast((entry) => entry.wall_time <= wallTime))?.step ?? null;
}

function samplesOfLogs(steps: readonly StepEntry[]): Sample[] {
  return steps.flatMap(({ step, wall_time, record }) =>
    Object.entries(record?.logs ?? {}).map(([key, value]) => {
      const validation = key.startsWith(VALIDATION);
      const pane = validation ? key.slice(VALIDATION.length) : key;
      return { pane, line: validation ? "validation" : "train", step, wallTime: wall_time, value, own: true };
    }),
  );
}

function outranks(sample: Sample, other: Sample): boolean {
  return sample.own === other.own ? sample.wallTime > other.wallTime : sample.own;
}

function linesOf(samples: readonly Sample[]): readonly CurveLine[] {
  const lines = new Map<string, Map<number, Sample>>();
  for (const sample of samples) {
    const line = lines.get(sample.line) ?? new Map<number, Sample>();
    lines.set(sample.line, line);
    const known = line.get(sample.step);
    if (known === undefined || outranks(sample, known)) line.set(sample.step, sample);
  }
  return [...lines]
    .map(([name, line]) => ({
      name,
      points: [...line.values()]
        .sort((a, b) => a.step - b.step)
        .map(({ step, value }): readonly [number, number] => [step, value]),
    }))
    .sort((a, b) => (a.name === "train" ? -1 : b.name === "train" ? 1 : a.name.localeCompare(b.name, "en")));
}

/** The two panes to show: loss, and the one asked for or else the first other. */
export function shownPanes(panes: readonly Pane[], wanted: string | null): readonly Pane[] {
  const [first, ...others] = panes;
  const second = others.find(({ title }) => title === wanted) ?? others[0];
  return [first, second].filter((pane) => pane !== undefined);
}

/** A line's value at a step; null where it has none. */
export function valueAt({ points }: CurveLine, step: number): number | null {
  return points.find(([at]) => at === step)?.[1] ?? null;
}

/** First and last step that the curves and the logged steps reach; null without any. */
export function stepRange(panes: readonly Pane[], logged: readonly number[]): readonly [number, number] | null {
  let [first, last] = [Infinity, -Infinity];
  const include = (step: number): void => {
    first = Math.min(first, step);
    last = Math.max(last, step);
  };
  logged.forEach(include);
  for (const { points } of panes.flatMap(({ lines }) => lines)) for (const [step] of points) include(step);
  return first > last ? null : [first, last];
}

/** Columns as uPlot wants them: steps ascending, then each line's values; null where it has none or one that is not finite. */
export function alignedColumns(pane: Pane): [number[], ...(number | null)[][]] {
  const steps = [...new Set(pane.lines.flatMap(({ points }) => points.map(([step]) => step)))].sort((a, b) => a - b);
  const columns = pane.lines.map(({ points }) => {
    const values = new Map(points);
    return steps.map((step) => {
      const value = values.get(step);
      return value !== undefined && Number.isFinite(value) ? value : null;
    });
  });
  return [steps, ...columns];
}

/** The logged step nearest to a place on the axis, the earlier of two; null without any. */
export function nearestLogged(logged: readonly number[], at: number): number | null {
  let nearest: number | null = null;
  for (const step of logged) {
    if (nearest === null || Math.abs(step - at) < Math.abs(nearest - at)) nearest = step;
  }
  return nearest;
}

/** Where the axis is labelled: -1 ("before training") and multiples of `increment`, none so near to -1 that the labels meet. */
export function labelledSteps(
  [first, last]: readonly [number, number],
  increment: number,
  least: number,
): readonly number[] {
  const whole = Math.max(Math.round(increment), 1);
  const start = Math.ceil(Math.max(first, 0) / whole) * whole;
  const regular: number[] = [];
  for (let step = start; step <= last; step += whole) if (first >= 0 || step + 1 >= least) regular.push(step);
  return first < 0 ? [-1, ...regular] : regular;
}
