/** Where the cells of the table of classes stand. CSS pixels, from the left of the canvas and from the first row's top. */

export interface ClassGrid {
  readonly left: number;
  readonly columnWidth: number;
  readonly columns: number;
  readonly rowHeight: number;
  readonly rows: number;
}

/** Rows' numbers to the left; words about a row to the right. */
export const NUMBERS = 44;
export const WORDS = 116;
const LOWEST_ROW = 3;
const HIGHEST_ROW = 22;
const WIDEST_COLUMN = 200;

/** All rows fit where they can; else they are scrolled, three pixels high. */
export function classGrid(width: number, height: number, rows: number, columns: number): ClassGrid {
  const room = Math.max(width - NUMBERS - (width > 520 ? WORDS : 8), columns);
  const rowHeight = Math.min(HIGHEST_ROW, Math.max(LOWEST_ROW, Math.floor(height / Math.max(rows, 1))));
  const columnWidth = Math.min(WIDEST_COLUMN, room / Math.max(columns, 1));
  return { left: NUMBERS, columnWidth, columns, rowHeight, rows };
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** The cell at a place; null outside the table. `y` counts from the first row's top. */
export function cellAt(grid: ClassGrid, x: number, y: number): Cell | null {
  const column = Math.floor((x - grid.left) / grid.columnWidth);
  const row = Math.floor(y / grid.rowHeight);
  return column < 0 || column >= grid.columns || row < 0 || row >= grid.rows ? null : { row, column };
}

/** The cell that a key leads to from another, kept within the table; null for other keys. `page`: the rows in view. */
export function movedCell(grid: ClassGrid, from: Cell, key: string, page: number): Cell | null {
  const moves: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    PageUp: [-page, 0],
    PageDown: [page, 0],
    Home: [-grid.rows, 0],
    End: [grid.rows, 0],
  };
  const move = moves[key];
  if (move === undefined) return null;
  const within = (place: number, count: number): number => Math.min(count - 1, Math.max(0, place));
  return { row: within(from.row + move[0], grid.rows), column: within(from.column + move[1], grid.columns) };
}
