/** From the server's JSON to the types of types.ts. Throws WireError with the place that does not fit. */
import { WireError } from "./errors";
import {
  count,
  fields,
  finite,
  flag,
  integer,
  list,
  maybe,
  number,
  oneOf,
  pair,
  record,
  text,
  versioned,
  type Narrow,
} from "./narrow";
import type * as wire from "./types";

const detail = oneOf<wire.Detail>("windows", "strip", "summary");
const logs = record(number);

export function parseIndex(value: unknown): wire.Index {
  const top = versioned(value, "index");
  return {
    logdir: text(top["logdir"], "index.logdir"),
    runs: list((item, where) => {
      const run = fields(item, where);
      return {
        run: text(run["run"], `${where}.run`),
        last_step: integer(run["last_step"], `${where}.last_step`),
        wall_time: finite(run["wall_time"], `${where}.wall_time`),
      };
    })(top["runs"], "index.runs"),
  };
}

const cellAxis: Narrow<wire.CellAxis> = (value, where) => {
  const axis = fields(value, where);
  return {
    cells: count(axis["cells"], `${where}.cells`),
    centres: list(finite)(axis["centres"], `${where}.centres`),
    stride: finite(axis["stride"], `${where}.stride`),
    field: finite(axis["field"], `${where}.field`),
    approximate: flag(axis["approximate"], `${where}.approximate`),
  };
};

const maps: Narrow<wire.Maps> = (value, where) => {
  const layer = fields(value, where);
  return {
    shape: pair(count)(layer["shape"], `${where}.shape`),
    map_shape: pair(count)(layer["map_shape"], `${where}.map_shape`),
    time: maybe(cellAxis)(layer["time"], `${where}.time`),
    frequency: maybe(cellAxis)(layer["frequency"], `${where}.frequency`),
  };
};

const layerLayout: Narrow<wire.LayerLayout> = (value, where) => {
  const layer = fields(value, where);
  return {
    name: text(layer["name"], `${where}.name`),
    kind: text(layer["kind"], `${where}.kind`),
    filters: count(layer["filters"], `${where}.filters`),
    first_filter: count(layer["first_filter"], `${where}.first_filter`),
    axes: list(oneOf<wire.Axis>("frequency", "time"))(layer["axes"], `${where}.axes`),
    hertz: maybe(list(finite))(layer["hertz"], `${where}.hertz`),
    ...maps(value, where),
  };
};

const probeLayout: Narrow<wire.ProbeLayout> = (value, where) => {
  const probe = fields(value, where);
  return {
    name: text(probe["name"], `${where}.name`),
    identity: maybe(text)(probe["identity"], `${where}.identity`) ?? "",
    labels: list(text)(probe["labels"], `${where}.labels`),
    detail: detail(probe["detail"], `${where}.detail`),
    windows: count(probe["windows"], `${where}.windows`),
    first_window: count(probe["first_window"], `${where}.first_window`),
    grids: list(count)(probe["grids"], `${where}.grids`),
    maps: maybe(record(maps))(probe["maps"], `${where}.maps`) ?? {},
  };
};

const stripGrid: Narrow<wire.StripGrid> = (value, where) => {
  const grid = fields(value, where);
  const windows = list(count)(grid["windows"], `${where}.windows`);
  const columns = list(count)(grid["columns"], `${where}.columns`);
  const centres = list(finite)(grid["centres"], `${where}.centres`);
  if (windows.length !== columns.length || windows.length !== centres.length) {
    throw new WireError(
      `${where} has ${windows.length} windows, ${columns.length} columns, ${centres.length} centres: they should agree`,
    );
  }
  return {
    start: finite(grid["start"], `${where}.start`),
    step: finite(grid["step"], `${where}.step`),
    windows,
    columns,
    centres,
    approximate: flag(grid["approximate"], `${where}.approximate`),
  };
};

const layout: Narrow<wire.Layout> = (value, where) => {
  const top = fields(value, where);
  const layers = list(layerLayout)(top["layers"], `${where}.layers`);
  const probes = list(probeLayout)(top["probes"], `${where}.probes`);
  const grids = list(stripGrid)(top["grids"], `${where}.grids`);
  for (const probe of probes) {
    if (probe.grids.length !== layers.length || probe.grids.some((grid) => grid >= grids.length)) {
      throw new WireError(`${where}: the strip grids of probe ${JSON.stringify(probe.name)} do not fit the layers`);
    }
  }
  return {
    layers,
    output: maybe(text)(top["output"], `${where}.output`),
    classes: list(text)(top["classes"], `${where}.classes`),
    probes,
    grids,
  };
};

const bundleEntry: Narrow<wire.BundleEntry> = (value, where) => {
  const bundle = fields(value, where);
  return {
    file: text(bundle["file"], `${where}.file`),
    bytes: count(bundle["bytes"], `${where}.bytes`),
    arrays: record(pair(count))(bundle["arrays"], `${where}.arrays`),
  };
};

const stepRecord: Narrow<wire.StepRecord> = (value, where) => {
  const entry = fields(value, where);
  return {
    layout: text(entry["layout"], `${where}.layout`),
    bundle: maybe(bundleEntry)(entry["bundle"], `${where}.bundle`),
    probes: text(entry["probes"], `${where}.probes`),
    epoch: maybe(integer)(entry["epoch"], `${where}.epoch`),
    batch: maybe(integer)(entry["batch"], `${where}.batch`),
    logs: logs(entry["logs"], `${where}.logs`),
    why: maybe(text)(entry["why"], `${where}.why`),
  };
};

