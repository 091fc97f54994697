/** Draws the rows in view of the table of classes: number, cells, class selectivity. */
import type { Classes } from "../classes";
import { NUMBERS, type Cell, type ClassGrid } from "../pure/class_layout";
import { preferredColumns, zColour } from "../pure/class_table";
import { rowsInView } from "../pure/rows";
import { colourToken } from "../theme";
import { canvasFont } from "../type_scale";
import { number, score } from "../words";
import type { Surface } from "./surface";

const FONT = canvasFont("small");
/** Rows as high as a line of words have some. */
const READABLE = 12;

export function drawClasses(surface: Surface, classes: Classes, grid: ClassGrid, scrollTop: number): void {
  const { context, height, width } = surface;
  const { table, order } = classes;
  const [first, end] = rowsInView(scrollTop, height, grid.rowHeight, grid.rows);
  const line = grid.rowHeight > 5 ? 1 : 0;
  const empty = colourToken("--line");
  for (let row = first; row < end; row++) {
    const filter = order[row] ?? 0;
    const top = row * grid.rowHeight - scrollTop;
    table.columns.forEach((_, column) => {
      context.fillStyle = zColour(table.z[filter * table.columns.length + column] ?? NaN) ?? empty;
      const { left, right } = edges(surface, grid, column);
      context.fillRect(left, top, right - left - 1, grid.rowHeight - line);
    });
  }
  drawNumbers(surface, classes, grid, scrollTop, [first, end]);
  const right = edges(surface, grid, grid.columns - 1).right;
  if (width - right > 60) drawWords(surface, classes, grid, scrollTop, { rows: [first, end], left: right + 8 });
}

/** On whole device pixels, or neighbours would blend. */
function edges({ ratio }: Surface, grid: ClassGrid, column: number): { left: number; right: number } {
  const at = (index: number): number => Math.round((grid.left + index * grid.columnWidth) * ratio) / ratio;
  return { left: at(column), right: at(column + 1) };
}

function drawNumbers(
  { context }: Surface,
  { order, table }: Classes,
  grid: ClassGrid,
  scrollTop: number,
  [first, end]: readonly [number, number],
): void {
  context.font = FONT;
  context.textBaseline = "middle";
  context.textAlign = "right";
  const every = Math.max(1, Math.ceil(READABLE / grid.rowHeight));
  // Whole numbers alone, each at its row: moved into view they would stand at another's.
  const least = READABLE / 2 - 1;
  const preferred = preferredColumns(table);
  const offset = Math.max(Math.ceil(least / grid.rowHeight - 0.5), 0);
  for (let row = first - (first % every) + offset; row < end; row += every) {
    const filter = order[row] ?? 0;
    context.fillStyle = colourToken((preferred[filter] ?? -1) < 0 ? "--ink-soft" : "--ink");
    const y = row * grid.rowHeight - scrollTop + grid.rowHeight / 2;
    if (y >= least) context.fillText(String(filter), NUMBERS - 6, y);
  }
}

/** How selective each filter is, as a bar and, where there is room, in a number. */
function drawWords(
  { context }: Surface,
  { selectivity, order }: Classes,
  grid: ClassGrid,
  scrollTop: number,
  { rows: [first, end], left }: { readonly rows: readonly [number, number]; readonly left: number },
): void {
  const longest = 64;
  const readable = grid.rowHeight >= READABLE;
  context.textAlign = "left";
  for (let row = first; row < end; row++) {
    const value = selectivity[order[row] ?? 0] ?? NaN;
    if (Number.isNaN(value)) continue;
    const top = row * grid.rowHeight - scrollTop;
    const bar = readable ? 5 : Math.max(grid.rowHeight - 1, 1);
    const inset = (grid.rowHeight - bar) / 2;
    context.fillStyle = colourToken("--bar-soft");
    context.fillRect(left, top + inset, longest, bar);
    context.fillStyle = colourToken("--bar");
    context.fillRect(left, top + inset, longest * Math.min(value, 1), bar);
    context.fillStyle = colourToken("--ink-soft");
    if (readable) context.fillText(score(value), left + longest + 6, top + grid.rowHeight / 2);
  }
}

/** The one that is pointed at, or that the keys have come to. */
export function outlineCell(surface: Surface, grid: ClassGrid, { row, column }: Cell, scrollTop: number): void {
  const { context } = surface;
  const { left, right } = edges(surface, grid, column);
  const top = row * grid.rowHeight - scrollTop;
  context.strokeStyle = colourToken("--surface");
  context.lineWidth = 4;
  context.strokeRect(left - 1, top - 1, right - left + 1, grid.rowHeight + 1);
  context.strokeStyle = colourToken("--ink");
  context.lineWidth = 2;
  context.strokeRect(left - 1, top - 1, right - left + 1, grid.rowHeight + 1);
}

/** A cell in words. */
export function readCell({ table, order, strongest, selectivity }: Classes, { row, column }: Cell): string {
  const filter = order[row] ?? 0;
  const own = table.columns[column];
  if (own === undefined) return "";
  const at = filter * table.columns.length + column;
  const z = table.z[at] ?? NaN;
  const clip = strongest(filter, own);
  const said = [
    `Filter ${filter}, ${own.name}${own.part === "all" ? "" : `, ${own.part}`}`,
    Number.isNaN(z) ? "no z: the same for all clips" : `z ${z > 0 ? "+" : ""}${number(z)}`,
    `mean ${number(table.means[at] ?? NaN)} of n = ${own.clips.length}`,
    Number.isNaN(selectivity[filter] ?? NaN) ? "no selectivity" : `selectivity ${score(selectivity[filter] ?? NaN)}`,
    clip === null ? "" : `most in ${clip}`,
  ];
  return said.filter((part) => part !== "").join("  ·  ");
}
