/** Loads a layer's maps of one clip and step as one of the modes shows them. */
import type { Source } from "./api";
import type { Shown } from "./derived";
import { loadRaster, loadStrip, loadWindows, type LayerPart } from "./layer_arrays";
import { loadPicture } from "./pictures";
import type { Mode } from "./state";

export async function loadShown(source: Source, part: LayerPart, mode: Mode, abort: AbortSignal): Promise<Shown> {
  const progress = (): void => undefined;
  switch (mode) {
    case "strip": {
      const picture = await loadPicture(source, part, (own) => loadStrip(source, own, abort, progress), abort);
      return { kind: "strip", picture };
    }
    case "window": {
      const picture = await loadPicture(source, part, (own) => loadWindows(source, own, abort, progress), abort);
      return { kind: "window", picture };
    }
    case "raster": {
      const load = async (own: LayerPart) => loadRaster(source, own, { abort, progress, quick: false });
      return { kind: "raster", picture: await loadPicture(source, part, load, abort) };
    }
  }
}
