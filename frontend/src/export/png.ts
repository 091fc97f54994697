/** The present moment as a PNG file. */
import type { Panel } from "../panel";
import { bytes } from "../words";
import { fileName } from "./names";
import { Picture } from "./picture";
import { save } from "./save";
import { readScene } from "./scene";

export const NOT_SHOWN = "What is chosen is not on the screen yet.";

/** Saves it; answers what was saved, in words. Rejects with a sentence. */
export async function savePng(panel: Panel): Promise<string> {
  const ratio = window.devicePixelRatio;
  const scene = readScene(panel, { whole: true, ratio });
  if (scene === null) throw new Error(NOT_SHOWN);
  const picture = new Picture(scene, ratio);
  picture.draw(panel.time.peek());
  const { canvas } = picture;
  const file = await new Promise<Blob | null>((done) => {
    canvas.toBlob(done, "image/png");
  });
  if (file === null) {
    throw new Error(
      `This browser makes no picture of ${canvas.width} × ${canvas.height} pixels. Smaller tiles may do.`,
    );
  }
  const name = fileName(scene.subject, scene.subject.layer, "png");
  save(panel.scope, file, name);
  const size = `${canvas.width.toLocaleString("en")} × ${canvas.height.toLocaleString("en")} pixels`;
  return `Saved ${name}: ${size}, ${bytes(file.size)}`;
}
