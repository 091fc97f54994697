"""The bundles of a run's steps: how much of each step the disk has room for, and which bundles stay."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import NamedTuple

from .allotment import Allotment, cause_of
from .bundle import file_name
from .bundle_files import delete
from .disk import DETAILS, Budget, space_of, used_bytes
from .estimate import disk_message
from .gathering import Gathering
from .keep import Keep
from .records import BundleReference, Layout
from .step_bundle import write_step_bundle
from .step_content import Options, Step

_KEPT = {
    "strip": "strips without single windows are kept, to go further with the rest",
    "summary": "summaries only are kept, to go further with the rest",
    None: "records without arrays are kept",
}

DISK_FULL = "disk full"  # the key of all that tells that nothing fits any more


class Note(NamedTuple):
    """What the user should know; of each `key` once."""

    key: str
    text: str


class BundleStore:
    """Writes each step with the greatest detail that there is room for, and deletes what `keep` does not keep.

    Args:
        directory: where bundles lie; those already there count.
        max_disk: bytes that all of them may take.
        keep: which of those written here stay.
        detail: the most that any probe keeps.
    """

    def __init__(self, directory: Path, *, max_disk: int, keep: Keep, detail: str) -> None:
        self._directory = directory
        self._keep = keep
        self._budget = Budget(max_disk, used=used_bytes(directory))
        self._earlier = used_bytes(directory, "*[0-9]-*.zip")
        self._details = DETAILS[DETAILS.index(detail) :]
        self._detail: str | None = detail
        self.last_bytes: int | None = None
        self.notes: deque[Note] = deque()

    @property
    def used_bytes(self) -> int:
        """Bytes of all that lies in the directory."""
        return self._budget.used

    def write(
        self, step: Step, responses: Gathering, options: Options
    ) -> tuple[Layout, BundleReference | None, str | None]:
        """Write one step.

        Returns:
            layout: of the step.
            bundle: the reference for the step's record, or None where there is room for no bundle.
            why: the limit that left no room, or None.

        Raises:
            OSError: where the disk fails, other than by being full.
        """
        path = self._directory / file_name(step.step)
        allotment = Allotment(self._budget, self._details, self._directory)
        layout, reference = write_step_bundle(path, step, responses, options, allotment)
        if reference is not None and allotment.detail is not None:
            self._budget.add(allotment.detail, reference.bytes)
        self._tell(step.step, allotment)
        return layout, reference, None if reference is not None else allotment.limit.why

    def take_back(self, bundle: BundleReference) -> None:
        """Delete a bundle whose record could not be written."""
        self._budget.release(delete(self._directory / bundle.file))

    def settle(self, bundle: BundleReference) -> None:
        """Count a bundle whose record is written, and delete those that `keep` no longer keeps."""
        self.last_bytes = bundle.bytes
        for old in self._keep.add(self._directory / bundle.file):
            self._delete(old)

    def message(self, name: str, steps: int | None) -> str | None:
        """What a step takes, and whether the disk will hold so many; None before the first."""
        if self.last_bytes is None:
            return None
        space = space_of(self._directory)
        limit = self._budget.limit(space)
        more = max(0, limit.up_to(self._details[0]) - self._budget.used) // self.last_bytes
        return disk_message(
            name,
            self.last_bytes,
            steps,
            keep=self._keep,
            earlier=self._earlier,
            limit=limit,
            space=space,
            share=limit.share(self._details[0]),
            # Where steps are cut already, a warning has told of it.
            whole=self._keep.written + more if self._detail == self._details[0] else None,
        )

    def _delete(self, path: Path) -> None:
        """Delete a bundle that `keep` does not keep; the step that calls for it is logged whether this works or not."""
        try:
            self._budget.release(delete(path))
        except OSError as error:
            note = f"keep: a bundle was not deleted: {cause_of(error, self._directory)}"
            self.notes.append(Note(note, note))

    def _tell(self, step: int, allotment: Allotment) -> None:
        detail = allotment.detail
        if detail == self._detail:
            return
        self._detail = detail
        if detail == self._details[0]:
            self.notes.append(Note("all is kept", f"from step {step} on everything is kept again"))
            return
        if allotment.limit.why == "max_disk":
            key, remedy = f"max_disk {detail}", "Raise max_disk or set keep"
        else:
            key, remedy = DISK_FULL if detail is None else f"disk {detail}", "Make room or set keep"
        self.notes.append(Note(key, f"{allotment.cause}; from step {step} on {_KEPT[detail]}. {remedy}"))
