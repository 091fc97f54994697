/** Sound and time: an audio element is the only clock of a clip that has sound, a timer of one that has none. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Clock } from "./clock";
import { isWhole, regionBetween, wrap, type LoopRegion } from "./pure/loop";
import { Scope } from "./scope";

export const SLOWEST = 0.1;
export const FASTEST = 2;

export interface Clip {
  /** Address of the sound, or null: then a timer runs. */
  readonly url: string | null;
  readonly seconds: number;
}

/** How time goes on: `seconds` of the clip at `at`, milliseconds as `performance.now()` counts them, and `speed` per second. */
export interface Course {
  readonly seconds: number;
  readonly at: number;
  readonly speed: number;
}

/** Seconds by which the sound may be elsewhere than its course says before it has another one. */
const MOST_ASTRAY = 0.002;

/** A timer ends a pass of a part that is about to end: frames alone would let it run over by as much as one lasts. */
const NEAR_END = 0.1;

export class Player {
  /** The hidden element that plays: part of the document, so that it can be looked at from outside. */
  readonly audio: HTMLAudioElement;
  readonly #scope: Scope;
  readonly #clock: Clock;
  readonly #time = signal(0);
  readonly #playing = signal(false);
  readonly #duration = signal(0);
  readonly #speed = signal(1);
  readonly #loop = signal<LoopRegion | null>(null);
  readonly #problem = signal<string | null>(null);
  readonly #sounding = signal(false);
  readonly #passes = signal(0);
  readonly #course = signal<Course | null>(null);
  #clip: Clip | null = null;
  #run: Scope | null = null;
  #timer = { position: 0, at: 0 };
  /** Seconds at the last frame, or where it was gone to since. */
  #last = 0;
  /** Whether the end of this pass is waited for. */
  #passEnd = false;

