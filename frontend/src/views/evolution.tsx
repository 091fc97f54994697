/** Filters across, epochs down: how each became what it is. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { effect } from "@preact/signals";

import type { Shown } from "../derived";
import type { EvolutionRow } from "../evolution";
import type { Spacing } from "../inspecting";
import type { Panel } from "../panel";
import { MOST_EPOCHS } from "../pure/epochs";
import { layerScale } from "../pure/scale";
import { onsetScore } from "../pure/sort";
import { timeToX } from "../pure/timing";
import { number, score, stepName } from "../words";
import { Canvas } from "./canvas";
import type { Surface } from "./surface";
import { Choice } from "./choice";
import { SoloMap } from "./solo_map";

const SPACINGS: readonly (readonly [Spacing, string])[] = [
  ["even", "evenly"],
  ["change", "largest change"],
];

export function EvolutionPart({ panel }: { panel: Panel }): JSX.Element {
  const { state, evolution, time, derived } = panel;
  const table = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      effect(() => {
        const share = timeToX(time.value, derived.seconds.value, 1);
        table.current?.style.setProperty("--now", `${100 * Math.min(Math.max(share, 0), 1)}%`);
      }),
    [time, derived],
  );
  const inspected = state.inspected.value ?? 0;
  const filters = [inspected, ...state.pinned.value.filter((filter) => filter !== inspected)];
  const rows = evolution.rows.value;
  const among = evolution.among.value;
  return (
    <section class="evolution" aria-label="Evolution">
      <div class="evolution-head">
        <h4 class="title">Evolution</h4>
        {among > MOST_EPOCHS ? (
          <label class="field">
            <span>
              {rows.length} of {among.toLocaleString("en")} epochs
            </span>
            <Choice
              testId="evolution-spacing"
              options={SPACINGS}
              chosen={state.spacing.value}
              choose={state.chooseSpacing}
            />
          </label>
        ) : null}
      </div>
      {among === 0 ? (
        <p class="soft" data-testid="no-evolution">
          None: a single epoch has maps.
        </p>
      ) : (
        <>
          <p class="soft" data-testid="evolution-scale">
            {scaleText(panel)}
          </p>
          <div
            ref={table}
            class="evolution-table"
            role="table"
            aria-label="Epochs down, filters across"
            style={{ gridTemplateColumns: `auto repeat(${filters.length}, minmax(96px, 1fr))` }}
          >
            <Columns panel={panel} filters={filters} />
            {rows.map((row) => (
              <Row key={row.entry.step} panel={panel} row={row} filters={filters} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}

function scaleText({ evolution }: Panel): string {
  const whose = evolution.scale.value === "layer" ? "the layer’s" : "each filter’s";
  const over = evolution.problem.value === null ? "any epoch" : "these epochs";
  return `One scale for all epochs: black is zero, full is ${whose} largest value at ${over}.`;
}

function Columns({ panel, filters }: { panel: Panel; filters: readonly number[] }): JSX.Element {
  const divisors = panel.evolution.paint.value?.divisors;
  const { state } = panel;
  return (
    <div class="evolution-row" role="row">
      <span role="columnheader" />
      {filters.map((filter) => (
        <span key={filter} role="columnheader" class="evolution-filter">
          {state.inspected.value === filter ? (
            <strong>{filter}</strong>
          ) : (
            <button
              type="button"
              class="button"
              title={`Inspect filter ${filter}`}
              onClick={() => {
                state.inspect(filter);
              }}
            >
              {filter}
            </button>
          )}
          <small class="soft">{divisors === undefined ? "" : `full ${number(divisors[filter] ?? NaN)}`}</small>
        </span>
      ))}
    </div>
  );
}

interface RowProps {
  readonly panel: Panel;
  readonly row: EvolutionRow;
  readonly filters: readonly number[];
}

function Row({ panel, row, filters }: RowProps): JSX.Element {
  const { state } = panel;
  const { step, record } = row.entry;
  const name = stepName(step, record?.batch ?? null);
  const here = state.step.value === step;
  return (
    <div class="evolution-row" role="row">
      <span role="rowheader">
        <button
          type="button"
          class="button epoch"
          aria-pressed={here}
          title={`Show ${name}`}
          data-testid={`evolution-epoch-${step}`}
          onClick={() => {
            state.chooseStep(step);
          }}
        >
          {name}
        </button>
      </span>
      {filters.map((filter) => (
        <Cell key={filter} panel={panel} row={row} filter={filter} />
      ))}
    </div>
  );
}

function Cell({ panel, row, filter }: { panel: Panel; row: EvolutionRow; filter: number }): JSX.Element {
  const solo = useMemo(() => new SoloMap(), []);
  const { shown, entry } = row;
  if (typeof shown === "string") {
    return (
      <span role="cell" class="soft evolution-why">
        {shown}
      </span>
    );
  }
  const name = stepName(entry.step, entry.record?.batch ?? null);
  const draw = (surface: Surface) => {
    // By its own epoch: what is drawn comes with the row, which changes when its maps have come.
    const paint = panel.evolution.paint.value;
    const drawn = panel.evolution.rows.value.find((each) => each.entry.step === entry.step)?.shown ?? null;
    if (paint === null || drawn === null || typeof drawn === "string") return;
    solo.draw(surface, { shown: drawn, filter, paint, seconds: panel.derived.seconds.value, window: 0 });
  };
  const words = shown === null ? "…" : said(shown, filter);
  return (
    <span role="cell">
      <span class="evolution-map">
        <Canvas
          panel={panel}
          testId={`evolution-${entry.step}-${filter}`}
          label={`Filter ${filter}, ${name}`}
          draw={draw}
        />
      </span>
      <small class="soft" title={`${words}\n${SAID}`} data-testid={`evolution-said-${entry.step}-${filter}`}>
        {words}
      </small>
    </span>
  );
}

const SAID =
  "The filter's strength and its onset score at this epoch: " +
  "1 answers to changes in time only (an onset), 0 to changes along frequency only (a harmonic)";

function said(shown: Shown, filter: number): string {
  const strength = layerScale(shown.picture.statistics, "filter").strengths[filter] ?? 0;
  const onset = shown.kind === "strip" ? onsetScore(shown.picture.maps, filter) : NaN;
  return `${number(strength)}${Number.isNaN(onset) ? "" : `  ·  onset ${score(onset)}`}`;
}
