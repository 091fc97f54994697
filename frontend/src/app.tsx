/** The screen's parts in their places. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { giveFocusBack, takeKeys } from "./focus";
import { listenToKeys } from "./keys";
import type { Panel } from "./panel";
import { isTraining } from "./selection";
import { Clips } from "./views/clips";
import { LinkProblem } from "./views/copy_link";
import { Curves } from "./views/curves";
import { Header } from "./views/header";
import { Help } from "./views/help";
import { Input } from "./views/input";
import { Layers } from "./views/layers";
import { Prediction } from "./views/prediction";
import { Room } from "./views/room";
import { Connecting, NothingLogged, ServerGone } from "./views/states";

export function App({ panel }: { panel: Panel }): JSX.Element {
  const { state } = panel;
  useEffect(() => {
    const scope = panel.scope.child();
    listenToKeys(scope, panel);
    giveFocusBack(scope, document);
    takeKeys(scope);
    return () => {
      scope.close();
    };
  }, [panel]);

  const begun = useRef(false);
  const index = state.index.value;
  if (index === null && state.connection.value.status === "connecting") return <Connecting />;
  if (index === null) return <ServerGone panel={panel} />;
  if (index.runs.length === 0 && state.steps.value === null) {
    return (
      <>
        <ServerGone panel={panel} />
        <NothingLogged logdir={index.logdir} />
      </>
    );
  }
  // Whether there are curves is known with the first run's steps: parts laid out before that would jump.
  begun.current ||= state.steps.value !== null || state.stepsProblem.value !== null;
  if (!begun.current) {
    return (
      <>
        <ServerGone panel={panel} />
        <Connecting />
      </>
    );
  }
  return (
    <main class="app">
      <h1 class="visually-hidden">CNN Audio</h1>
      <div class="top">
        <ServerGone panel={panel} />
        <LinkProblem panel={panel} />
        <Header panel={panel} />
      </div>
      <div class="curves-slot">{isTraining(state.steps.value?.steps ?? []) ? <Curves panel={panel} /> : null}</div>
      <aside class="side">
        <Clips panel={panel} />
        <Layers panel={panel} />
      </aside>
      <Input panel={panel} />
      <Prediction panel={panel} />
      <Room panel={panel} />
      <Help panel={panel} />
    </main>
  );
}