  /** Seconds of the clip, as the audio element has them. */
  readonly time: ReadonlySignal<number> = this.#time;
  readonly playing: ReadonlySignal<boolean> = this.#playing;
  /** Seconds of the whole clip; 0 without one. */
  readonly duration: ReadonlySignal<number> = this.#duration;
  readonly speed: ReadonlySignal<number> = this.#speed;
  /** The part that repeats, or null. */
  readonly loop: ReadonlySignal<LoopRegion | null> = this.#loop;
  /** Why there is no sound though the clip has one, as a sentence. */
  readonly problem: ReadonlySignal<string | null> = this.#problem;
  /** False while a timer stands in for sound. */
  readonly sounding: ReadonlySignal<boolean> = this.#sounding;
  /** How often a loop has been heard to its end. */
  readonly passes: ReadonlySignal<number> = this.#passes;
  /** While it plays evenly; what moves by it needs no frame of the page. */
  readonly course: ReadonlySignal<Course | null> = this.#course;
  readonly looping: ReadonlySignal<boolean> = computed(() => this.#loop.value !== null);

  constructor({ scope, clock, parent }: { scope: Scope; clock: Clock; parent: HTMLElement }) {
    this.#scope = scope;
    this.#clock = clock;
    this.audio = document.createElement("audio");
    this.audio.hidden = true;
    this.audio.preload = "auto";
    this.audio.preservesPitch = true;
    parent.append(this.audio);

    scope.listen(this.audio, "error", () => {
      this.#soundFailed();
    });
    scope.listen(this.audio, "ended", () => {
      this.#ended();
    });
    scope.listen(this.audio, "pause", () => {
      // Media keys and the browser itself pause the element too.
      if (this.#sounding.value && this.audio.paused && !this.audio.ended) this.#stop();
    });
    for (const event of ["seeking", "seeked", "timeupdate"] as const) {
      scope.listen(this.audio, event, () => {
        if (this.#sounding.value) this.#time.value = this.#position();
      });
    }
    // Leaving the tab keeps the frame alive, with no height, and fires no visibilitychange.
    scope.listen(window, "resize", () => {
      if (window.innerHeight === 0) this.pause();
    });
    scope.onClose(() => {
      this.pause();
      this.#unload();
      this.audio.remove();
    });
  }

  /** Changes the clip and goes to `start`; what was playing goes on with the new one. The same clip again changes nothing. */
  setClip(clip: Clip | null, start = 0): void {
    if (clip?.url === this.#clip?.url && clip?.seconds === this.#clip?.seconds) return;
    const wasPlaying = this.#playing.value;
    this.pause();
    const wholeLoop = this.#isWhole(this.#loop.value);
    this.#clip = clip;
    this.#problem.value = null;
    this.#duration.value = clip?.seconds ?? 0;
    this.#loop.value = wholeLoop && clip !== null ? [0, clip.seconds] : null;
    const position = Math.min(start, this.#duration.value);
    this.#timer = { position, at: performance.now() };
    this.#time.value = position;
    if (clip?.url == null) {
      this.#sounding.value = false;
      this.#unload();
    } else {
      this.#load(clip.url);
      this.audio.currentTime = position;
    }
    this.#setElementLoop();
    if (wasPlaying) this.play();
  }

  play(): void {
    if (this.#clip === null || this.#playing.value) return;
    const [start, end] = this.#loop.value ?? [0, this.#duration.value];
    const position = this.#position();
    if (position >= end - 1e-3 || (this.#loop.value !== null && position < start)) this.seek(start);
    // A sound that failed may be there by now: the server was gone, or the file was still being written.
    if (!this.#sounding.value && this.#clip.url !== null) {
      this.#load(this.#clip.url);
      this.audio.currentTime = this.#timer.position;
    }
    if (this.#sounding.value) this.#problem.value = null;
    this.#playing.value = true;
    this.#run = this.#scope.child();
    this.#clock.every(this.#run, () => {
      this.#tick();
    });
    if (this.#sounding.value) {
      this.audio.play().catch((error: unknown) => {
        this.#playRefused(error);
      });
    } else {
      this.#timer.at = performance.now();
    }
  }

  pause(): void {
    if (!this.#playing.value) return;
    const position = this.#position();
    this.#stop();
    if (this.#sounding.value) this.audio.pause();
    this.#timer = { position, at: performance.now() };
    this.#time.value = this.#position();
  }

  toggle(): void {
    if (this.#playing.value) this.pause();
    else this.play();
  }

  /** Goes to a time, kept inside the clip; playing goes on or stays paused. */
  seek(seconds: number): void {
    const target = Math.min(Math.max(seconds, 0), this.#duration.value);
    if (!Number.isFinite(target)) return;
    this.#timer = { position: target, at: performance.now() };
    if (this.#sounding.value) this.audio.currentTime = target;
    this.#last = target;
    this.#course.value = null;
    this.#time.value = target;
  }

  /** Repeats a part, the whole (`"all"`), or nothing (null). */
  setLoop(region: LoopRegion | "all" | null): void {
    const whole: LoopRegion = [0, this.#duration.value];
    if (region === null || region === "all") {
      this.#loop.value = region === null ? null : whole;
    } else {
      this.#loop.value = regionBetween(...region, this.#duration.value) ?? whole;
    }
    this.#setElementLoop();
  }

  /** Speed from 0.1 to 2; the pitch stays. */
  setSpeed(speed: number): void {
    const position = this.#position();
    this.#speed.value = Math.min(Math.max(speed, SLOWEST), FASTEST);
    this.#timer = { position, at: performance.now() };
    this.audio.defaultPlaybackRate = this.#speed.value;
    this.audio.playbackRate = this.#speed.value;
  }

  #position(): number {
    if (this.#sounding.value) return Math.min(this.audio.currentTime, this.#duration.value);
    const { position, at } = this.#timer;
    if (!this.#playing.value) return position;
    return position + ((performance.now() - at) / 1000) * this.#speed.value;
  }

  #tick(): void {
    const position = this.#position();
    const loop = this.#loop.value;
    if (this.#sounding.value && this.audio.loop) {
      // The element goes back by itself, and says so to nobody.
      if (this.#last - position > this.#duration.value / 2) this.#passes.value += 1;
    } else if (loop !== null) {
      if (position >= loop[1]) {
        this.#again(loop, position);
        return;
      }
      this.#endPassIn(loop[1] - position);
    }
    this.#last = position;
    this.#keepCourse(position);
    if (!this.#sounding.value && position >= this.#duration.value) this.#ended();
    else this.#time.value = position;
  }

  #keepCourse(seconds: number): void {
    const [course, at, speed] = [this.#course.value, performance.now(), this.#speed.value];
    const told = course === null ? NaN : course.seconds + ((at - course.at) / 1000) * course.speed;
    if (course?.speed === speed && Math.abs(seconds - told) <= MOST_ASTRAY) return;
    this.#course.value = { seconds, at, speed };
  }

  /** Plays the loop again from its start. */
  #again(loop: LoopRegion, position: number): void {
    // Whoever went beyond its end has not heard it.
    if (this.#last < loop[1]) this.#passes.value += 1;
    // What a timer has run over is made up for; a sound has been heard and cannot be.
    this.seek(this.#sounding.value ? loop[0] : wrap(loop, position));
  }

  #endPassIn(seconds: number): void {
    const run = this.#run;
    if (run === null || this.#passEnd || seconds <= 0 || seconds > NEAR_END * this.#speed.value) return;
    this.#passEnd = true;
    run.timeout((seconds / this.#speed.value) * 1000, () => {
      this.#passEnd = false;
      this.#tick();
    });
  }

  #ended(): void {
    const loop = this.#loop.value;
    if (loop !== null && this.#playing.value) {
      // Told too late: it plays from elsewhere already.
      if (this.#sounding.value && !this.audio.ended) return;
      this.#again(loop, this.#duration.value);
      if (this.#sounding.value) {
        this.audio.play().catch((error: unknown) => {
          this.#playRefused(error);
        });
      }
      return;
    }
    this.#stop();
    this.#timer = { position: this.#duration.value, at: performance.now() };
    this.#time.value = this.#duration.value;
  }

  #stop(): void {
    this.#playing.value = false;
    this.#course.value = null;
    this.#passEnd = false;
    this.#run?.close();
    this.#run = null;
  }

  #soundFailed(): void {
    const failure = this.audio.error;
    if (failure === null || !this.#sounding.value) return;
    const position = this.#time.value;
    this.#problem.value = `No sound: it cannot be played, ${failure.message || `media error ${failure.code}`}.`;
    this.#sounding.value = false;
    this.#timer = { position, at: performance.now() };
  }

  #playRefused(error: unknown): void {
    // A pause or another clip interrupts a pending play: that is no failure.
    if (error instanceof DOMException && error.name === "AbortError") return;
    if (error instanceof DOMException && error.name === "NotAllowedError") {
      this.#stop();
      this.#problem.value = "The browser plays sound only after a click in this panel.";
    }
    // What else can be wrong arrives as the element's own error event.
  }

  #setElementLoop(): void {
    // The element repeats the whole without a gap; a part is repeated by seeking.
    this.audio.loop = this.#isWhole(this.#loop.value);
  }

  #isWhole(loop: LoopRegion | null): boolean {
    return isWhole(loop, this.#duration.value);
  }

  #load(url: string): void {
    this.#sounding.value = true;
    this.audio.src = url;
    // Loading a source resets the rate to the default one.
    this.audio.defaultPlaybackRate = this.#speed.value;
    this.audio.load();
  }

  #unload(): void {
    this.audio.removeAttribute("src");
    this.audio.load();
  }
}