export function parseSteps(value: unknown): wire.Steps {
  const top = versioned(value, "steps");
  return {
    run: text(top["run"], "steps.run"),
    problem: maybe(text)(top["problem"], "steps.problem"),
    layout: maybe(layout)(top["layout"], "steps.layout"),
    steps: list((item, where) => {
      const entry = fields(item, where);
      return {
        step: integer(entry["step"], `${where}.step`),
        wall_time: finite(entry["wall_time"], `${where}.wall_time`),
        problem: maybe(text)(entry["problem"], `${where}.problem`),
        record: maybe(stepRecord)(entry["record"], `${where}.record`),
      };
    })(top["steps"], "steps.steps"),
  };
}

const member: Narrow<wire.Member> = (value, where) => {
  const entry = fields(value, where);
  return {
    name: text(entry["name"], `${where}.name`),
    bytes: count(entry["bytes"], `${where}.bytes`),
    inflated: count(entry["inflated"], `${where}.inflated`),
  };
};

const windowsMember: Narrow<wire.WindowsMember> = (value, where) => ({
  ...member(value, where),
  filters: pair(count)(fields(value, where)["filters"], `${where}.filters`),
});

const layerResponse: Narrow<wire.LayerResponse> = (value, where) => {
  const layer = fields(value, where);
  return {
    windows: maybe(list(windowsMember))(layer["windows"], `${where}.windows`) ?? [],
    strip: maybe(member)(layer["strip"], `${where}.strip`),
    envelope: maybe(member)(layer["envelope"], `${where}.envelope`),
    outside: maybe(member)(layer["outside"], `${where}.outside`),
  };
};

const probeResponse: Narrow<wire.ProbeResponse> = (value, where) => {
  const response = fields(value, where);
  return {
    kept: detail(response["kept"], `${where}.kept`),
    why: maybe(text)(response["why"], `${where}.why`),
    blocks: list(count)(response["blocks"], `${where}.blocks`),
    first_block: count(response["first_block"], `${where}.first_block`),
    layers: list(maybe(layerResponse))(response["layers"], `${where}.layers`),
  };
};

function versionedOfKind(value: unknown, kind: "step" | "probes"): Readonly<Record<string, unknown>> {
  const top = versioned(value, "manifest");
  oneOf(kind)(top["kind"], "manifest.kind");
  return top;
}

export function parseStepManifest(value: unknown): wire.StepManifest {
  const top = versionedOfKind(value, "step");
  return {
    step: integer(top["step"], "manifest.step"),
    epoch: maybe(integer)(top["epoch"], "manifest.epoch"),
    batch: maybe(integer)(top["batch"], "manifest.batch"),
    wall_time: finite(top["wall_time"], "manifest.wall_time"),
    logs: logs(top["logs"], "manifest.logs"),
    probes: text(top["probes"], "manifest.probes"),
    layout: layout(top["layout"], "manifest.layout"),
    responses: list(maybe(probeResponse))(top["responses"], "manifest.responses"),
    kernels: maybe(record(member))(top["kernels"], "manifest.kernels"),
  };
}

const audio: Narrow<wire.AudioEntry> = (value, where) => {
  const entry = fields(value, where);
  return {
    name: text(entry["name"], `${where}.name`),
    bytes: count(entry["bytes"], `${where}.bytes`),
    sample_rate: finite(entry["sample_rate"], `${where}.sample_rate`),
  };
};

const image: Narrow<wire.ImageEntry> = (value, where) => {
  const entry = fields(value, where);
  return {
    ...member(value, where),
    seconds: pair(finite)(entry["seconds"], `${where}.seconds`),
    hertz: maybe(list(finite))(entry["hertz"], `${where}.hertz`),
    title: text(entry["title"], `${where}.title`),
    unit: text(entry["unit"], `${where}.unit`),
  };
};

export function parseProbesManifest(value: unknown): wire.ProbesManifest {
  const top = versionedOfKind(value, "probes");
  return {
    probes: list((item, where) => {
      const probe = fields(item, where);
      return {
        name: text(probe["name"], `${where}.name`),
        labels: list(text)(probe["labels"], `${where}.labels`),
        detail: detail(probe["detail"], `${where}.detail`),
        metadata: maybe(fields)(probe["metadata"], `${where}.metadata`) ?? {},
        seconds: finite(probe["seconds"], `${where}.seconds`),
        times: list(pair(finite))(probe["times"], `${where}.times`),
        input_axes: maybe(list(text))(probe["input_axes"], `${where}.input_axes`),
        audio: maybe(audio)(probe["audio"], `${where}.audio`),
        waveform: maybe(member)(probe["waveform"], `${where}.waveform`),
        image: maybe(image)(probe["image"], `${where}.image`),
      };
    })(top["probes"], "manifest.probes"),
  };
}

const point: Narrow<wire.Point> = (value, where) => {
  const [step, wallTime, y] = list((item: unknown) => item)(value, where);
  return [integer(step, `${where}[0]`), finite(wallTime, `${where}[1]`), number(y, `${where}[2]`)];
};

export function parseScalars(value: unknown): wire.Scalars {
  const top = versioned(value, "scalars");
  return {
    series: list((item, where) => {
      const series = fields(item, where);
      return {
        run: text(series["run"], `${where}.run`),
        tag: text(series["tag"], `${where}.tag`),
        points: list(point)(series["points"], `${where}.points`),
      };
    })(top["series"], "scalars.series"),
  };
}
