/**
 * What is chosen, as the part of TensorBoard's address behind its `#`: `#cnnviz&p.cnnviz.run=exp1%2Fcnnviz&p.cnnviz.step=12`.
 * TensorBoard reads the tab's name from its first part and leaves parts alone that begin with `p.`
 */
export type LinkValues = ReadonlyMap<string, string>;

const TAB = "cnnviz";
const PREFIX = `p.${TAB}.`;

/** What others have written behind the `#` stays. */
export function writeLink(address: string, values: LinkValues): string {
  const [page = "", hash = ""] = address.split("#", 2);
  const others = hash.split("&").filter((part, index) => index > 0 && part !== "" && !part.startsWith(PREFIX));
  const own = [...values].map(([key, value]) => `${PREFIX}${key}=${encodeURIComponent(value)}`);
  return `${page}#${[TAB, ...others, ...own].join("&")}`;
}

/** A part that cannot be read is given as it is written, so that it can be named. */
export function readLink(hash: string): LinkValues {
  const values = new Map<string, string>();
  for (const part of hash.replace(/^#/, "").split("&")) {
    const at = part.indexOf("=");
    if (!part.startsWith(PREFIX) || at < 0) continue;
    values.set(part.slice(PREFIX.length, at), decoded(part.slice(at + 1)));
  }
  return values;
}

/** As it is written where it cannot be read. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Cut off in the middle of a character, as by a mail program.
    return text;
  }
}
