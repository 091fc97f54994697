/** How the layer's filters answer to the classes: a table of filters by classes, each cell a way to a filter and a clip. */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";

import type { Classes as Shown } from "../classes";
import type { Panel } from "../panel";
import { cellAt, classGrid, movedCell, NUMBERS, type Cell, type ClassGrid } from "../pure/class_layout";
import {
  CLIPS_OF_A_CLASS,
  CLIPS_OF_A_PART,
  LARGEST_Z,
  zColour,
  type ClassColumn,
  type Part,
} from "../pure/class_table";
import { measureText } from "../painting/recording";
import { scrollToRow } from "../pure/rows";
import { stepUnit } from "../selection";
import { canvasFont } from "../type_scale";
import { count, number, stepNameAs } from "../words";
import { AgainButton } from "./again_button";
import { Canvas } from "./canvas";
import type { Surface } from "./surface";
import { drawClasses, outlineCell, readCell } from "./classes_drawing";
import { GridProblem } from "./grid_problem";
import { useSize } from "./size";
import { Notice } from "./states";
import { ViewSwitch } from "./view_switch";

export function Classes({ panel }: { panel: Panel }): JSX.Element {
  const { classes } = panel;
  const cell = useSignal<Cell | null>(null);
  const shown = classes.shown.value;
  const failed = classes.resource.value.status === "failed";
  const table = failed || classes.why.value !== null ? null : shown;
  return (
    <section class="grid" aria-label="Classes" aria-busy={classes.resource.value.status === "loading"}>
      <ClassesBar panel={panel} />
      {table === null ? <Problem panel={panel} /> : null}
      {table === null ? <div class="scroller" /> : <Table panel={panel} shown={table} cell={cell} />}
      {table === null ? (
        <div class="grid-foot" />
      ) : (
        <ClassesFoot panel={panel} text={cell.value === null ? "" : readCell(table, cell.value)} />
      )}
    </section>
  );
}

function Problem({ panel }: { panel: Panel }): JSX.Element {
  const { resource, why, retry } = panel.classes;
  if (resource.value.status === "failed") {
    return <Notice what="The table of classes cannot be made." why={resource.value.reason} retry={retry} />;
  }
  if (why.value !== null) return <Notice what="There is nothing to compare." why={`Of classes: ${why.value}.`} />;
  return <GridProblem panel={panel} />;
}

function ClassesBar({ panel }: { panel: Panel }): JSX.Element {
  const { classes, state } = panel;
  const shown = classes.shown.value;
  const name = shown?.layer.name ?? state.layerName.value ?? "";
  const whyNot = classes.whyNotParted.value;
  const since = shown === null || shown.orderedAt === shown.step ? null : shown.orderedAt;
  return (
    <div class="grid-bar">
      <h2 data-testid="classes-title" title={name}>
        {name} {shown === null ? null : <small>{count(shown.layer.filters, "filter")}</small>}
      </h2>
      <ViewSwitch panel={panel} />
      <button
        type="button"
        class="button outlined"
        aria-pressed={classes.parted.value}
        disabled={whyNot !== null && !classes.parted.value}
        title={
          whyNot ??
          "The clips of a class that the network gets right beside those that it gets wrong, where it has three of both"
        }
        data-testid="classes-parted"
        onClick={() => {
          classes.part(!classes.parted.peek());
        }}
      >
        Right | wrong
      </button>
      {since === null ? null : (
        <AgainButton
          label="Sort again for the epoch that is shown now"
          title={`Sorted by preferred class at ${stepNameAs(stepUnit(state.steps.value?.steps ?? []), since)}. Sort for what is shown now.`}
          testId="classes-again"
          onClick={classes.sortAgain}
        />
      )}
      <span class="space" />
      <span
        class="scale"
        data-testid="classes-legend"
        title="Mean response to the class's clips, in standard deviations from the mean over all labelled clips; further ones have the colour of the end"
      >
        z −{LARGEST_Z}
        <i class="z-ramp" style={{ backgroundImage: `linear-gradient(to right, ${STOPS.join(", ")})` }} />+{LARGEST_Z}
      </span>
    </div>
  );
}

const STOPS = [-LARGEST_Z, 0, LARGEST_Z].map((z) => zColour(z) ?? "");

interface TableProps {
  readonly panel: Panel;
  readonly shown: Shown;
  readonly cell: { value: Cell | null; peek(): Cell | null };
}

