/** The field that finds a filter: above the tiles, so that what it finds is beside it. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import type { Panel } from "../panel";
import { Icon } from "./icons";

export function FindField({ panel }: { panel: Panel }): JSX.Element | null {
  return panel.overlay.value === "find" ? <Field panel={panel} /> : null;
}

function Field({ panel: { finding, overlay, scope } }: { panel: Panel }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    const own = scope.child();
    const before = document.activeElement;
    field.current?.focus();
    own.listen(document, "pointerdown", ({ target }) => {
      if (!(target instanceof Node && form.current?.contains(target) === true)) overlay.value = null;
    });
    return () => {
      own.close();
      if (before instanceof HTMLElement && before !== document.body) before.focus();
    };
  }, [overlay, scope]);
  const told = finding.told.value;
  const byClass = finding.byClass.value;
  return (
    <form
      ref={form}
      class="find"
      role="search"
      data-testid="find"
      onSubmit={(event) => {
        event.preventDefault();
        finding.find(field.current?.value ?? "");
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        finding.forget();
        overlay.value = null;
      }}
    >
      <input
        ref={field}
        type="text"
        class="text-field"
        inputMode="search"
        placeholder={byClass ? "Filter number or class" : "Filter number"}
        aria-label={byClass ? "Find a filter by its number or class" : "Find a filter by its number"}
        autocomplete="off"
        spellcheck={false}
        data-testid="find-field"
        onInput={(event) => {
          finding.find(event.currentTarget.value);
        }}
      />
      <output aria-live="polite" data-testid="found">
        {told}
      </output>
      <button
        type="button"
        class="button"
        aria-label="Close"
        onClick={() => {
          overlay.value = null;
        }}
      >
        <Icon name="close" />
      </button>
    </form>
  );
}
