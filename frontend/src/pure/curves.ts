/**
 * Training curves: the logs of our records, and where they have no value the scalars of Keras's own runs. (Those are written out
 * late, and a second training into the same directory mixes its own among them: the logs alone surely belong to the maps.)
 * "train/epoch_loss" is the logs' "loss", "validation/epoch_loss" their "val_loss". Any other scalar of the sibling runs goes by
 * its tag.
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
  /** A loss or a metric as Keras or the records name them; else any other scalar that has its place on the axis. */
  readonly metric: boolean;
  readonly lines: readonly CurveLine[];
}

/** Titles of the two panes; null for the one that stands there at first. */
export type CurveChoice = readonly [first: string | null, second: string | null];

interface Sample {
  readonly pane: string;
  readonly metric: boolean;
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

/** Where scalars can stand: how far their steps may reach that count epochs, and batches where the run was logged by these. */
interface Axis {
  readonly steps: readonly StepEntry[];
  readonly epochs: number;
  readonly batches: number | null;
}

/**
 * All quantities: loss first, then accuracies, the other metrics by name, learning rates, and all other scalars by name. Without
 * a number there is no pane.
 */
export function trainingPanes(series: readonly Series[], steps: readonly StepEntry[]): readonly Pane[] {
  const axis = axisOf(series, steps);
  const samples = [...series.flatMap((curve) => samplesOfSeries(curve, axis)), ...samplesOfLogs(steps)];
  const metrics = new Set(samples.flatMap(({ pane, metric }) => (metric ? [pane] : [])));
  const rank = (title: string): number => rankOf(title, metrics.has(title));
  const titles = [...new Set(samples.map(({ pane }) => pane))].sort(
    (a, b) => rank(a) - rank(b) || a.localeCompare(b, "en"),
  );
  return titles.map((title) => ({
    title,
    metric: metrics.has(title),
    lines: linesOf(samples.filter(({ pane }) => pane === title)),
  }));
}

function rankOf(title: string, metric: boolean): number {
  if (title === "loss") return 0;
  if (title.includes("accuracy") || title === "acc") return 1;
  if (title.includes("learning_rate") || title === "lr") return 3;
  return metric ? 2 : 4;
}

function axisOf(series: readonly Series[], steps: readonly StepEntry[]): Axis {
  const logged = steps.map(({ step }) => step);
  const ofScalars = series.flatMap(({ tag, points }) => (tag.startsWith(EPOCH) ? points.map(([step]) => step) : []));
  const byBatches = steps.some(({ record }) => record !== null && record.batch !== null);
  const ofRecords = byBatches ? steps.flatMap(({ record }) => record?.epoch ?? []) : logged;
  return { steps, epochs: reach([...ofRecords, ...ofScalars]), batches: byBatches ? reach(logged) : null };
}

/** The next step at the latest: what is under way has its scalars before it is logged. */
function reach(steps: readonly number[]): number {
  const sorted = [...steps].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((step, index) => step - (sorted[index] ?? step));
  return (sorted.at(-1) ?? -1) + gaps.reduce((most, gap) => Math.max(most, gap), 1);
}

/** What a scalar's steps count: its name tells, or else how far they reach. Null where they have no place on the axis. */
function unitOf({ tag, points }: Series, { epochs, batches }: Axis): "epochs" | "batches" | null {
  if (tag.startsWith(EPOCH)) return "epochs";
  if (tag.startsWith(BATCH)) return batches === null ? null : "batches";
  const last = points.reduce((most, [step]) => Math.max(most, step), -Infinity);
  if (last <= epochs) return "epochs";
  return batches !== null && last <= batches ? "batches" : null;
}

function samplesOfSeries(curve: Series, axis: Axis): Sample[] {
  const unit = unitOf(curve, axis);
  if (unit === null) return [];
  const { run, tag, points } = curve;
  const prefix = [EPOCH, BATCH].find((each) => tag.startsWith(each)) ?? "";
  return points.flatMap((point): Sample | readonly [] => {
    // Epochs are no place on an axis of batches: such a scalar stands where its epoch ended.
    const step = unit === "epochs" && axis.batches !== null ? lastBatchOf(point, axis.steps) : point[0];
    if (step === null) return [];
    return {
      pane: tag.slice(prefix.length),
      metric: prefix !== "",
      line: run.split("/").at(-1) ?? run,
      step,
      wallTime: point[1],
      value: point[2],
      own: false,
    };
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
      const line = validation ? "validation" : "train";
      return { pane, metric: true, line, step, wallTime: wall_time, value, own: true };
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

/** The two panes to show: those asked for, where they are there, or else the first of all others. */
export function shownPanes(panes: readonly Pane[], [first, second]: CurveChoice): readonly Pane[] {
  const wanted = panes.find(({ title }) => title === second);
  const left = panes.find(({ title }) => title === first) ?? panes.find((pane) => pane !== wanted) ?? wanted;
  const right = wanted !== left ? wanted : undefined;
  return [left, right ?? panes.find((pane) => pane !== left)].filter((pane) => pane !== undefined);
}

/** The choice after `title` was chosen for one of the panes shown: what stood in the other makes room by changing places. */
export function choiceOf(shown: readonly Pane[], place: 0 | 1, title: string): CurveChoice {
  const [first = null, second = null] = shown.map((pane) => pane.title);
  if (place === 0) return [title, second === title ? first : second];
  return [first === title ? second : first, title];
}

/** A line's value at a step; null where it has none. */
export function valueAt({ points }: CurveLine, step: number): number | null {
  return points.find(([at]) => at === step)?.[1] ?? null;
}
