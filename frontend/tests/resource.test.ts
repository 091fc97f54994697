import { signal } from "@preact/signals";
import { expect, test } from "vitest";

import { createLoader, latest, type Wanted } from "../src/resource";

interface Answer {
  resolve: (value: string) => void;
  reject: (error: unknown) => void;
  abort: AbortSignal;
}

function scripted() {
  const answers = new Map<string, Answer[]>();
  const wanted = (key: string): Wanted<string> => ({
    key,
    load: (abort) =>
      new Promise((resolve, reject) => {
        answers.set(key, [...(answers.get(key) ?? []), { resolve, reject, abort }]);
      }),
  });
  const asked = (key: string, time = 0): Answer => {
    const answer = answers.get(key)?.[time];
    if (answer === undefined) throw new Error(`${key} was not asked ${time + 1} times`);
    return answer;
  };
  return { answers, wanted, asked };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a late answer for an old choice is dropped, and its request aborted", async () => {
  const { wanted, asked } = scripted();
  const choice = signal("a");
  const loader = createLoader(() => wanted(choice.value));
  choice.value = "b";
  expect(asked("a").abort.aborted).toBe(true);
  asked("b").resolve("B");
  await turn();
  asked("a").resolve("A");
  await turn();
  expect(loader.resource.value).toEqual({ status: "ready", value: "B" });
});

test("a late failure of an old choice is dropped too", async () => {
  const { wanted, asked } = scripted();
  const choice = signal("a");
  const loader = createLoader(() => wanted(choice.value));
  choice.value = "b";
  asked("a").reject(new Error("too late"));
  await turn();
  expect(loader.resource.value.status).toBe("loading");
});

test("the former value stands until its successor has come", async () => {
  const { wanted, asked } = scripted();
  const choice = signal("a");
  const loader = createLoader(() => wanted(choice.value));
  asked("a").resolve("A");
  await turn();
  choice.value = "b";
  expect(loader.resource.value).toEqual({ status: "loading", former: "A" });
  expect(latest(loader.resource.value)).toBe("A");
});

test("equal keys are asked for once, a retry asks again", async () => {
  const { wanted, asked, answers } = scripted();
  const noise = signal(0);
  const loader = createLoader(() => wanted(noise.value < 10 ? "a" : "b"));
  noise.value = 1;
  expect(answers.get("a")).toHaveLength(1);
  asked("a").reject(new Error("broken"));
  await turn();
  expect(loader.resource.value).toEqual({ status: "failed", reason: "broken" });
  loader.retry();
  asked("a", 1).resolve("A");
  await turn();
  expect(latest(loader.resource.value)).toBe("A");
});

test("what failed is asked for once more unseen, once at a time, until there is something else to say", async () => {
  const { wanted, asked, answers } = scripted();
  const loader = createLoader(() => wanted("a"));
  loader.heal();
  expect(answers.get("a")).toHaveLength(1);
  asked("a").reject(new Error("missing"));
  await turn();
  const failed = loader.resource.value;
  loader.heal();
  loader.heal();
  expect(answers.get("a")).toHaveLength(2);
  expect(loader.resource.value).toBe(failed);
  asked("a", 1).reject(new Error("missing"));
  await turn();
  expect(loader.resource.value).toBe(failed);
  loader.heal();
  asked("a", 2).reject(new Error("damaged"));
  await turn();
  expect(loader.resource.value).toEqual({ status: "failed", reason: "damaged" });
  loader.heal();
  asked("a", 3).resolve("A");
  await turn();
  expect(loader.resource.value).toEqual({ status: "ready", value: "A" });
  loader.heal();
  expect(answers.get("a")).toHaveLength(4);
});

test("waiting keeps the former value, nothing wanted drops it", async () => {
  const { wanted, asked } = scripted();
  const choice = signal<"a" | "waiting" | null>("a");
  const loader = createLoader(() => (choice.value === "a" ? wanted("a") : choice.value));
  asked("a").resolve("A");
  await turn();
  choice.value = "waiting";
  expect(loader.resource.value).toEqual({ status: "loading", former: "A" });
  choice.value = null;
  expect(loader.resource.value).toEqual({ status: "none" });
});

test("closing aborts what is under way", () => {
  const { wanted, asked } = scripted();
  const loader = createLoader(() => wanted("a"));
  loader.close();
  expect(asked("a").abort.aborted).toBe(true);
});
