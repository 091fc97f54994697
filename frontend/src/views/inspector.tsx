/** One filter looked at closely, beside the grid that it was chosen from. */
import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { MARKS } from "../caption";
import { filterTitle } from "../filter_title";
import type { Inspected } from "../inspection";
import { outsidePartOf } from "../outside_words";
import type { Panel } from "../panel";
import { aspectsOf } from "../pure/grid_shape";
import { layerScale } from "../pure/scale";
import { number, seconds as secondsText } from "../words";
import { EvolutionPart } from "./evolution";
import { Icon } from "./icons";
import { KernelPart } from "./kernel";
import { LargeMap } from "./large_map";

export function Inspector({ panel }: { panel: Panel }): JSX.Element | null {
  return panel.state.inspected.value === null ? null : <Drawer panel={panel} />;
}

function Drawer({ panel }: { panel: Panel }): JSX.Element {
  const drawer = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    // Whoever came by the keyboard goes on here; the pointer leaves the panel its keys.
    if (before instanceof HTMLElement && before !== document.body) drawer.current?.focus();
    if (drawer.current !== null) bringIntoView(drawer.current);
    // At once, as long as what holds the focus is in the page.
    return effect(() => {
      const closing = panel.state.inspected.value === null;
      const left = closing && drawer.current?.contains(document.activeElement) === true;
      if (left && before instanceof HTMLElement) before.focus();
    });
  }, [panel]);
  return (
    <aside
      ref={drawer}
      class={`inspector${panel.derived.stale.value ? " stale" : ""}`}
      aria-label="Inspector"
      tabIndex={-1}
      data-testid="inspector"
      onKeyDown={(event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (step === undefined || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
        panel.inspection.move(step);
        event.preventDefault();
      }}
    >
      <Head panel={panel} />
      <div class="inspector-body" role="group" aria-label="What the filter gives" tabIndex={0}>
        <div class="inspector-maps">
          <StripPart panel={panel} />
          <WindowPart panel={panel} />
          <KernelPart panel={panel} />
        </div>
        <EvolutionPart panel={panel} />
      </div>
    </aside>
  );
}

/** In a frame so narrow that the parts stand below each other, the filter that was asked for lies below what is in view. */
function bringIntoView(drawer: HTMLElement): void {
  const page = drawer.closest(".app");
  if (page === null || getComputedStyle(page).overflowY !== "auto") return;
  page.scrollTop += Math.max(drawer.getBoundingClientRect().top - page.getBoundingClientRect().top, 0);
}

