/** One type scale, one spacing scale, one set of colours: stylesheets name tokens, and only what is of the epoch is orange. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { TEXT } from "../src/type_scale";

const SOURCES = join(import.meta.dirname, "../src");
const TOKENS = "styles/tokens.css";

interface Declaration {
  readonly file: string;
  readonly selector: string;
  readonly property: string;
  readonly value: string;
}

function filesOf(...endings: readonly string[]): readonly string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((file) =>
    endings.some((ending) => file.endsWith(ending)),
  );
}

function textOf(file: string): string {
  return readFileSync(join(SOURCES, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, "");
}

const plain = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

function declarationsOf(file: string): readonly Declaration[] {
  // Rules within @media too: the innermost braces hold the declarations.
  return [...textOf(file).matchAll(/([^{};]+)\{([^{}]*)\}/g)].flatMap(([, selector = "", body = ""]) =>
    body.split(";").flatMap((line) => {
      const [property = "", ...rest] = line.split(":");
      return rest.length === 0
        ? []
        : [{ file, selector: plain(selector), property: property.trim(), value: plain(rest.join(":")) }];
    }),
  );
}

const ALL = filesOf(".css").flatMap(declarationsOf);
const PLACED = ALL.filter(({ file, selector }) => file !== TOKENS || !selector.startsWith(":root"));
const tokens = new Map(
  ALL.filter(({ file, selector }) => file === TOKENS && selector.startsWith(":root"))
    .toReversed()
    .map(({ property, value }) => [property, value]),
);

const told = (those: readonly Declaration[]): readonly string[] =>
  those.map(({ file, selector, property, value }) => `${file}: ${selector} { ${property}: ${value} }`);

test("sizes of type are those of the scale", () => {
  const fonts = PLACED.filter(({ property }) => property === "font" || property === "font-size");
  expect(fonts.length).toBeGreaterThan(30);
  expect(told(fonts.filter(({ value }) => !/^inherit$|var\(--text-/.test(value) || /\d(px|em|%)/.test(value)))).toEqual(
    [],
  );
});

test("spaces are those of the scale; a pixel parts neighbours", () => {
  const spaces = PLACED.filter(({ property }) => /^(padding|margin|(row-|column-)?gap)/.test(property));
  const allowed = /^(0|auto|-?1px|var\(--space-\d\)|calc\(-1 \* var\(--space-\d\)\))$/;
  const parts = (value: string): readonly string[] => value.match(/calc\(.*\)$|[^ ]+/g) ?? [];
  expect(spaces.length).toBeGreaterThan(100);
  expect(told(spaces.filter(({ value }) => !parts(value).every((part) => allowed.test(part))))).toEqual([]);
});

test("colours are tokens", () => {
  const colour =
    /#[\da-f]{3,8}\b|\b(rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(|\b(white|black|gr[ae]y|red|orange|blue)\b/i;
  const named = (value: string): string => value.replaceAll(/var\([^)]*\)/g, "");
  expect(told(PLACED.filter(({ value }) => colour.test(named(value))))).toEqual([]);
  expect(tokens.size).toBeGreaterThan(40);
});

test("what is orange is of the epoch: its readout and buttons, its marks in curves and margins", () => {
  const orange = PLACED.filter(({ value }) => value.includes("--epoch"));
  expect(orange.length).toBeGreaterThan(5);
  expect(told(orange.filter(({ selector }) => !/\.epoch|^\.epoch-|^\.margin |^\.curve-line/.test(selector)))).toEqual(
    [],
  );
  const drawn = filesOf(".ts", ".tsx").filter((file) => textOf(file).includes('"--epoch'));
  expect(drawn.toSorted()).toEqual(["export/picture.ts", "views/curve_plot.ts"]);
});

describe("tokens", () => {
  test("are all used, and all that is used is there", () => {
    const everything = filesOf(".css", ".ts", ".tsx").map(textOf).join("\n");
    const used = new Set(
      [...everything.matchAll(/var\((--[\w-]+)/g), ...everything.matchAll(/"(--[\w-]+)"/g)].map((m) => m[1]),
    );
    expect([...tokens.keys()].filter((token) => token.startsWith("--") && !used.has(token))).toEqual([]);
    const set = new Set([...everything.matchAll(/(--[\w-]+)"?\]?:/g)].map((match) => match[1]));
    expect([...used].filter((token) => !set.has(token))).toEqual([]);
  });

  test("of type are those of canvases, which have no other", () => {
    for (const [name, size] of Object.entries(TEXT)) expect(tokens.get(`--text-${name}`)).toBe(`${size}px`);
    expect([...tokens.keys()].filter((token) => token.startsWith("--text-"))).toHaveLength(Object.keys(TEXT).length);
    const own = filesOf(".ts", ".tsx").filter((file) => /\dpx[^;\n]*(Roboto|sans-serif|FONT)/.test(textOf(file)));
    expect(own).toEqual([]);
  });
});
