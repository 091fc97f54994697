/** Each filter's numbers over both clips as pairs of bars, sorted by how much they differ. Only rows in view are in the page. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";

import type { Ready } from "../compare";
import { filterTitleOf } from "../filter_title";
import type { Panel } from "../panel";
import { rowsInView, rowsToDraw } from "../pure/rows";
import { barOf, barRange, measured, MEASURES, type Measure } from "../pure/summaries";
import { number } from "../words";
import { useSize } from "./size";

const NAMES: Readonly<Record<Measure, { readonly name: string; readonly title: string }>> = {
  strength: { name: "strength", title: "max(0, largest value over the clip)" },
  mean: { name: "mean", title: "Mean over all cells of the clip" },
  active: { name: "cells above zero", title: "Share of the clip's cells that are above zero" },
};
const ROW = 30;
const SPARE = 8;

interface Column {
  readonly measure: Measure;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly range: readonly [low: number, high: number];
}

export function CompareSummaries({ panel, compared }: { panel: Panel; compared: Ready }): JSX.Element {
  const { compare } = panel;
  const { ref, size } = useSize<HTMLDivElement>(panel);
  const top = useSignal(0);
  const hovered = useSignal<number | null>(null);
  const columns = columnsOf(compared);
  const filters = compare.order.value?.filters ?? [];
  const view = rowsInView(top.value, size.value.height, ROW, filters.length);
  const note = noteOf(compared);
  const pointed = hovered.value;
  return (
    <>
      {compared.why === null ? null : (
        <p class="compare-why" role="note" data-testid="compare-why">
          Not cell by cell: {compared.why}. The numbers of each filter instead:
        </p>
      )}
      <div class="pairs-head" role="group" aria-label="Sort by the difference of">
        <span>filter</span>
        {columns.map(({ measure, range }) => (
          <button
            key={measure}
            type="button"
            class="button"
            aria-pressed={compare.measure.value === measure}
            title={`${NAMES[measure].title}. Sort by its difference`}
            data-testid={`measure-${measure}`}
            onClick={() => {
              compare.measure.value = measure;
            }}
          >
            {NAMES[measure].name}
            <small>
              {said(measure, range[0])} to {said(measure, range[1])}
            </small>
          </button>
        ))}
      </div>
      <div
        ref={ref}
        class={`scroller pairs${compare.stale.value ? " stale" : ""}`}
        data-testid="compare-rows"
        onScroll={(event) => {
          top.value = event.currentTarget.scrollTop;
        }}
        onPointerLeave={() => {
          hovered.value = null;
        }}
      >
        <div style={{ height: `${filters.length * ROW}px` }} />
        {rowsToDraw(view, SPARE, filters.length, -1).map((place) => {
          const filter = filters[place] ?? 0;
          const text = textOf(compared, columns, filter);
          return (
            <button
              key={filter}
              type="button"
              class="pair"
              aria-label={text}
              style={{ top: `${place * ROW}px`, height: `${ROW}px` }}
              data-filter={filter}
              onPointerEnter={() => {
                hovered.value = filter;
              }}
              onFocus={() => {
                hovered.value = filter;
              }}
              onClick={() => {
                panel.state.chooseView("filters");
                panel.finding.find(String(filter));
              }}
            >
              <span class="name">{nameOf(compared, filter)}</span>
              {columns.map((column) => (
                <Bars key={column.measure} column={column} filter={filter} />
              ))}
            </button>
          );
        })}
      </div>
      <div class="grid-foot">
        <output class={pointed === null ? "soft" : ""} aria-live="off" data-testid="readout">
          {pointed === null
            ? "A (grey): the reference, B (blue): shown. Point at a filter to read its numbers"
            : textOf(compared, columns, pointed)}
        </output>
        <span class="caption" data-testid="grid-caption" title={note}>
          {note}
        </span>
      </div>
    </>
  );
}

/** Both of one range, A above B, from the line of zero. */
function Bars({ column: { measure, a, b, range }, filter }: { column: Column; filter: number }): JSX.Element {
  const zero = barOf(0, range).from;
  return (
    <span class="bars-of-two" style={{ "--zero": `${100 * zero}%` }}>
      {[
        ["a", a[filter] ?? NaN],
        ["b", b[filter] ?? NaN],
      ].map(([side, value]) => {
        const { from, width } = barOf(Number(value), range);
        return (
          <i
            key={side}
            class={`bar-of ${String(side)}`}
            style={{ left: `${100 * from}%`, width: `${100 * width}%` }}
            data-measure={measure}
            data-value={value}
          />
        );
      })}
    </span>
  );
}

function columnsOf({ side, b }: Ready): Column[] {
  return MEASURES.map((measure) => {
    const [before, now] = [measured(side.numbers.statistics, measure), measured(b.statistics, measure)];
    return { measure, a: before, b: now, range: barRange(before, now) };
  });
}

function said(measure: Measure, value: number): string {
  return measure === "active" ? `${number(100 * value)} %` : number(value);
}

function textOf(compared: Ready, columns: readonly Column[], filter: number): string {
  const parts = columns.map(({ measure, a, b }) => {
    const [before, now] = [a[filter] ?? NaN, b[filter] ?? NaN];
    const more = now > before ? "+" : "";
    return `${NAMES[measure].name} A ${said(measure, before)}, B ${said(measure, now)}, B − A ${more}${said(measure, now - before)}`;
  });
  return [`Filter ${nameOf(compared, filter)}`, ...parts].join("  ·  ");
}

function nameOf({ b }: Ready, filter: number): string {
  return filterTitleOf(b, b.statistics.max.length, filter);
}

function noteOf({ side, b }: Ready): string {
  if (side.target.run !== b.run) {
    return "filters of two runs share numbers, not meanings, unless both began with the same weights";
  }
  return side.target.clip === b.clip
    ? ""
    : "numbers over each whole clip: cells of two clips stand for different sounds";
}
