/** Loss and metrics over the epochs, and the handle by which an epoch is chosen: a click, a drag, or the arrow keys. */
import { effect, useComputed, useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { HTMLAttributes, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";

import type { Panel } from "../panel";
import { alignedColumns, knownSteps, nearestStep, stepRange } from "../pure/curve_axis";
import { shownPanes, trainingPanes, type Pane } from "../pure/curves";
import type { Scope } from "../scope";
import { stepUnit } from "../selection";
import { stepNameAs } from "../words";
import { createCurvePlot, type Marks } from "./curve_plot";
import { PointedStep, type PointedPlace } from "./curve_pointer";
import { CurveTitle, LineNames, WhatChanged } from "./curve_title";

/** Of a training. Nothing where neither loss nor metrics were logged. */
export function Curves({ panel }: { panel: Panel }): JSX.Element | null {
  const { state, curves } = panel;
  const panes = useComputed(() => trainingPanes(state.series.value, state.steps.value?.steps ?? []));
  const shown = useComputed(() => shownPanes(panes.value, curves.value));
  const marks = useComputed((): Marks => {
    const logged = (state.steps.value?.steps ?? []).map(({ step }) => step);
    return { logged, chosen: state.step.value, range: stepRange(shown.value, logged) ?? [0, 1] };
  });
  /** The step under the pointer, in both panes. */
  const pointed = useSignal<number | null>(null);
  const { logged, chosen } = marks.value;
  const unit = stepUnit(state.steps.value?.steps ?? []);
  if (logged.length < 2) return <CurvesToCome />;
  if (shown.value.length === 0) return null;
  return (
    <section class="curves" aria-label="Training curves" data-testid="curves">
      {shown.value.map((pane, index) => (
        <div class="curve" key={index} data-testid={`curve-${pane.title}`}>
          <div class="curve-title">
            <CurveTitle panes={panes.value} shown={shown.value} place={index === 0 ? 0 : 1} panel={panel} />
            <LineNames pane={pane} chosen={chosen} />
            {index === 0 ? <WhatChanged panel={panel} /> : null}
          </div>
          <div
            // The panes are one and the same slider: only the first is told to those who do not see them.
            {...(index === 0 ? sliderRole(marks.value, unit) : { "aria-hidden": true })}
            onKeyDown={(event) => {
              if (!moveByKey(event.key, panel)) return;
              event.preventDefault();
              event.stopPropagation();
            }}
          >
            <Plot panel={panel} title={pane.title} panes={shown} marks={marks} pointed={pointed} />
          </div>
        </div>
      ))}
    </section>
  );
}

/** As high as the curves will be: what stands below must not move when the first epoch ends. */
function CurvesToCome(): JSX.Element {
  return (
    <section class="curves" aria-label="Training curves" data-testid="curves-to-come">
      <div class="curve">
        <div class="curve-title">Loss and metrics follow with the first epoch.</div>
        <div class="curve-plot" style={{ cursor: "auto" }} />
      </div>
    </section>
  );
}

function sliderRole({ logged, chosen }: Marks, unit: "epoch" | "step"): HTMLAttributes<HTMLDivElement> {
  return {
    role: "slider",
    tabIndex: 0,
    "aria-label": unit === "step" ? "Step" : "Epoch",
    "aria-valuemin": logged[0] ?? 0,
    "aria-valuemax": logged.at(-1) ?? 0,
    "aria-valuenow": chosen ?? 0,
    "aria-valuetext": stepNameAs(unit, chosen ?? 0),
  };
}

function moveByKey(key: string, { state }: Panel): boolean {
  const steps = state.steps.value?.steps ?? [];
  const ends = { Home: steps[0], End: steps.at(-1) } as const;
  if (key === "ArrowLeft" || key === "ArrowDown") state.moveStep(-1);
  else if (key === "ArrowRight" || key === "ArrowUp") state.moveStep(1);
  else if (key === "Home" || key === "End") state.chooseStep(ends[key]?.step ?? 0);
  else return false;
  return true;
}

interface PlotProps {
  readonly panel: Panel;
  readonly title: string;
  readonly panes: ReadonlySignal<readonly Pane[]>;
  readonly marks: ReadonlySignal<Marks>;
  readonly pointed: Signal<number | null>;
}

function Plot({ panel, title, panes, marks, pointed }: PlotProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const place = useSignal<PointedPlace | null>(null);
  const pane = panes.value.find((each) => each.title === title);
  // Another set of lines is another chart; more points of the same lines are not.
  const identity = JSON.stringify(pane?.lines.map(({ name }) => name) ?? []);
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const scope = panel.scope.child();
    keepPlot(element, scope, { panel, title, panes, marks, pointed }, place);
    return () => {
      scope.close();
    };
  }, [panel, title, panes, marks, pointed, place, identity]);
  const unit = stepUnit(panel.state.steps.value?.steps ?? []);
  return (
    <div class="curve-room">
      <div class="curve-plot" ref={host} />
      {pane === undefined ? null : <PointedStep lines={pane.lines} place={place.value} unit={unit} />}
    </div>
  );
}

