/** The wire, as in server/http_api.md. Seconds are of the clip; a "cell" is a column or row of the model's input; row 0 is lowest. */

export type Version = readonly [major: number, minor: number];
/** Start and end: outer edges in seconds. */
export type Edges = readonly [start: number, end: number];
export type Axis = "frequency" | "time";
export type Detail = "windows" | "strip" | "summary";

export interface RunEntry {
  readonly run: string;
  readonly last_step: number;
  readonly wall_time: number;
}

export interface Index {
  readonly logdir: string;
  readonly runs: readonly RunEntry[];
}

/** Where a layer's columns or rows lie, in input cells: 0 is the first cell's centre. */
export interface CellAxis {
  readonly cells: number;
  readonly centres: readonly number[];
  readonly stride: number;
  readonly field: number;
  readonly approximate: boolean;
}

export interface LayerLayout {
  readonly name: string;
  readonly kind: string;
  readonly filters: number;
  readonly first_filter: number;
  readonly axes: readonly Axis[];
  readonly shape: readonly [frequency: number, time: number];
  readonly map_shape: readonly [frequency: number, time: number];
  readonly time: CellAxis | null;
  readonly frequency: CellAxis | null;
  /** Centre frequency of each of `frequency.cells` where the network itself makes them; else they are the input's. */
  readonly hertz: readonly number[] | null;
}

/** Shape and place of a layer's maps. */
export type Maps = Pick<LayerLayout, "shape" | "map_shape" | "time" | "frequency">;

export interface ProbeLayout {
  readonly name: string;
  /** Equal where the clip is the same: a name may be given to another. */
  readonly identity: string;
  readonly labels: readonly string[];
  readonly detail: Detail;
  readonly windows: number;
  readonly first_window: number;
  /** The strip grid of each layer, as an index into `Layout.grids`. */
  readonly grids: readonly number[];
  /** By layer index, where this probe's maps differ from the layer's own. */
  readonly maps: Readonly<Record<string, Maps>>;
}

/** The strip law: column `i` stands at `start + (i + 1/2) * step` seconds and shows `columns[i]` of `windows[i]`. */
export interface StripGrid {
  readonly start: number;
  readonly step: number;
  readonly windows: readonly number[];
  readonly columns: readonly number[];
  readonly centres: readonly number[];
  readonly approximate: boolean;
}

export interface Layout {
  readonly layers: readonly LayerLayout[];
  readonly output: string | null;
  readonly classes: readonly string[];
  readonly probes: readonly ProbeLayout[];
  readonly grids: readonly StripGrid[];
}

/** Offset and length in bytes. */
export type Place = readonly [offset: number, bytes: number];
export type PlainArray = "statistics" | "predictions" | "ranges";
export type Logs = Readonly<Record<string, number>>;

export interface BundleEntry {
  readonly file: string;
  readonly bytes: number;
  readonly arrays: Readonly<Partial<Record<PlainArray, Place>>>;
}

export interface StepRecord {
  readonly layout: string;
  readonly bundle: BundleEntry | null;
  readonly probes: string;
  readonly epoch: number | null;
  readonly batch: number | null;
  readonly logs: Logs;
  /** The limit that left no room for a bundle. */
  readonly why: string | null;
}

export interface StepEntry {
  readonly step: number;
  readonly wall_time: number;
  readonly problem: string | null;
  readonly record: StepRecord | null;
}

export interface Steps {
  readonly run: string;
  readonly problem: string | null;
  readonly layout: Layout | null;
  readonly steps: readonly StepEntry[];
}

/** A gzipped array of a bundle: bytes on the wire, and once inflated. */
export interface Member {
  readonly name: string;
  readonly bytes: number;
  readonly inflated: number;
}

export interface WindowsMember extends Member {
  /** First and one past the last filter of this chunk. */
  readonly filters: readonly [first: number, end: number];
}

export interface LayerResponse {
  readonly windows: readonly WindowsMember[];
  readonly strip: Member | null;
  readonly envelope: Member | null;
  /** Null of layers of which strips leave no cell out, and in bundles from before it was kept. */
  readonly outside: Member | null;
}

export interface ProbeResponse {
  readonly kept: Detail;
  readonly why: string | null;
  /** Block `b` holds windows `blocks[b]` to `blocks[b + 1] - 1`. */
  readonly blocks: readonly number[];
  /** Row of block 0 in `ranges.npy`. */
  readonly first_block: number;
  readonly layers: readonly (LayerResponse | null)[];
}

export interface StepManifest {
  readonly step: number;
  readonly epoch: number | null;
  readonly batch: number | null;
  readonly wall_time: number;
  readonly logs: Logs;
  readonly probes: string;
  readonly layout: Layout;
  readonly responses: readonly (ProbeResponse | null)[];
  /** By layer index, of those layers whose kernels are kept; null in bundles from before any were. */
  readonly kernels: Readonly<Record<string, Member>> | null;
}

export interface AudioEntry {
  readonly name: string;
  readonly bytes: number;
  readonly sample_rate: number;
}

export interface ImageEntry extends Member {
  /** Outer edges of the whole image. */
  readonly seconds: Edges;
  /** Centre frequency of each row. */
  readonly hertz: readonly number[] | null;
  readonly title: string;
  readonly unit: string;
}

export interface ProbeEntry {
  readonly name: string;
  readonly labels: readonly string[];
  readonly detail: Detail;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly seconds: number;
  /** Outer edges of each window. */
  readonly times: readonly Edges[];
  readonly input_axes: readonly string[] | null;
  readonly audio: AudioEntry | null;
  readonly waveform: Member | null;
  readonly image: ImageEntry | null;
}

export interface ProbesManifest {
  readonly probes: readonly ProbeEntry[];
}

export type Point = readonly [step: number, wallTime: number, value: number];

export interface Series {
  readonly run: string;
  readonly tag: string;
  readonly points: readonly Point[];
}

export interface Scalars {
  readonly series: readonly Series[];
}
