/** A select of named values, some of which may be refused with a reason. */
import type { JSX } from "preact";

interface ChoiceProps<T extends string> {
  readonly testId: string;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly chosen: T;
  readonly choose: (value: T) => void;
  /** Why a value cannot be chosen now, or null. */
  readonly refused?: (value: T) => string | null;
  readonly class?: string;
  readonly label?: string;
  readonly style?: Readonly<Record<string, string>>;
}

export function Choice<T extends string>(props: ChoiceProps<T>): JSX.Element {
  const { testId, options, chosen, choose, refused = () => null, label } = props;
  const reasons = options.map(([value]) => refused(value));
  // The whole of what is chosen first: a long name is cut in the box.
  const text = options.find(([value]) => value === chosen)?.[1];
  const hint = reasons.find((reason) => reason !== null) ?? label;
  return (
    <select
      class={props.class ?? "select"}
      style={props.style}
      data-testid={testId}
      aria-label={label}
      value={chosen}
      title={[text, hint].filter((part) => part !== undefined).join("\n")}
      onChange={(event) => {
        const option = options.find(([value]) => value === event.currentTarget.value);
        if (option !== undefined) choose(option[0]);
      }}
    >
      {options.map(([value, text], index) => (
        <option key={value} value={value} disabled={reasons[index] !== null} title={reasons[index] ?? undefined}>
          {text}
        </option>
      ))}
    </select>
  );
}
