import { expect, test } from "vitest";

import { fileName, momentWords, wrapped } from "../src/export/names";

const SUBJECT = { run: "exp1/cnnviz", layer: "conv2", clip: "violin", step: 12, batch: null };

test.each([
  [SUBJECT, "exp1-cnnviz-conv2-violin-epoch-12.png"],
  [{ ...SUBJECT, step: -1 }, "exp1-cnnviz-conv2-violin-before-training.png"],
  [{ ...SUBJECT, step: 1200, batch: 3 }, "exp1-cnnviz-conv2-violin-step-1200.png"],
  [{ ...SUBJECT, run: ".", clip: "../../etc/passwd" }, "unnamed-conv2-etc-passwd-epoch-12.png"],
  [
    { ...SUBJECT, clip: "</script><img src=x onerror='a'>" },
    "exp1-cnnviz-conv2-script-img-src-x-onerror-a-epoch-12.png",
  ],
  [{ ...SUBJECT, clip: 'C:\\x|y*?"\u0000\u202e.' }, "exp1-cnnviz-conv2-C-x-y-epoch-12.png"],
  [{ ...SUBJECT, clip: "ho\u0308he 音" }, "exp1-cnnviz-conv2-höhe-音-epoch-12.png"],
])("a file's name holds what it is of and nothing that a file system minds: %j", (subject, name) => {
  expect(fileName(subject, subject.layer, "png")).toBe(name);
});

test("no part of a file's name is long, whatever it is of", () => {
  const name = fileName({ ...SUBJECT, clip: "x".repeat(500) }, null, "html");
  expect(name).toBe(`exp1-cnnviz-all-layers-${"x".repeat(48)}-epoch-12.html`);
});

test("the moment is told with its window, where there is one", () => {
  expect(momentWords(1.287, 3, 9, 22)).toBe("0:01.28 / 0:03.00  ·  window 10 of 22");
  expect(momentWords(0, 3, null, 0)).toBe("0:00.00 / 0:03.00");
});

test("parts are joined while they fit a line, and none is lost", () => {
  const width = (text: string): number => text.length;
  expect(wrapped(["aaa", "bbb", "ccccc", "d"], 12, width)).toEqual(["aaa  ·  bbb", "ccccc  ·  d"]);
  expect(wrapped(["a", "longer than a line", "b"], 8, width)).toEqual(["a", "longer", "than a", "line", "b"]);
  expect(wrapped(["unbreakable", "b"], 8, width)).toEqual(["unbreakable", "b"]);
  expect(wrapped([], 8, width)).toEqual([]);
});
