import { expect, test } from "vitest";

import { SharedRequests } from "../src/shared_requests";

function scripted() {
  const requests = new SharedRequests<string>();
  const sent: { abort: AbortSignal; answer: (value: string) => void; fail: (error: Error) => void }[] = [];
  const ask = (key: string, abort: AbortController, onProgress?: (received: number, total: number) => void) =>
    requests.ask(key, { signal: abort.signal, onProgress }, (signal, report) => {
      report(1, 2);
      return new Promise((answer, fail) => sent.push({ abort: signal, answer, fail }));
    });
  return { ask, sent };
}

const aborter = () => new AbortController();

test("many who ask for the same are answered by one request, and the next after it by another", async () => {
  const { ask, sent } = scripted();
  const answers = [ask("a", aborter()), ask("a", aborter()), ask("b", aborter())];
  expect(sent).toHaveLength(2);
  sent[0]?.answer("A");
  sent[1]?.answer("B");
  expect(await Promise.all(answers)).toEqual(["A", "A", "B"]);
  void ask("a", aborter());
  expect(sent).toHaveLength(3);
});

test("who leaves is told so, and the request goes on for the others", async () => {
  const { ask, sent } = scripted();
  const [leaving, staying] = [aborter(), aborter()];
  const left = ask("a", leaving);
  const stayed = ask("a", staying);
  leaving.abort();
  await expect(left).rejects.toThrow("aborted");
  expect(sent[0]?.abort.aborted).toBe(false);
  sent[0]?.answer("A");
  expect(await stayed).toBe("A");
});

test("when the last has left the request is aborted, and who asks then is answered by a new one", async () => {
  const { ask, sent } = scripted();
  const abort = aborter();
  // One signal may stand for several waits.
  const left = [ask("a", abort), ask("a", abort)];
  abort.abort();
  await Promise.all(left.map(async (each) => expect(each).rejects.toThrow("aborted")));
  expect(sent[0]?.abort.aborted).toBe(true);
  const again = ask("a", aborter());
  sent[0]?.answer("too late");
  sent[1]?.answer("A");
  expect(await again).toBe("A");
  await expect(ask("a", abort)).rejects.toThrow("aborted");
  expect(sent).toHaveLength(2);
});

test("a failure is everyone's, and is not kept", async () => {
  const { ask, sent } = scripted();
  const failing = [ask("a", aborter()), ask("a", aborter())];
  sent[0]?.fail(new Error("damaged"));
  await Promise.all(failing.map(async (each) => expect(each).rejects.toThrow("damaged")));
  void ask("a", aborter());
  expect(sent).toHaveLength(2);
});
