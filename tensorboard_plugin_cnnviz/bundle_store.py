"""The bundles of a run's steps: how much of each step the disk has room for, and which bundles stay."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import NamedTuple

from .bundle import NoRoomError, file_name
from .bundle_files import delete
from .disk import DETAILS, FULL, Budget, Limit, Space, size_text, space_of, used_bytes
from .estimate import disk_message
from .keep import Keep
from .records import BundleReference, Layout
from .step_bundle import Step, write_step_bundle

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


def cause_of(error: OSError, directory: Path) -> str:
    """Why the disk failed; without the file's name, which is another at each step: the same cause is told once."""
    return f"{error.strerror} in {str(directory)!r}"


class BundleStore:
    """Writes each step with the greatest detail that there is room for, and deletes what `keep` does not keep.

    Args:
        directory: where bundles lie; those already there count.
        max_disk: bytes that all of them may take.
        keep: which of those written here stay.
        detail: the most that any probe keeps.
        max_map_size: cells per axis above which the maps of single windows are pooled.
    """

    def __init__(self, directory: Path, *, max_disk: int, keep: Keep, detail: str, max_map_size: int) -> None:
        self._directory = directory
        self._keep = keep
        self._max_map_size = max_map_size
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

    def write(self, step: Step, layout: Layout, *, probes_file: str) -> tuple[BundleReference | None, str | None]:
        """Write one step.

        Returns:
            bundle: the reference for the step's record, or None where there is room for no bundle.
            why: the limit that left no room, or None.

        Raises:
            OSError: where the disk fails, other than by being full.
        """
        path = self._directory / file_name(step.step)
        space = space_of(self._directory)
        limit = self._budget.limit(space)
        cause = self._cause(limit, space)
        for detail in self._details:
            room = self._budget.room(detail, limit)
            if room is None:
                continue
            try:
                reference = write_step_bundle(
                    path,
                    step,
                    layout,
                    probes_file=probes_file,
                    detail=detail,
                    max_map_size=self._max_map_size,
                    room=room,
                    why=limit.why,
                )
            except NoRoomError:
                self._budget.refuse(detail, room)
            except OSError as error:
                if error.errno not in FULL:
                    raise
                # A quota, or another process: less may still fit.
                limit = Limit(limit.bytes, "free_disk")
                cause = cause_of(error, self._directory)
            else:
                self._budget.add(detail, reference.bytes)
                self._tell(detail, step.step, limit, cause)
                return reference, None
        self._tell(None, step.step, limit, cause)
        return None, limit.why

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

    def _tell(self, detail: str | None, step: int, limit: Limit, cause: str) -> None:
        if detail == self._detail:
            return
        self._detail = detail
        if detail == self._details[0]:
            self.notes.append(Note("all is kept", f"from step {step} on everything is kept again"))
            return
        if limit.why == "max_disk":
            key, remedy = f"max_disk {detail}", "Raise max_disk or set keep"
        else:
            key, remedy = DISK_FULL if detail is None else f"disk {detail}", "Make room or set keep"
        self.notes.append(Note(key, f"{cause}; from step {step} on {_KEPT[detail]}. {remedy}"))

    def _cause(self, limit: Limit, space: Space | None) -> str:
        if limit.why == "max_disk" or space is None:
            return f"max_disk: {size_text(self._budget.used)} of {size_text(limit.bytes)} are used"
        free, reserve = size_text(space.free), size_text(space.reserve)
        return f"{free} of the disk are free, and the last {reserve} are left to checkpoints"