function keepPlot(
  host: HTMLElement,
  scope: Scope,
  { panel, title, panes, marks, pointed }: PlotProps,
  place: Signal<PointedPlace | null>,
): void {
  const paneOf = (): Pane | undefined => panes.value.find((pane) => pane.title === title);
  let plot: uPlot | null = null;
  scope.onResize(host, (width, height) => {
    const pane = paneOf();
    if (width < 1 || height < 1 || pane === undefined) return;
    if (plot === null) {
      plot = createCurvePlot(host, pane, () => marks.peek(), width, height);
      plot.ctx.canvas.dataset["testid"] = `plot-${title}`;
    } else plot.setSize({ width, height });
  });
  const update = (): void => {
    const pane = paneOf();
    // Another number of lines is another chart, which is on its way.
    if (pane !== undefined && plot?.series.length === pane.lines.length + 1) plot.setData(alignedColumns(pane));
  };
  for (const changing of [panes, marks, panel.theme]) scope.onClose(changing.subscribe(update));
  scope.onClose(() => plot?.destroy());

  let dragging = false;
  const stepUnder = (event: PointerEvent, steps: readonly number[]): number | null => {
    if (plot === null) return null;
    return nearestStep(steps, plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, "x"));
  };
  const choose = (event: PointerEvent, moving: boolean): void => {
    const step = stepUnder(event, marks.peek().logged);
    if (step !== null && step !== panel.state.step.peek()) panel.state.chooseStep(step, moving);
  };
  scope.listen(host, "pointerdown", (event) => {
    if (event.button !== 0) return;
    dragging = true;
    host.setPointerCapture(event.pointerId);
    choose(event, false);
  });
  scope.listen(host, "dblclick", () => {
    panel.questions.changed.ask();
  });
  scope.listen(host, "pointermove", (event) => {
    if (dragging) choose(event, true);
    // While it is dragged the title tells the values.
    pointed.value = dragging ? null : stepUnder(event, knownSteps(panes.peek(), marks.peek().logged));
  });
  scope.listen(host, "pointerleave", () => {
    pointed.value = null;
  });
  scope.onClose(
    effect(() => {
      const step = pointed.value;
      place.value = step === null || plot === null ? null : { step, ...placeOf(plot, step) };
    }),
  );
  for (const end of ["pointerup", "pointercancel"] as const) {
    scope.listen(host, end, () => {
      const chosen = panel.state.step.peek();
      if (dragging && chosen !== null) panel.state.chooseStep(chosen);
      dragging = false;
    });
  }
}

/** CSS pixels from the left edge of the chart. */
function placeOf(plot: uPlot, step: number): { left: number; rightHalf: boolean } {
  const x = plot.valToPos(step, "x");
  return { left: plot.over.offsetLeft + x, rightHalf: x > plot.over.clientWidth / 2 };
}
