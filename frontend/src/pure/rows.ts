/** Which rows of a long list are worth an element. */

/** First and one past the last row, of `count`, that an area of `height` scrolled down by `top` shows at least in part. */
export function rowsInView(top: number, height: number, rowHeight: number, count: number): readonly [number, number] {
  const within = (row: number): number => Math.min(count, Math.max(0, row));
  return height <= 0 ? [0, 0] : [within(Math.floor(top / rowHeight)), within(Math.ceil((top + height) / rowHeight))];
}

/** The rows to draw, ascending: those in view, `spare` on either side against gaps while scrolling, and the chosen one (-1: none). */
export function rowsToDraw(
  [first, end]: readonly [number, number],
  spare: number,
  count: number,
  chosen: number,
): readonly number[] {
  const from = Math.max(0, first - spare);
  const to = Math.min(count, end + spare);
  const rows = Array.from({ length: to - from }, (_, index) => from + index);
  if (chosen < 0 || (chosen >= from && chosen < to)) return rows;
  return chosen < from ? [chosen, ...rows] : [...rows, chosen];
}

/** How far to scroll so that a row stands in view: no further than it takes. */
export function scrollToRow(top: number, height: number, rowHeight: number, row: number): number {
  const upper = row * rowHeight;
  return Math.min(upper, Math.max(top, upper + rowHeight - height));
}
