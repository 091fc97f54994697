/** What stands in the grid's room: the filters, or what is made of them. */
import type { ComponentType, JSX } from "preact";

import type { Panel } from "../panel";
import type { View } from "../state";
import { Classes } from "./classes";
import { Compare } from "./compare";
import { Grid } from "./grid";

const ROOMS: Readonly<Record<View, ComponentType<{ panel: Panel }>>> = {
  filters: Grid,
  compare: Compare,
  classes: Classes,
};

export function Room({ panel }: { panel: Panel }): JSX.Element {
  const Shown = ROOMS[panel.state.view.value];
  return <Shown panel={panel} />;
}
