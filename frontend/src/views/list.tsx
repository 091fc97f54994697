/** A list of which one is chosen: by a click, or with the arrow keys while it has the focus. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface ChoiceListProps<T extends { readonly name: string }> {
  readonly label: string;
  readonly testId: string;
  readonly items: readonly T[];
  readonly chosen: string | null;
  readonly choose: (name: string) => void;
  readonly move: (distance: number) => void;
  readonly row: (item: T, index: number) => ComponentChildren;
}

export function ChoiceList<T extends { readonly name: string }>(props: ChoiceListProps<T>): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  const { items, chosen } = props;
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen, items.length]);
  const place = items.findIndex((item) => item.name === chosen);
  return (
    <ul
      ref={list}
      class="list"
      role="listbox"
      tabIndex={0}
      aria-label={props.label}
      aria-activedescendant={place < 0 ? undefined : `${props.testId}-${place}`}
      data-testid={props.testId}
      onKeyDown={(event) => {
        const distance = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
        if (distance === 0) return;
        event.preventDefault();
        event.stopPropagation();
        props.move(distance);
      }}
    >
      {items.map((item, index) => (
        <li
          key={item.name}
          id={`${props.testId}-${index}`}
          class="row"
          role="option"
          aria-selected={item.name === chosen}
          data-name={item.name}
          onClick={() => {
            props.choose(item.name);
          }}
        >
          {props.row(item, index)}
        </li>
      ))}
    </ul>
  );
}