function Head({ panel: { state, inspection, derived } }: { panel: Panel }): JSX.Element {
  const filter = state.inspected.value ?? 0;
  const map = inspection.strip.value ?? inspection.window.value;
  const order = derived.order.value?.filters ?? [];
  const place = order.indexOf(filter);
  const pinned = state.pinned.value.includes(filter);
  const title = `Filter ${map === null ? filter : filterTitle(map.shown, filter)}`;
  const facts =
    map === null ? "" : [sortedBy(derived, filter), factsOf(map)].filter((part) => part !== null).join("  ·  ");
  return (
    <header class="inspector-head">
      <h3
        aria-live="polite"
        title={map === null ? undefined : `${title} ${facts}\n${meaningOf(map)}`}
        data-testid="inspector-title"
      >
        {title}
        <small class="soft"> {facts}</small>
      </h3>
      <button
        type="button"
        class="button"
        disabled={place <= 0}
        title="The filter before it in the grid (, or ←)"
        aria-label="The filter before it in the grid"
        data-testid="inspector-before"
        onClick={() => {
          inspection.move(-1);
        }}
      >
        <Icon name="back" />
      </button>
      <button
        type="button"
        class="button"
        disabled={place === order.length - 1}
        title="The filter after it in the grid (. or →)"
        aria-label="The filter after it in the grid"
        data-testid="inspector-after"
        onClick={() => {
          inspection.move(1);
        }}
      >
        <Icon name="forward" />
      </button>
      <button
        type="button"
        class="button"
        aria-pressed={pinned}
        aria-label="Pin this filter to the evolution"
        title={
          pinned ? "Pinned: it stays in the evolution beside others" : "Pin: keep it in the evolution beside others"
        }
        data-testid="inspector-pin"
        onClick={() => {
          state.pin(filter, !pinned);
        }}
      >
        <Icon name="pin" />
      </button>
      <button
        type="button"
        class="button"
        aria-label="Close the inspector"
        title="Close (Esc)"
        data-testid="inspector-close"
        onClick={() => {
          state.inspect(null);
        }}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}

/** The score that its bar in the grid stands for; null where that is its strength. */
function sortedBy({ bars, scores }: Panel["derived"], filter: number): string | null {
  return bars.value === null ? null : (scores.value?.say(filter) ?? null);
}

/** What its statistics over the clip say. */
function factsOf({ shown: { picture }, filter }: Inspected): string {
  const { statistics, states } = picture;
  const state = states[filter] ?? "unknown";
  if (state !== "active") return MARKS[state].word;
  const { strengths } = layerScale(statistics, "filter");
  const share = Math.round(100 * (statistics.active[filter] ?? 0));
  return `strength ${number(strengths[filter] ?? 0)}  ·  mean ${number(statistics.mean[filter] ?? NaN)}  ·  ${share} % above 0`;
}

function meaningOf({ shown: { picture }, filter }: Inspected): string {
  const state = picture.states[filter] ?? "unknown";
  return state === "active"
    ? "Over the clip: strength is the largest value, at least 0; the mean of all values; the share of cells above 0"
    : `${MARKS[state].word}: ${MARKS[state].means}`;
}

function StripPart({ panel }: { panel: Panel }): JSX.Element {
  const { inspection, derived } = panel;
  const map = inspection.strip.value;
  const row = map?.shown.kind === "raster";
  const why = inspection.noStrip.value;
  const [start, end] = derived.seconds.value;
  const span = `${secondsText(Math.max(start, 0))} to ${secondsText(end)}`;
  const outside = map === null || map.shown.kind === "window" ? [] : outsidePartOf(map.shown.picture.maps, map.filter);
  const said = [span, ...outside].join("  ·  ");
  const flat = map !== null && map.shown.kind !== "window" && map.shown.picture.maps.rows === 1;
  return (
    <section class="inspector-strip" aria-label="The whole clip">
      <h4 class="title">
        {row ? "Row" : "Strip"} <span title={said}>{said}</span>
      </h4>
      {map === null ? null : (
        <LargeMap
          panel={panel}
          of="strip"
          map={inspection.strip}
          label={`Filter ${map.filter} over the whole clip`}
          style={{ height: flat ? FLAT : "var(--map-height)" }}
        />
      )}
      {why === null ? null : (
        <p class="soft" data-testid="inspector-no-strip">
          {row ? "Each window’s largest value. " : ""}No strip: {why}
        </p>
      )}
    </section>
  );
}

/** The height of maps of one row. */
const FLAT = "44px";

function WindowPart({ panel }: { panel: Panel }): JSX.Element {
  const { inspection, window, windowEdges, data } = panel;
  const map = inspection.window.value;
  const why = inspection.noWindow.value;
  const edges = windowEdges.value;
  const count = data.probe.value?.times.length ?? 0;
  return (
    <section aria-label="The present window">
      <h4 class="title">
        Window{" "}
        <span>
          {edges === null
            ? ""
            : `${(window.value ?? 0) + 1} of ${count}, ${secondsText(edges[0])} to ${secondsText(edges[1])}`}
        </span>
      </h4>
      {map === null ? null : (
        <LargeMap
          panel={panel}
          of="window"
          map={inspection.window}
          label={`Filter ${map.filter} for the present window`}
          style={windowSize(map)}
        />
      )}
      {why === null ? null : (
        <p class="soft" data-testid="inspector-no-window">
          No single windows: {why}
        </p>
      )}
    </section>
  );
}

/** In true aspect, as high as the strip where it is not wider than there is room. */
function windowSize({ shown }: Inspected): Readonly<Record<string, string>> {
  if (shown.kind !== "window") return {};
  const { maps } = shown.picture;
  if (maps.rows === 1) return { height: FLAT, width: maps.columns === 1 ? FLAT : "var(--window-width)" };
  const [aspect = 1] = aspectsOf(maps);
  return { aspectRatio: String(aspect), width: `min(${aspect} * var(--map-height), var(--window-width))` };
}
