/** What an exported page carries, and how it stands in the page: JSON in one block, each array in one of its own. */
import { count, fields, list, MAJOR, maybe, oneOf, record, text, versioned, type Narrow } from "../narrow";
import { parseProbesManifest, parseScalars, parseStepManifest, parseSteps } from "../parse";
import type { LinkValues } from "../pure/link_text";
import type { ProbesManifest, Scalars, StepManifest, Steps } from "../types";
import type { PackedShape } from "./packing";

export const DATA_BLOCK = "cnnviz-page";

export interface PageData {
  readonly steps: Steps;
  /** By file. */
  readonly manifests: Readonly<Record<string, StepManifest>>;
  readonly probes: Readonly<Record<string, ProbesManifest>>;
  readonly scalars: Scalars;
  /** By `arrayKey`, the number of the block that holds it. */
  readonly arrays: Readonly<Record<string, PackedShape & { readonly block: number }>>;
  /** The number of the block of the sound, by the probe bundle's file. */
  readonly sounds: Readonly<Record<string, number>>;
  /** What the page shows first, as a link to it. */
  readonly view: LinkValues;
}

/** `name`: a member's name, or that of a layer whose numbers are meant. */
export function arrayKey(file: string, kind: "member" | "numbers", name: string): string {
  return JSON.stringify([file, kind, name]);
}

export function blockId(block: number): string {
  return `cnnviz-block-${block}`;
}

const NON_FINITE = new Map([
  [Infinity, "Infinity"],
  [-Infinity, "-Infinity"],
]);

/** JSON that no HTML can end: without any `<`, and with numbers that JSON lacks as the wire has them. */
export function createPageJson(data: PageData, licences: string): string {
  const versionOf = { version: [MAJOR, 0] };
  const wire = {
    ...versionOf,
    ...data,
    steps: { ...versionOf, ...data.steps },
    manifests: mapped(data.manifests, (manifest) => ({ ...versionOf, kind: "step", ...manifest })),
    probes: mapped(data.probes, (manifest) => ({ ...versionOf, kind: "probes", ...manifest })),
    scalars: { ...versionOf, ...data.scalars },
    view: Object.fromEntries(data.view),
    licences,
  };
  const json = JSON.stringify(wire, (_, value: unknown) => {
    if (typeof value !== "number" || Number.isFinite(value)) return value;
    return NON_FINITE.get(value) ?? "NaN";
  });
  return json.replaceAll("<", "\\u003c");
}

const packedShape: Narrow<PageData["arrays"][string]> = (value, where) => {
  const array = fields(value, where);
  return {
    type: oneOf<PackedShape["type"]>("u1", "f4")(array["type"], `${where}.type`),
    shape: list(count)(array["shape"], `${where}.shape`),
    block: count(array["block"], `${where}.block`),
  };
};

/** The inverse of `createPageJson`. */
export function parsePageJson(json: string): PageData {
  const top = versioned(JSON.parse(json), "page");
  return {
    steps: parseSteps(top["steps"]),
    manifests: record(parseStepManifest)(top["manifests"], "page.manifests"),
    probes: record(parseProbesManifest)(top["probes"], "page.probes"),
    scalars: parseScalars(top["scalars"]),
    arrays: record(packedShape)(top["arrays"], "page.arrays"),
    sounds: maybe(record(count))(top["sounds"], "page.sounds") ?? {},
    view: new Map(Object.entries(record(text)(top["view"], "page.view"))),
  };
}

function mapped<T, U>(byKey: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(byKey).map(([key, value]) => [key, change(value)]));
}
