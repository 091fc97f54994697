/** What goes by itself stands at each moment on the device pixel where it would be put. */
import { expect, test } from "vitest";

import type { Course } from "../src/player";
import { timeToX } from "../src/pure/timing";
import { glideOver, type Glide } from "../src/views/moving";
import { sharp } from "../src/views/moment_drawing";
import { random } from "./random";

/** As CSS has it: `steps(n)` jumps at the end of each step. */
function placeAt({ from, to, steps, start, end }: Glide, now: number): number {
  const progress = Math.min(Math.max((now - start) / (end - start), 0), 1);
  return from + (Math.floor(progress * steps) / steps) * (to - from);
}

test.each([1, 1.25, 2])("on a screen of ratio %d", (ratio) => {
  const next = random(7);
  for (let round = 0; round < 300; round++) {
    const seconds = [-0.5 * next(), 1 + 9 * next()] as const;
    const width = 20 + 900 * next();
    const left = -2 * Math.round(next());
    const course: Course = { seconds: seconds[1] * next(), at: 1e5 * next(), speed: 0.1 + 1.9 * next() };
    const glide = glideOver({ course, seconds, width }, left, ratio);
    const moment = seconds[0] + (seconds[1] - seconds[0]) * next();
    const x = timeToX(moment, seconds, width);
    // Where the moment is between two pixels either is right.
    if (Math.abs(((x * ratio) % 1) - 0.5) < 1e-6) continue;
    const now = course.at + ((moment - course.seconds) / course.speed) * 1000;
    expect(placeAt(glide, now)).toBeCloseTo(left + sharp(x, ratio), 6);
  }
});
