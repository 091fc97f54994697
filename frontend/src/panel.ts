/** What every view is handed: the state, its arrays, the sound, and the moment that all of them share. */
import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from "@preact/signals";

import { fetchAhead } from "./ahead";
import { HttpSource, type Source } from "./api";
import { Clock } from "./clock";
import { createClasses, type ClassesView } from "./classes";
import { createClipList, type ClipList } from "./clip_list";
import { createCompare, type Compare } from "./compare";
import { createData, type Data } from "./data";
import { createDerived, type Derived } from "./derived";
import { askEarly } from "./early";
import { createEpochPlay, gridState, type EpochPlay, type EpochPlayKind } from "./epoch_play";
import { following } from "./following";
import { createFinding, type Finding } from "./finding";
import { createEvolution, type Evolution } from "./evolution";
import { createInspection, type Inspection } from "./inspection";
import { readClasses, readSpectrogram, type InputPoint } from "./input_pointing";
import { litColumn, type Lit } from "./lit";
import { watchLink } from "./link";
import { createLayerChanges, type LayerChanges } from "./layer_changes";
import { askOnce, keepLive, onLeaving, type Live } from "./live";
import { createMargins, type Margins } from "./margins";
import { pageHash } from "./page_address";
import { startPainter, type Painter } from "./painting/painter";
import { Player, type Course } from "./player";
import { pointAt, tileUnder, type CanvasPoint, type Pointed, type TileView } from "./pointing";
import type { CurveChoice } from "./pure/curves";
import { isWhole, stepInLoop } from "./pure/loop";
import { stepWindow, windowAt } from "./pure/timing";
import type { StripData } from "./pure/values";
import { createQuestions, type Questions } from "./questions";
import { present } from "./resource";
import type { Scope } from "./scope";
import { named } from "./selection";
import { createState, type State } from "./state";
import { sweepOnce } from "./sweep";
import { followTheme, type Theme } from "./theme";
import type { Edges } from "./types";
import { restoreLink, type Restoring } from "./view_link";

/** CSS pixels of the page. */
export interface Track {
  readonly left: number;
  readonly width: number;
}

export type Overlay = "help" | "find" | "export";

export interface Panel {
  readonly scope: Scope;
  readonly source: Source;
  readonly clock: Clock;
  /** Undefined until it is known whether there is one, null where the page draws by itself. */
  readonly painter: ReadonlySignal<Painter | null | undefined>;
  readonly theme: ReadonlySignal<Theme>;
  readonly state: State;
  readonly data: Data;
  /** What the next choice of a step will show, where it is at hand. */
  readonly nextStrip: ReadonlySignal<StripData | null>;
  readonly derived: Derived;
  readonly compare: Compare;
  readonly margins: Margins;
  readonly clipList: ClipList;
  readonly inspection: Inspection;
  readonly evolution: Evolution;
  readonly classes: ClassesView;
  readonly questions: Questions;
  readonly layerChanges: ReadonlySignal<LayerChanges | null>;
  readonly player: Player;
  readonly live: Live;
  /** The present moment in seconds of the clip: the player's, but for the sweep at first sight. */
  readonly time: ReadonlySignal<number>;
  /** How that goes on while it plays evenly. */
  readonly course: ReadonlySignal<Course | null>;
  /** The present window's index and its edges; null without windows. */
  readonly window: ReadonlySignal<number | null>;
  readonly windowEdges: ReadonlySignal<Edges | null>;
  /** The window that words and numbers tell of: while it plays `window` passes faster than they could be read. */
  readonly windowInWords: ReadonlySignal<number | null>;
  /** The column that stands for the present moment in what the grid shows; null where there is none. */
  readonly lit: ReadonlySignal<Lit | null>;
  /** The cell under the pointer, as it is now: also while the sound moves on below a pointer that rests. */
  readonly pointed: ReadonlySignal<Pointed | null>;
  /** What the input says where the pointer is on it, in words. */
  readonly inputReading: ReadonlySignal<string | null>;
  /** Where the pointer is on the input's tracks; null where it is on none that can be read. */
  readonly pointInput: (at: InputPoint | null) => void;
  /** Where the input's seconds run on the page: its tracks keep it. */
  readonly track: Signal<Track | null>;
  /** Where the grid's tiles stand; the grid keeps it. */
  readonly tiles: Signal<TileView | null>;
  /** Where the pointer is on the grid's canvas; null where it is not there. */
  readonly point: (at: CanvasPoint | null) => void;
  readonly finding: Finding;
  /** What the page's address named as the panel began. */
  readonly viewLink: Restoring;
  /** What is open above the rest: at most one thing. */
  readonly overlay: Signal<Overlay | null>;
  readonly curves: Signal<CurveChoice>;
  readonly epochPlay: EpochPlay;
  /** Starts it, and where it needs a loop, the sound too. */
  readonly playEpochs: (kind: EpochPlayKind) => void;
  readonly togglePlaying: () => void;
  readonly seek: (seconds: number) => void;
  readonly moveWindow: (distance: number) => void;
}

/** For how long words and numbers stand at least while it plays. */
const READING_MILLISECONDS = 400;

