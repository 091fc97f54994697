/** What a worker draws is what the page itself would have drawn, and no more than has changed is handed to it. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { startPainter, type Painter } from "../src/painting/painter";
import { drawSheet, putSheet, type Brush } from "../src/painting/recording";
import { Replay, type Frame } from "../src/painting/replay";
import { Sheet } from "../src/painting/sheet";
import { Scope } from "../src/scope";
import { prepare } from "../src/views/surface";
import { NotingCanvas, paintersEasel, stubCanvases } from "./easels";

beforeEach(stubCanvases);

function filled(width: number, height: number): Sheet {
  const sheet = new Sheet(width, height);
  sheet.pixels.set(sheet.pixels.map((_, at) => at + 1));
  sheet.changed(0, height);
  return sheet;
}

const SIZE = { width: 30, height: 20 };
const nothing = () => undefined;
const puts =
  (...sheets: readonly Sheet[]) =>
  ({ context }: { readonly context: Brush }) => {
    for (const sheet of sheets) putSheet(context, sheet, BOX, 0, 0);
  };

describe("a recording", () => {
  it("is replayed as it would have been drawn", () => {
    const draw = (brush: Brush, sheet: Sheet) => {
      brush.fillStyle = "red";
      brush.fillRect(1, 2, 3, 4);
      brush.save();
      brush.fillStyle = "green";
      brush.font = "11px serif";
      brush.textAlign = "right";
      brush.textBaseline = "middle";
      brush.fillText("7", 5, 6);
      brush.restore();
      brush.fillStyle = "green";
      brush.beginPath();
      brush.rect(1, 1, 2, 2);
      brush.fill();
      drawSheet(brush, sheet, { x: 0, y: 1, width: 2, height: 2 }, { x: 9, y: 8, width: 7, height: 6 });
      putSheet(brush, sheet, { x: 1, y: 0, width: 2, height: 3 }, 4, 5);
    };
    const own = new NotingCanvas(1, 1);
    const surface = prepare(own as unknown as OffscreenCanvas, SIZE.width, SIZE.height);
    if (surface !== null) draw(surface.context, filled(4, 3));

    const { easel, frames } = paintersEasel();
    easel.draw(
      SIZE,
      true,
      ({ context }) => {
        draw(context, filled(4, 3));
      },
      nothing,
    );
    const worker = new NotingCanvas(1, 1);
    const replay = new Replay(worker as unknown as OffscreenCanvas);
    for (const frame of frames) replay.draw(frame);
    expect(own.asked).toHaveLength(19);
    expect(worker.asked).toEqual(own.asked);
    expect([worker.width, worker.height]).toEqual([60, 40]);
  });

  it("leaves what was drawn where it is not cleared", () => {
    const { easel, frames } = paintersEasel();
    easel.draw(SIZE, false, nothing, nothing);
    const worker = new NotingCanvas(60, 40);
    for (const frame of frames) new Replay(worker as unknown as OffscreenCanvas).draw(frame);
    expect(worker.asked.map((each) => (each as unknown[])[0])).not.toContain("clearRect");
  });
});

describe("sheets", () => {
  const lines = (frame: Frame | undefined) =>
    frame?.sheets.map(({ changed }) => (changed === null ? null : [changed.top, changed.pixels.length / 4]));

  it("are told whole at first, then the lines that changed, then nothing", () => {
    const { easel, frames } = paintersEasel();
    const sheet = filled(4, 9);
    const draw = () => easel.draw(SIZE, false, puts(sheet), nothing);
    draw();
    sheet.changed(2, 1);
    sheet.changed(5, 2);
    draw();
    easel.draw(SIZE, false, puts(sheet), nothing);
    expect(frames.map(lines)).toEqual([[[0, 9]], [[2, 5]], [null]]);
  });

  it("that a painter was told of are drawn by the page too, whole", () => {
    const { easel } = paintersEasel();
    const sheet = filled(4, 2);
    easel.draw(SIZE, false, puts(sheet), nothing);
    const shown = sheet.canvas as unknown as NotingCanvas;
    expect(shown.asked).toEqual([["putImageData", expect.any(Number), 0, 0, 0, 0, 4, 2]]);
  });

  it("that two pictures do without are forgotten, and told whole again", () => {
    const { easel, frames, painter } = paintersEasel();
    const [one, other] = [filled(4, 2), filled(4, 3)];
    for (const drawn of [[one, other], [other], [one], [other], [other], [one]]) {
      easel.draw(
        SIZE,
        false,
        ({ context }) => {
          drawn.forEach((sheet) => {
            putSheet(context, sheet, BOX, 0, 0);
          });
        },
        nothing,
      );
      painter.answered({ easel: 0 });
    }
    expect(frames.map(lines)).toEqual([
      [
        [0, 2],
        [0, 3],
      ],
      [null],
      [null],
      [null],
      [null],
      [[0, 2]],
    ]);
    expect(frames.map(({ forgotten }) => forgotten)).toEqual([[], [], [], [], [0], []]);
  });
});

describe("an easel", () => {
  it("takes no third picture while two are on their way, and says of each when it is drawn", () => {
    const { easel, painter } = paintersEasel();
    const drawn: number[] = [];
    for (const each of [0, 1]) {
      expect(easel.free).toBe(true);
      easel.draw(SIZE, true, nothing, () => drawn.push(each));
    }
    expect([easel.free, drawn]).toEqual([false, []]);
    painter.answered({ easel: 0 });
    expect([easel.free, drawn]).toEqual([true, [0]]);
  });

  it("draws nothing without a size", () => {
    const { easel, frames } = paintersEasel();
    expect(easel.draw({ width: 0, height: 20 }, true, nothing, nothing)).toBe(false);
    expect(frames).toEqual([]);
  });
});

describe("a painter", () => {
  const ended = vi.fn();
  class StubWorker {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onerror: (() => void) | null = null;
    terminate = ended;
    constructor() {
      workers.push(this);
    }
  }
  const workers: StubWorker[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("Worker", StubWorker);
    ended.mockClear();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ["that answers", (worker: StubWorker) => worker.onmessage?.({ data: "ready" }), "a painter", 0],
    ["that fails", (worker: StubWorker) => worker.onerror?.(), null, 1],
    ["that says nothing for long", () => vi.advanceTimersByTime(5001), null, 1],
  ])("is had of a worker %s, or else the page draws", (_, happens, expected, ends) => {
    const found = startPainter(new Scope(), true);
    const worker = workers.at(-1);
    expect(found.value).toBeUndefined();
    if (worker !== undefined) happens(worker);
    expect(found.value === null ? null : "a painter").toBe(expected);
    expect(ended).toHaveBeenCalledTimes(ends);
    vi.advanceTimersByTime(10_000);
    worker?.onerror?.();
    expect(found.value === null).toBe(expected === null);
  });

  it("is not begun where none is wanted", () => {
    const before = workers.length;
    const found: { readonly value: Painter | null | undefined } = startPainter(new Scope(), false);
    expect([found.value, workers.length]).toEqual([null, before]);
  });
});

const BOX = { x: 0, y: 0, width: 1, height: 1 };
