/** Which filters are meant by what was typed. */

/**
 * A whole number is a filter's own; any other text is part of a class's name, whose case does not matter. `names` has one entry
 * per filter: its class, or null where it stands for none.
 *
 * @returns filters in the order of their numbers; none where the text is empty.
 */
export function findFilters(text: string, names: readonly (string | null)[]): readonly number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  if (/^#?\d+$/.test(wanted)) {
    const filter = Number(wanted.replace("#", ""));
    if (filter < names.length) return [filter];
  }
  return names.flatMap((name, filter) => (name?.toLowerCase().includes(wanted) === true ? [filter] : []));
}
