import { expect, test } from "vitest";

import { readLink, writeLink } from "../src/pure/link_text";

const VALUES = new Map([
  ["run", "exp 1/cnnviz"],
  ["clip", "a&b=c#d%é"],
  ["step", "-1"],
]);

test.each(["http://host/#cnnviz", "http://host/prefix/?darkMode=true#scalars", "http://host/", "http://host/#"])(
  "what is written behind %s is read back",
  (address) => {
    const link = writeLink(address, VALUES);
    expect(link.split("#")).toHaveLength(2);
    expect(link.startsWith(address.split("#")[0] ?? "")).toBe(true);
    expect(link).toContain("#cnnviz&");
    expect(readLink(new URL(link).hash)).toEqual(VALUES);
  },
);

test("a link takes the place of the one before, and leaves what others wrote", () => {
  const first = writeLink("http://host/#scalars&tagFilter=loss&p.cnnviz.gone=1&p.other.x=2", VALUES);
  const second = writeLink(first, new Map([["step", "3"]]));
  expect(second).toBe("http://host/#cnnviz&tagFilter=loss&p.other.x=2&p.cnnviz.step=3");
});

test("what cannot be read is given as it is written", () => {
  expect(readLink("#cnnviz&p.cnnviz.clip=%E9&p.cnnviz.step=2&p.cnnviz.x")).toEqual(
    new Map([
      ["clip", "%E9"],
      ["step", "2"],
    ]),
  );
  expect(readLink("")).toEqual(new Map());
});