function Table({ panel, shown, cell }: TableProps): JSX.Element {
  const { ref, size } = useSize<HTMLDivElement>(panel);
  const top = useSignal(0);
  // The size is of the border box: the room of the scroll bar is kept free, whether or not there is one.
  const width = useComputed(() => Math.max(size.value.width - SCROLL_BAR, 0));
  const { classes } = panel;
  const grid = useComputed((): ClassGrid | null => {
    const now = classes.shown.value;
    return now === null ? null : classGrid(width.value, size.value.height, now.order.length, now.table.columns.length);
  });
  useSignalEffect(() => {
    const now = grid.value;
    const at = cell.value;
    if (now !== null && at !== null && (at.row >= now.rows || at.column >= now.columns)) cell.value = null;
  });
  const draw = useMemo(
    () => (surface: Surface, element: HTMLCanvasElement) => {
      const [now, own] = [classes.shown.value, grid.value];
      if (now === null || own === null) return;
      drawClasses(surface, now, own, top.value);
      if (cell.value !== null) outlineCell(surface, own, cell.value, top.value);
      const drawn = { step: now.step, layer: now.layer.name, columns: own.columns, top: top.value };
      const rows = {
        left: own.left,
        columnWidth: own.columnWidth,
        rowHeight: own.rowHeight,
        order: now.order.join(" "),
      };
      for (const [key, value] of Object.entries({ ...drawn, ...rows })) element.dataset[key] = String(value);
    },
    [classes, grid, top, cell],
  );
  const placeOf = (event: PointerEvent): Cell | null => {
    const box = ref.current?.getBoundingClientRect();
    const own = grid.peek();
    return box === undefined || own === null
      ? null
      : cellAt(own, event.clientX - box.left, event.clientY - box.top + top.peek());
  };
  /** Of clicks browsers tell whole pixels only, which may lie in another row. */
  const pressed = useRef<Cell | null>(null);
  const leadTo = (at: Cell | null) => {
    const column = at === null ? undefined : shown.table.columns[at.column];
    const filter = at === null ? undefined : shown.order[at.row];
    if (column === undefined || filter === undefined) return;
    lead(panel, filter, shown.strongest(filter, column));
  };
  const own = grid.value;
  return (
    <>
      {own === null ? null : <Heads shown={shown} grid={own} height={ref.current?.parentElement?.clientHeight ?? 0} />}
      <div
        ref={ref}
        class="scroller"
        role="group"
        aria-label={`${count(shown.order.length, "filter")} by ${count(shown.table.columns.length, "class", "classes")}: arrows go from cell to cell, Enter to its filter and clip`}
        tabIndex={0}
        data-testid="classes-scroller"
        onScroll={(event) => {
          top.value = event.currentTarget.scrollTop;
        }}
        onPointerMove={(event) => {
          cell.value = placeOf(event);
        }}
        onPointerDown={(event) => {
          pressed.current = placeOf(event);
        }}
        onPointerLeave={() => {
          cell.value = null;
        }}
        onClick={() => {
          leadTo(pressed.current ?? cell.peek());
          pressed.current = null;
        }}
        onKeyDown={(event) => {
          if (own === null || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
          if (event.key === "Enter") leadTo(cell.peek());
          else {
            const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / own.rowHeight) - 1);
            const start = cell.peek();
            const next =
              start === null && event.key.startsWith("Arrow") ? FIRST : movedCell(own, start ?? FIRST, event.key, page);
            if (next === null) return;
            cell.value = next;
            const area = event.currentTarget;
            area.scrollTop = scrollToRow(area.scrollTop, area.clientHeight, own.rowHeight, next.row);
          }
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <div class="sheet">
          <div style={{ position: "relative", height: `${size.value.height}px`, width: `${width.value}px` }}>
            <Canvas panel={panel} testId="class-table" label={null} draw={draw} />
          </div>
        </div>
        <div style={{ height: `${(own?.rows ?? 0) * (own?.rowHeight ?? 0)}px` }} />
      </div>
    </>
  );
}

const FIRST: Cell = { row: 0, column: 0 };
const SCROLL_BAR = 16;
/** Upright, names need not be broken, but take the room of rows. */
const NARROW = 36;
const UPRIGHT = 100;
const HIGH = 330;
/** Beside a name. */
const INSET = 4;

/** How names stand in the widths that they have, above a table that is so high, heads and all. */
function standing(
  heads: readonly (readonly [name: string, width: number])[],
  height: number,
): "upright" | "tight" | "" {
  const mean = heads.reduce((sum, [, width]) => sum + width, 0) / heads.length;
  if (mean < NARROW) return "upright";
  const font = canvasFont("note");
  const fits = ([name, width]: readonly [name: string, width: number]): boolean =>
    name.split(" ").every((word) => measureText(word, font).width + INSET <= width);
  if (heads.every(fits)) return "";
  return mean < UPRIGHT && height >= HIGH ? "upright" : "tight";
}

interface HeadsProps {
  readonly shown: Shown;
  readonly grid: ClassGrid;
  /** Of the whole view. */
  readonly height: number;
}

function Heads({ shown, grid, height }: HeadsProps): JSX.Element {
  const heads = new Map<string, ClassColumn[]>();
  for (const column of shown.table.columns) heads.set(column.name, [...(heads.get(column.name) ?? []), column]);
  const stand = standing(
    [...heads].map(([name, columns]) => [name, columns.length * grid.columnWidth]),
    height,
  );
  return (
    <div class={`class-heads ${stand}`} style={{ paddingLeft: `${NUMBERS}px` }}>
      {[...heads].map(([name, columns]) => {
        const few = columns.every(({ part, clips }) => part === "all" && clips.length < CLIPS_OF_A_CLASS);
        const counts = columns.map(({ part, clips }) =>
          part === "all" ? count(clips.length, "clip") : `${clips.length} ${part}`,
        );
        const warning = few ? `. Fewer than ${CLIPS_OF_A_CLASS}: this compares clips, not classes` : "";
        return (
          <div
            key={name}
            class={`${few ? "few" : ""}${columns.length * grid.columnWidth < NARROW ? " slim" : ""}`}
            style={{ width: `${columns.length * grid.columnWidth}px` }}
            title={`${name}: ${counts.join(", ")}${warning}`}
            data-class={name}
          >
            <span>{name}</span>
            <div class="class-parts">
              {columns.map(({ part, clips }) => (
                <small key={part} class={part} data-part={part} data-clips={clips.length}>
                  {SIGNS[part]} {clips.length}
                </small>
              ))}
            </div>
          </div>
        );
      })}
      <div
        class="class-selectivity"
        title="Class selectivity of Morcos et al. 2018: 0 the same for all classes, 1 for one alone"
      >
        selectivity
      </div>
    </div>
  );
}

const SIGNS: Readonly<Record<Part, string>> = { all: "n", right: "✓", wrong: "✗" };

function lead(panel: Panel, filter: number, clip: string | null): void {
  if (clip !== null) panel.state.chooseClip(clip);
  panel.state.chooseView("filters");
  panel.finding.find(String(filter));
}

/** Why the class of the clip that is shown is not told apart, where others are. */
function unparted({ classes, state }: Panel): string | null {
  const [name] = state.clip.value?.labels ?? [];
  const own = classes.shown.value?.table.columns.find((column) => column.name === name);
  if (!classes.parted.value || name === undefined || own?.part !== "all") return null;
  return `${name} is not told apart: it has fewer than ${CLIPS_OF_A_PART} right or ${CLIPS_OF_A_PART} wrong clips at this epoch`;
}

function ClassesFoot({ panel, text }: { panel: Panel; text: string }): JSX.Element {
  const few = panel.classes.fewClips.value;
  const honest =
    unparted(panel) ??
    (few.length === 0
      ? "means of clips, z-scored over the labelled clips; a click shows the filter and the clip it answers to most"
      : `compares clips, not classes: ${few.length === 1 ? (few[0] ?? "") : `${number(few.length)} classes`} ${
          few.length === 1 ? "has" : "have"
        } fewer than ${CLIPS_OF_A_CLASS} clips`);
  return (
    <div class={text === "" ? "grid-foot" : "grid-foot pointing"}>
      <output class={text === "" ? "soft" : ""} aria-live="polite" data-testid="classes-readout" title={text}>
        {text === "" ? "Point at a cell to read it" : text}
      </output>
      <span
        class="caption"
        data-testid="classes-caption"
        title={few.length === 0 ? honest : `${honest} (${few.join(", ")})`}
      >
        {honest}
      </span>
    </div>
  );
}
