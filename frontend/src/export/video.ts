/** The clip, or the part of it that is repeated, as a video with its sound: recorded in real time from a picture that moves. */
import type { Panel } from "../panel";
import { Scope } from "../scope";
import { bytes, clockTime } from "../words";
import { fileName } from "./names";
import { Picture } from "./picture";
import { NOT_SHOWN } from "./png";
import { save } from "./save";
import { readScene } from "./scene";
import type { Report } from "./task";

/** What browsers can write, best first, with what the file's name ends in. */
const FORMATS = [
  ["video/mp4;codecs=avc1.640028,mp4a.40.2", "mp4"],
  ["video/mp4", "mp4"],
  ["video/webm;codecs=vp9,opus", "webm"],
  ["video/webm", "webm"],
] as const;

/** Encoders keep up with this many pixels in real time, and take even numbers of them. */
const MOST_PIXELS = 1920 * 1200;
const BITS_PER_SECOND = 8_000_000;
const FRAMES_PER_SECOND = 30;
/** Both tracks must have begun before the clip does, and ended after it. */
const LEAD_SECONDS = 0.1;
const TAIL_SECONDS = 0.1;

export type Format = (typeof FORMATS)[number];

/** Null where this browser records no video. */
export function videoFormat(): Format | null {
  if (typeof MediaRecorder === "undefined") return null;
  return FORMATS.find(([type]) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/** Seconds of the clip that a video shows. */
export function videoSpan({ player }: Panel): readonly [start: number, end: number] {
  return player.loop.value ?? [0, player.duration.value];
}

export async function saveVideo(panel: Panel, abort: AbortSignal, report: Report): Promise<string> {
  const format = videoFormat();
  if (format === null) throw new Error("This browser records no video.");
  const scene = readScene(panel, { whole: false, ratio: window.devicePixelRatio });
  if (scene === null) throw new Error(NOT_SHOWN);
  const span = videoSpan(panel);
  const scope = panel.scope.child();
  const context = new AudioContext();
  try {
    const sound = await readSound(panel, context, abort);
    await context.resume();
    const picture = new Picture(scene, ratioFor(new Picture(scene, 1).layout));
    const file = await record({ panel, scope, context, sound, picture, span, format, abort, report });
    const name = fileName(scene.subject, scene.subject.layer, format[1]);
    save(panel.scope, file, name);
    return `Saved ${name}: ${clockTime(span[1] - span[0])}${sound === null ? " without sound" : ""}, ${bytes(file.size)}`;
  } finally {
    scope.close();
    await context.close();
  }
}

/** Null where the clip has none. */
async function readSound(panel: Panel, context: AudioContext, abort: AbortSignal): Promise<AudioBuffer | null> {
  const run = panel.state.run.peek();
  const file = panel.data.clips.peek()?.file;
  const probe = panel.data.probe.peek();
  if (run === null || file === undefined || probe?.audio == null) return null;
  const wav = await panel.source.audio(run, file, probe.name, abort);
  return context.decodeAudioData(new Uint8Array(wav).buffer);
}

function ratioFor({ width, height }: { readonly width: number; readonly height: number }): number {
  return Math.min(window.devicePixelRatio, Math.sqrt(MOST_PIXELS / (width * height)));
}

interface Recording {
  readonly panel: Panel;
  readonly scope: Scope;
  readonly context: AudioContext;
  readonly sound: AudioBuffer | null;
  readonly picture: Picture;
  readonly span: readonly [start: number, end: number];
  readonly format: Format;
  readonly abort: AbortSignal;
  readonly report: Report;
}

async function record({
  panel,
  scope,
  context,
  sound,
  picture,
  span,
  format,
  abort,
  report,
}: Recording): Promise<Blob> {
  const [start, end] = span;
  picture.draw(start);
  const { canvas } = picture;
  const screen = evenCanvas(canvas);
  const stream = screen.canvas.captureStream(FRAMES_PER_SECOND);
  const output = context.createMediaStreamDestination();
  if (sound !== null) for (const track of output.stream.getAudioTracks()) stream.addTrack(track);
  const recorder = new MediaRecorder(stream, { mimeType: format[0], videoBitsPerSecond: BITS_PER_SECOND });
  const parts: Blob[] = [];
  const done = new Promise<Blob>((resolve, reject) => {
    recorder.ondataavailable = ({ data }) => {
      parts.push(data);
    };
    recorder.onstop = () => {
      resolve(new Blob(parts, { type: recorder.mimeType }));
    };
    recorder.onerror = () => {
      reject(new Error("The browser could not record the video."));
    };
    scope.listen(abort, "abort", () => {
      reject(abort.reason as Error);
    });
  });
  screen.copy();
  recorder.start();
  const from = context.currentTime + LEAD_SECONDS;
  if (sound !== null) {
    const player = context.createBufferSource();
    player.buffer = sound;
    player.connect(output);
    player.start(from, start, end - start);
  }
  panel.clock.every(scope, () => {
    // The sound's clock is the picture's: it is what the recording's sound runs by.
    const time = Math.min(Math.max(start + context.currentTime - from, start), end);
    picture.draw(time);
    screen.copy();
    report(`Recording ${clockTime(time - start)} of ${clockTime(end - start)}`, (time - start) / (end - start));
    if (context.currentTime - from >= end - start + TAIL_SECONDS && recorder.state === "recording") recorder.stop();
  });
  try {
    return await done;
  } finally {
    if (recorder.state !== "inactive") recorder.stop();
    for (const track of stream.getTracks()) track.stop();
  }
}

/** Encoders want even sides: the last odd row or column is left out. */
function evenCanvas(source: HTMLCanvasElement): { readonly canvas: HTMLCanvasElement; readonly copy: () => void } {
  const canvas = document.createElement("canvas");
  canvas.width = source.width - (source.width % 2);
  canvas.height = source.height - (source.height % 2);
  const context = canvas.getContext("2d", { alpha: false });
  return {
    canvas,
    copy: () => {
      context?.drawImage(source, 0, 0);
    },
  };
}
