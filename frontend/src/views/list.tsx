/** A list of which one is chosen: by a click, or with the keys while it has the focus. Only rows in view are in the page. */
import { useComputed, useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Panel } from "../panel";
import { rowsInView, rowsToDraw, scrollToRow } from "../pure/rows";
import { useSize } from "./size";

interface ChoiceListProps<T extends { readonly name: string }> {
  readonly panel: Panel;
  readonly label: string;
  readonly testId: string;
  readonly items: readonly T[];
  readonly chosen: string | null;
  readonly choose: (name: string) => void;
  readonly row: (item: T) => ComponentChildren;
  /** CSS pixels, the same for every row. */
  readonly rowHeight: number;
  readonly rowClass?: string;
  /** Where it changes the chosen row comes into view again. Rows that come or go by themselves move nothing. */
  readonly sought?: unknown;
  /** Where it changes the list is shown from its start. */
  readonly fromStart?: unknown;
  /** Called with the names in view whenever these change. */
  readonly look?: (names: readonly string[]) => void;
}

/** Rows drawn beyond either end of the view. */
const SPARE_ROWS = 8;

export function ChoiceList<T extends { readonly name: string }>(props: ChoiceListProps<T>): JSX.Element {
  const { items, chosen, rowHeight, testId, look } = props;
  const place = items.findIndex((item) => item.name === chosen);
  const height = useRef(0);
  // A chosen row that was in view stays in view; where it was out of view nothing moves.
  const { ref, size } = useSize<HTMLUListElement>(props.panel, (list) => {
    const placed = (within: number): number => scrollToRow(list.scrollTop, within, rowHeight, place);
    if (place >= 0 && placed(height.current) === list.scrollTop) list.scrollTop = placed(list.clientHeight);
    height.current = list.clientHeight;
  });
  const top = useSignal(0);
  // Through signals of single rows: scrolling by less than a row draws nothing again.
  const first = useComputed(() => rowsInView(top.value, size.value.height, rowHeight, Infinity)[0]);
  const end = useComputed(() => rowsInView(top.value, size.value.height, rowHeight, Infinity)[1]);
  const count = items.length;
  const from = Math.min(count, first.value);
  const to = Math.min(count, end.value);

  const isListed = place >= 0;
  useEffect(() => {
    const list = ref.current;
    if (list === null || !isListed) return;
    list.scrollTop = scrollToRow(list.scrollTop, list.clientHeight, rowHeight, place);
  }, [ref, chosen, isListed, props.sought, rowHeight]);
  const started = useRef(props.fromStart);
  useEffect(() => {
    if (started.current === props.fromStart) return;
    started.current = props.fromStart;
    if (ref.current !== null) ref.current.scrollTop = 0;
  }, [ref, props.fromStart]);
  useEffect(() => {
    look?.(items.slice(from, to).map(({ name }) => name));
  }, [look, items, from, to]);

  return (
    <ul
      ref={ref}
      class="list"
      role="listbox"
      tabIndex={0}
      aria-label={props.label}
      aria-activedescendant={place < 0 ? undefined : `${testId}-${place}`}
      data-testid={testId}
      style={{ "--row": `${rowHeight}px` }}
      onScroll={(event) => {
        top.value = event.currentTarget.scrollTop;
      }}
      onKeyDown={(event) => {
        const page = Math.max(1, Math.floor(size.peek().height / rowHeight) - 1);
        const distance = distanceOf(event.key, page, count);
        if (distance === 0 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
        event.preventDefault();
        event.stopPropagation();
        const item = items[Math.min(count - 1, Math.max(0, place + distance))];
        if (item !== undefined) props.choose(item.name);
      }}
    >
      <li role="presentation" style={{ height: `${count * rowHeight}px` }} />
      {rowsToDraw([from, to], SPARE_ROWS, count, place).map((index) => {
        const item = items[index];
        if (item === undefined) return null;
        return (
          <li
            key={item.name}
            id={`${testId}-${index}`}
            class={props.rowClass === undefined ? "row" : `row ${props.rowClass}`}
            role="option"
            aria-selected={item.name === chosen}
            aria-setsize={count}
            aria-posinset={index + 1}
            data-name={item.name}
            style={{ top: `${index * rowHeight}px` }}
            onClick={() => {
              props.choose(item.name);
            }}
          >
            {props.row(item)}
          </li>
        );
      })}
    </ul>
  );
}

function distanceOf(key: string, page: number, count: number): number {
  switch (key) {
    case "ArrowDown":
      return 1;
    case "ArrowUp":
      return -1;
    case "PageDown":
      return page;
    case "PageUp":
      return -page;
    case "End":
      return count;
    case "Home":
      return -count;
    default:
      return 0;
  }
}
