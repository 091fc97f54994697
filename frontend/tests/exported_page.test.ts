import { expect, test } from "vitest";

import { collect, type Collected, type PageRequest } from "../src/export/collecting";
import { ExportedSource } from "../src/export/exported_source";
import { pack, unpack } from "../src/export/packing";
import { pageText } from "../src/export/page";
import { createPageJson, parsePageJson } from "../src/export/page_data";
import { pageLink } from "../src/export/page_link";
import { pageSize } from "../src/export/page_size";
import { loadStrip, loadWindows, type LayerPart } from "../src/layer_arrays";
import { GoldenSource, RUN } from "./golden_source";

const { signal } = new AbortController();
const quiet = () => undefined;

interface Made extends Collected {
  readonly source: GoldenSource;
  readonly page: ExportedSource;
  readonly request: PageRequest;
}

async function made(change: Partial<PageRequest> = {}): Promise<Made> {
  const source = new GoldenSource();
  source.logged = [0, 1, 2];
  const { steps, layout } = await source.steps(RUN);
  const clip = layout?.probes[0]?.name ?? "";
  const request: PageRequest = {
    run: RUN,
    clip,
    layers: new Set(layout?.layers.map(({ name }) => name)),
    windows: true,
    steps: steps.filter(({ step }) => step !== 1),
    scalars: { series: [{ run: "r", tag: "loss", points: [[0, 1, NaN] as const, [2, 2, Infinity] as const] }] },
    view: new Map([
      ["step", "2"],
      ["filter", "1"],
    ]),
    ...change,
  };
  const { data, blocks } = await collect(source, request, signal, quiet);
  const read = parsePageJson(createPageJson(data, "licences </script>"));
  return { source, page: new ExportedSource(read, (block) => blocks[block] ?? ""), data, blocks, request };
}

/** The page's and the log's part of one layer of the first clip at a step. */
async function parts(
  source: GoldenSource,
  page: ExportedSource,
  step: number,
  name: string,
): Promise<{ own: LayerPart; theirs: LayerPart }> {
  const part = async (of: GoldenSource | ExportedSource): Promise<LayerPart> => {
    const entry = (await of.steps(RUN)).steps.find((candidate) => candidate.step === step);
    const file = entry?.record?.bundle?.file ?? "";
    const manifest = await of.manifest(RUN, file);
    const { probes } = await of.probes(RUN, entry?.record?.probes ?? "");
    const layer = manifest.layout.layers.findIndex((candidate) => candidate.name === name);
    return { run: RUN, file, manifest, probe: 0, layer, times: probes[0]?.times ?? [] };
  };
  return { own: await part(page), theirs: await part(source) };
}

test("a page answers what its log would, for every layer and step that it holds", async () => {
  const { source, page } = await made();
  const { layout, steps } = await page.steps();
  expect(steps.map(({ step }) => step)).toEqual([0, 2]);
  expect(layout?.probes).toHaveLength(1);
  for (const { name, axes } of layout?.layers ?? []) {
    for (const step of [0, 2]) {
      const { own, theirs } = await parts(source, page, step, name);
      const [windows, wantedWindows] = [
        await loadWindows(page, own, signal, quiet),
        await loadWindows(source, theirs, signal, quiet),
      ];
      // Cloned, a Buffer is the Uint8Array that it is too.
      expect(structuredClone({ ...windows, layer: null })).toEqual(structuredClone({ ...wantedWindows, layer: null }));
      if (axes.length > 0 && theirs.manifest.responses[0]?.layers[theirs.layer]?.strip == null) continue;
      const [strip, wanted] = [
        await loadStrip(page, own, signal, quiet),
        await loadStrip(source, theirs, signal, quiet),
      ];
      expect(structuredClone({ ...strip, layer: null })).toEqual(structuredClone({ ...wanted, layer: null }));
    }
  }
});

test("a page shows first what it was told to", async () => {
  const { page } = await made();
  expect([...page.view]).toEqual([
    ["step", "2"],
    ["filter", "1"],
  ]);
});

test.each([
  ["another epoch of the page", { against: "epoch", "against-step": "1" }, true],
  ["an epoch that the page has not", { against: "epoch", "against-step": "3" }, false],
  ["another clip", { against: "clip", "against-clip": "b" }, false],
  ["another run", { against: "run", "against-run": "r" }, false],
])("of what a link names a page keeps what it holds: compared with %s", (_, compared, kept) => {
  const own = {
    run: "r",
    step: "4",
    view: "compare",
    layer: "conv",
    filter: "7",
    time: "1.5",
    loop: "1-2",
    since: "3",
  };
  const values = new Map(Object.entries({ ...own, ...compared, clips: "wrong", search: "flute" }));
  const link = pageLink(values, { steps: [0, 1], first: 1, order: "10:4:strip:a" });
  expect(Object.fromEntries(link)).toEqual({
    run: "r",
    step: "1",
    layer: "conv",
    filter: "7",
    time: "1.5",
    loop: "1-2",
    view: kept ? "compare" : "filters",
    order: "10:4:strip:a",
    ...(kept ? compared : {}),
  });
});

