/** "Copy link": the whole view in the page's address, and on the clipboard or, where that is refused, in a field to copy from. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { currentValues } from "../view_link";
import { pageAddress, showAddress } from "../page_address";
import type { Panel } from "../panel";
import { writeLink } from "../pure/link_text";
import { Dialog } from "./dialog";
import { Icon } from "./icons";

const SAID_FOR = 2500;

export function CopyLink({ panel }: { panel: Panel }): JSX.Element {
  const copied = useSignal(false);
  const refused = useSignal<string | null>(null);
  const copy = (): void => {
    const address = writeLink(pageAddress(), currentValues(panel));
    showAddress(address);
    writeText(address).then(
      () => {
        copied.value = true;
        panel.scope.timeout(SAID_FOR, () => {
          copied.value = false;
        });
      },
      () => {
        refused.value = address;
      },
    );
  };
  return (
    <>
      <button
        type="button"
        class="button copy-link"
        aria-label={copied.value ? "Copied" : "Copy link"}
        title="Copy the address of this view: what is chosen and inspected, the moment, the part that repeats and the order of the filters"
        data-testid="copy-link"
        disabled={panel.state.steps.value === null}
        onClick={copy}
      >
        <Icon name={copied.value ? "done" : "link"} />
        <span class="words">{copied.value ? "Copied" : "Copy link"}</span>
      </button>
      <span class="visually-hidden" role="status" data-testid="copied">
        {copied.value ? "The link has been copied." : ""}
      </span>
      {refused.value === null ? null : (
        <LinkDialog
          address={refused.value}
          onClose={() => {
            refused.value = null;
          }}
        />
      )}
    </>
  );
}

async function writeText(address: string): Promise<void> {
  // Missing on pages without a secure connection, whatever its type says.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) throw new Error("This page has no clipboard.");
  await clipboard.writeText(address);
}

function LinkDialog({ address, onClose }: { address: string; onClose: () => void }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    // After the dialog has given the focus to its first control.
    queueMicrotask(() => {
      field.current?.focus();
      field.current?.select();
    });
  }, []);
  return (
    <Dialog title="Link to this view" testId="link-dialog" onClose={onClose}>
      <p class="soft">The browser does not let this frame copy. The link is selected: copy it from here.</p>
      <input
        ref={field}
        type="text"
        class="text-field whole"
        readOnly
        value={address}
        aria-label="Link"
        data-testid="link-field"
      />
    </Dialog>
  );
}

/** What a link names and the log has not. */
export function LinkProblem({ panel }: { panel: Panel }): JSX.Element | null {
  const missing = panel.viewLink.missing.value;
  if (missing.length === 0) return null;
  return (
    <div class="banner" role="alert" data-testid="link-problem">
      <span>
        Not in this log, though the link shows {missing.length === 1 ? "it" : "them"}: {missing.join(", ")}.
      </span>
      <button type="button" class="button outlined" onClick={panel.viewLink.dismiss}>
        Close
      </button>
    </div>
  );
}
