/** From `unknown` to checked values; every failure names the place in the answer. */
import { NewerVersionError, WireError } from "./errors";

export type Fields = Readonly<Record<string, unknown>>;
/** Narrows a value found at `where`. */
export type Narrow<T> = (value: unknown, where: string) => T;

/** The major version of http_api.md that this panel reads. */
export const MAJOR = 2;

function refuse(value: unknown, where: string, wanted: string): never {
  const found = JSON.stringify(value) as string | undefined;
  throw new WireError(`${where} should be ${wanted}, but is ${(found ?? "absent").slice(0, 80)}`);
}

export const fields: Narrow<Fields> = (value, where) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : refuse(value, where, "an object");

export const text: Narrow<string> = (value, where) =>
  typeof value === "string" ? value : refuse(value, where, "a string");

export const flag: Narrow<boolean> = (value, where) =>
  typeof value === "boolean" ? value : refuse(value, where, "true or false");

const NON_FINITE: ReadonlyMap<unknown, number> = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

/** A number; non-finite ones come as strings. */
export const number: Narrow<number> = (value, where) =>
  typeof value === "number" ? value : (NON_FINITE.get(value) ?? refuse(value, where, "a number"));

export const finite: Narrow<number> = (value, where) =>
  typeof value === "number" && Number.isFinite(value) ? value : refuse(value, where, "a finite number");

/** An integer of at least zero. */
export const count: Narrow<number> = (value, where) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : refuse(value, where, "a whole number");

/** An integer of either sign. */
export const integer: Narrow<number> = (value, where) =>
  Number.isSafeInteger(value) ? (value as number) : refuse(value, where, "an integer");

export function oneOf<T extends string>(...choices: readonly T[]): Narrow<T> {
  return (value, where) =>
    choices.find((choice) => choice === value) ?? refuse(value, where, `one of ${choices.join(", ")}`);
}

/** `null`, an absent key, or what `narrow` takes. */
export function maybe<T>(narrow: Narrow<T>): Narrow<T | null> {
  return (value, where) => (value === null || value === undefined ? null : narrow(value, where));
}

export function list<T>(narrow: Narrow<T>): Narrow<readonly T[]> {
  return (value, where) =>
    Array.isArray(value)
      ? value.map((item: unknown, index) => narrow(item, `${where}[${index}]`))
      : refuse(value, where, "a list");
}

export function pair<T>(narrow: Narrow<T>): Narrow<readonly [T, T]> {
  return (value, where) => {
    if (!Array.isArray(value) || value.length !== 2) return refuse(value, where, "a list of two");
    return [narrow(value[0], `${where}[0]`), narrow(value[1], `${where}[1]`)];
  };
}

export function record<T>(narrow: Narrow<T>): Narrow<Readonly<Record<string, T>>> {
  return (value, where) =>
    Object.fromEntries(
      Object.entries(fields(value, where)).map(([key, item]) => [key, narrow(item, `${where}.${key}`)]),
    );
}

/** The top object of an answer, its version checked: unknown keys are ignored, a newer major number is refused by name. */
export function versioned(value: unknown, where: string): Fields {
  const top = fields(value, where);
  const [major, minor] = pair(count)(top["version"], `${where}.version`);
  if (major > MAJOR) {
    throw new NewerVersionError(
      `${where} has format ${major}.${minor}; this panel reads format ${MAJOR}. Update tensorboard_plugin_cnnviz.`,
    );
  }
  if (major < MAJOR) throw new WireError(`${where} has format ${major}.${minor}; this panel reads format ${MAJOR}.`);
  return top;
}