export function createPanel(root: HTMLElement, scope: Scope, source: Source = new HttpSource()): Panel {
  const clock = new Clock(scope);
  const state = createState(source, scope.signal);
  const data = createData(source, state, scope);
  askEarly({ source, state, data, scope });
  const nextStrip = fetchAhead({ source, state, data, link: watchLink(scope), scope });
  const derived = createDerived(state, data, scope);
  const compare = createCompare(source, state, data, derived, scope);
  const player = new Player({ scope, clock, parent: root });
  const times = computed(() => data.probe.value?.times ?? []);
  const sweep = sweepOnce({ scope, clock, ready: derived.shown, duration: player.duration });
  const time = computed(() => sweep.time.value ?? player.time.value);
  const window = computed(() => windowAt(times.value, time.value));
  const lit = computed(() => {
    const shown = derived.shown.value;
    const moment = { time: time.value, window: window.value, seconds: derived.seconds.value };
    return shown === null ? null : litColumn(shown, moment);
  });
  const track = signal<Track | null>(null);
  const tiles = signal<TileView | null>(null);
  const pointer = signal<CanvasPoint | null>(null);
  const finding = createFinding(derived);
  const inspection = createInspection({ source, state, data, derived, window, found: finding.found, scope });
  const pointed = computed(() => {
    if (inspection.pointed.value !== null) return inspection.pointed.value;
    const compared = compare.exact.value;
    const shown = compared?.b ?? derived.shown.value;
    const paint = compared?.paint ?? derived.paint.value;
    const hit = tileUnder(tiles.value, pointer.value);
    if (shown === null || paint === null || hit === null) return null;
    const context = {
      shown,
      paint,
      seconds: derived.seconds.value,
      window: shown.kind === "window" ? (window.value ?? 0) : 0,
      hertz: data.probe.value?.image?.hertz ?? null,
      scores: compared === null ? derived.scores.value : null,
      against: compared?.a ?? null,
    };
    return pointAt(context, hit);
  });
  const inputPointer = signal<InputPoint | null>(null);
  const inputReading = computed(() => {
    const at = inputPointer.value;
    if (at?.track === "classes") {
      const predictions = derived.predictions.value;
      const axis = { times: times.value, seconds: derived.seconds.value };
      return predictions === null ? null : readClasses(predictions, axis, at);
    }
    const entry = data.probe.value?.image ?? null;
    const image = present(data.image.resource.value);
    return at === null || entry === null || image === null ? null : readSpectrogram(image, entry, at);
  });

  let heard = "";
  scope.onClose(
    effect(() => {
      const clips = data.clips.value;
      const run = state.run.value;
      if (clips === null || run === null) return;
      const entry = named(clips.probes, state.clipName.value);
      const url = entry?.audio == null ? null : source.audioUrl(run, clips.file, entry.name);
      // Another epoch's file may hold the same clip: its sound goes on where it was.
      const clip = JSON.stringify([run, entry?.name]);
      untracked(() => {
        const start = clip === heard ? player.time.peek() : 0;
        player.setClip(entry === null ? null : { url, seconds: entry.seconds }, start);
      });
      heard = clip;
    }),
  );
  const classes = createClasses(source, state, data, derived, scope);
  const epochPlay = createEpochPlay({ scope, state, grid: gridState(data, derived), sound: player });
  onLeaving(scope, () => {
    player.pause();
    epochPlay.stop();
  });

  const panel: Omit<Panel, "viewLink"> = {
    scope,
    source,
    clock,
    painter: startPainter(scope, source.exported !== true),
    theme: followTheme(scope),
    state,
    data,
    nextStrip,
    derived,
    compare,
    margins: createMargins(source, state, data, scope),
    clipList: createClipList(state, data, derived, scope),
    inspection,
    evolution: createEvolution(source, state, data, scope),
    classes,
    questions: createQuestions(state, derived, classes),
    layerChanges: createLayerChanges(source, state, data, derived, scope),
    player,
    live: source.exported === true ? askOnce(state.refresh) : keepLive(scope, state.refresh),
    time,
    course: computed(() => (sweep.time.value === null ? player.course.value : null)),
    window,
    windowEdges: computed(() => times.value[window.value ?? -1] ?? null),
    windowInWords: following(scope, window, { waits: player.playing, milliseconds: READING_MILLISECONDS }),
    lit,
    pointed,
    inputReading,
    pointInput: (at) => {
      inputPointer.value = at;
    },
    track,
    tiles,
    point: (at) => {
      pointer.value = at;
    },
    finding,
    overlay: signal<Overlay | null>(null),
    curves: signal<CurveChoice>([null, null]),
    epochPlay,
    playEpochs: (kind) => {
      sweep.end();
      if (kind === "loop") {
        if (!player.looping.peek()) player.setLoop("all");
        player.play();
      }
      epochPlay.start(kind);
    },
    togglePlaying: () => {
      sweep.end();
      player.toggle();
    },
    seek: (seconds) => {
      sweep.end();
      player.seek(seconds);
    },
    moveWindow: (distance) => {
      sweep.end();
      const [loop, duration, now] = [player.loop.peek(), player.duration.peek(), player.time.peek()];
      // Inside a part that repeats the windows repeat too; of the whole clip the first and the last are the ends.
      const part = loop !== null && !isWhole(loop, duration) ? loop : null;
      player.seek(
        part === null
          ? stepWindow(times.peek(), now, distance, duration)
          : stepInLoop(times.peek(), now, distance, part),
      );
    },
  };
  return { ...panel, viewLink: restoreLink(panel, scope, pageHash()) };
}
