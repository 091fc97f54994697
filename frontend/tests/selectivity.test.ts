import { describe, expect, test } from "vitest";

import { classResponses, selectivity, whyNotSelective } from "../src/pure/selectivity";

const clips = (...labels: (readonly string[])[]) => labels.map((own) => ({ labels: own }));

describe("the class selectivity index", () => {
  test.each<[string, readonly number[], number, string]>([
    ["one class alone", [3, 0, 0], 1, "a"],
    ["all classes alike", [2, 2, 2], 0, "a"],
    ["between", [1, 4, 1], 3 / 5, "b"],
    ["the mean of all other classes", [1, 6, 3], (6 - 2) / (6 + 2), "b"],
    ["below zero counts as nothing", [-5, 2, -1], 1, "b"],
  ])("%s", (_, means, index, preferred) => {
    const responses = classResponses(clips(["a"], ["b"], ["c"]), means, 1);
    const found = selectivity(responses);
    expect(found.index[0]).toBeCloseTo(index, 9);
    expect(found.preferred).toEqual([preferred]);
  });

  test("is absent for a filter that answers to no class", () => {
    expect(selectivity(classResponses(clips(["a"], ["b"]), [0, 1, -1, 0], 2)).index).toEqual(Float64Array.of(NaN, 1));
  });
});

describe("responses to classes", () => {
  test("are means over a class's clips; a clip of several labels counts for each, one without for none", () => {
    const probes = clips(["a"], ["a", "b"], [], ["b"]);
    // [probes, filters]
    const { classes, clips: count, means } = classResponses(probes, [1, 10, 3, 30, 100, 100, 5, -50], 2);
    expect(classes).toEqual(["a", "b"]);
    expect(count).toEqual([2, 2]);
    expect([...means]).toEqual([2, 4, 20, 15]);
  });

  test("leave out clips that were not logged, and a class of which none was", () => {
    const { classes, clips: count, means } = classResponses(clips(["a"], ["b"], ["a"], ["c"]), [1, NaN, 3, 2], 1);
    expect(classes).toEqual(["a", "c"]);
    expect(count).toEqual([2, 1]);
    expect([...means]).toEqual([2, 2]);
    // A filter without a finite value on one clip is judged by the others.
    expect([...classResponses(clips(["a"], ["a"]), [NaN, 1, 4, 3], 2).means]).toEqual([4, 2]);
  });

  test("compare clips where a class has fewer than five", () => {
    const labels = (each: number) => clips(...["a", "b"].flatMap((name) => Array.from({ length: each }, () => [name])));
    expect(classResponses(labels(4), new Float32Array(8).fill(1), 1).comparesClips).toBe(true);
    expect(classResponses(labels(5), new Float32Array(10).fill(1), 1).comparesClips).toBe(false);
  });
});

test("there must be two classes", () => {
  expect(whyNotSelective(clips(["a"], ["a"], []))).toContain("two classes");
  expect(whyNotSelective(clips(["a"], ["a"], []))).not.toContain("page");
  expect(whyNotSelective(clips(["a"]), true)).toContain("this page holds one clip");
  expect(whyNotSelective(clips(["a", "b"]))).toBeNull();
});