test("of some layers the others are gone, and places are their own", async () => {
  const whole = await made();
  const names = (await whole.page.steps()).layout?.layers.map(({ name }) => name) ?? [];
  const last = names.at(-1) ?? "";
  const { source, page } = await made({ layers: new Set([last]), windows: false });
  const { layout } = await page.steps();
  expect(layout?.layers.map(({ name }) => name)).toEqual([last]);
  expect(layout?.layers[0]?.first_filter).toBe(0);
  const { own, theirs } = await parts(source, page, 2, last);
  expect((await page.numbers(RUN, own.file, { probe: "", layer: last }, signal)).data).toEqual(
    (await source.numbers(RUN, theirs.file, { probe: layout?.probes[0]?.name ?? "", layer: last }, signal)).data,
  );
  await expect(page.numbers(RUN, own.file, { probe: "", layer: names[0] ?? "" }, signal)).rejects.toThrow(
    `This page does not hold layer ${names[0] ?? ""}`,
  );
});

test.each([
  ["all layers with single windows", { windows: true }],
  ["all layers", { windows: false }],
  ["one layer", { windows: false, layers: new Set(["conv/a<b>"]) }],
])("what a page is said to take is what it takes: %s", async (_, change) => {
  const { source, blocks, data, request } = await made(change);
  const code = "x".repeat(1000);
  const withPanel = Object.assign(source, { panelFile: () => Promise.resolve(code) });
  const told = await pageSize(withPanel, request, signal);
  const page = pageText({ title: "t", code, json: createPageJson(data, code), blocks, nonce: "n" }).join("");
  // Small as it is, its curves and tags count.
  expect(Math.abs(told - page.length)).toBeLessThan(0.05 * page.length + 4e3);
});

test("curves keep what JSON cannot say", async () => {
  const { page } = await made();
  expect((await page.scalars()).series[0]?.points).toEqual([
    [0, 1, NaN],
    [2, 2, Infinity],
  ]);
});

test("statistics over the steps are those of each, in their order", async () => {
  const { source, page } = await made();
  const { layout, steps } = await page.steps();
  const { name = "", filters = 0 } = layout?.layers[0] ?? {};
  const over = await page.overSteps(RUN, 2, "", name, signal);
  expect(over.shape).toEqual([2, filters, 6]);
  const probe = layout?.probes[0]?.name ?? "";
  for (const [at, { record }] of steps.entries()) {
    const numbers = await source.numbers(RUN, record?.bundle?.file ?? "", { probe, layer: name }, signal);
    for (let filter = 0; filter < filters; filter++) {
      expect(over.data[6 * (at * filters + filter) + 1]).toEqual(numbers.data[filters + filter]);
    }
  }
  expect((await page.overSteps(RUN, 0, "", name, signal)).shape).toEqual([1, filters, 6]);
});

test("nothing that data say ends a block of the page or begins another", () => {
  const worst = `</script><!--<script>alert(1)</script>"'&`;
  const page = pageText({
    title: worst,
    code: "const a = '</script>'; const b = '<!--', c = /<script/;",
    json: createPageJson(
      {
        steps: { run: worst, problem: null, layout: null, steps: [] },
        manifests: {},
        probes: {},
        scalars: { series: [] },
        arrays: {},
        sounds: {},
        view: new Map([["layer", worst]]),
      },
      worst,
    ),
    blocks: ["AAAA"],
    nonce: "n",
  }).join("");
  expect(page.match(/<script\b/g)).toHaveLength(3);
  expect(page.match(/<\/script/g)).toHaveLength(3);
  expect(page).not.toContain("<!--");
  const json = /<script type="application\/json"[^>]*>([^<]*)<\/script>/.exec(page)?.[1] ?? "";
  expect(parsePageJson(json).view.get("layer")).toBe(worst);
});

test("arrays are packed and unpacked unchanged; one that does not fit its shape is refused", async () => {
  const floats = { shape: [2, 3], data: Float32Array.from([1, -0, NaN, Infinity, 1e-40, 5]) };
  const { shape, text } = await pack(floats);
  expect(await unpack(shape, text)).toEqual(floats);
  const codes = { shape: [70_000], data: Uint8Array.from({ length: 70_000 }, (_, at) => at % 251) };
  const packed = await pack(codes);
  expect(await unpack(packed.shape, packed.text)).toEqual(codes);
  await expect(unpack({ type: "f4", shape: [3, 3] }, text)).rejects.toThrow("24 bytes");
});
