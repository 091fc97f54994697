"""From a run's name to the directories it may stand for, as TensorBoard resolves ``--logdir`` and ``--logdir_spec``.

Pure functions: nothing is looked up on disk, except that ``--logdir_spec`` paths go through ``realpath``, as in
TensorBoard.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath
from typing import NamedTuple

from tensorboard_plugin_cnnviz.errors import CNNVizError

from .sentences import quote

_REMOTE = re.compile(r"[a-zA-Z][0-9a-zA-Z.]*://")


class DirectoryError(CNNVizError):
    """A run whose directory cannot be known or read."""


class Root(NamedTuple):
    """One log directory: its path, and the name that starts the names of its runs (or `None`)."""

    path: str
    name: str | None

    @property
    def remote(self) -> bool:
        """Whether the path is a URI such as ``gs://bucket/logs``."""
        return _REMOTE.match(self.path) is not None


def parse_roots(*, logdir: str | None, logdir_spec: str | None) -> tuple[Root, ...]:
    """The log directories that TensorBoard's flags name; none where TensorBoard reads from elsewhere.

    Args:
        logdir: one directory; ``~`` is expanded.
        logdir_spec: ``name1:path1,path2,...``; of two entries with one path the last counts.
            Heeded only without `logdir`.
    """
    if logdir:
        return (Root(os.path.expanduser(logdir), None),)  # noqa: PTH111 - a Path would collapse the slashes of gs://
    if not logdir_spec:
        return ()
    names: dict[str, str | None] = {}
    for entry in logdir_spec.split(","):
        name, path = _split_entry(entry)
        if _REMOTE.match(path) is None:
            path = os.path.realpath(os.path.expanduser(path))  # noqa: PTH111
        names[path] = name
    return tuple(Root(path, name or None) for path, name in names.items())


def _split_entry(entry: str) -> tuple[str | None, str]:
    """``name:path`` into its parts; a leading slash, a URI or a drive letter is all path."""
    if ":" not in entry or entry.startswith("/") or _REMOTE.match(entry) or os.path.splitdrive(entry)[0]:
        return None, entry
    name, _, path = entry.partition(":")
    return name, path


def run_directories(run: str, roots: tuple[Root, ...]) -> tuple[Path, ...]:
    """The directories that `run` may stand for, the likeliest first.

    More than one only where ``--logdir_spec`` leaves it open: unnamed directories may hold runs of equal names, and
    then TensorBoard reads the one given last.

    Raises:
        DirectoryError: the name leads out of the log directory, no log directory has such a run, or it is remote.
    """
    if not roots:
        raise DirectoryError(
            "TensorBoard was started without --logdir, so the arrays beside the event files cannot be found"
        )
    matches = [(root, rest) for root in reversed(roots) if (rest := _below(root, run)) is not None]
    if not matches:
        raise DirectoryError(f"run {quote(run)} is in none of the directories of --logdir_spec")
    for _, rest in matches:
        _refuse_escape(run, rest)
    local = tuple(Path(root.path, rest) for root, rest in matches if not root.remote)
    if not local:
        raise DirectoryError(f"arrays on remote log directories cannot be read yet ({matches[0][0].path})")
    return local


def _below(root: Root, run: str) -> str | None:
    """The part of the run's name below `root`; `None` where the run is not of this root."""
    if root.name is None:
        return run
    # The log directory itself is the run "name/.", as TensorBoard joins the two.
    prefix = os.path.join(root.name, "")  # noqa: PTH118
    return run[len(prefix) :] if run.startswith(prefix) else None


def _refuse_escape(run: str, rest: str) -> None:
    path = PurePath(rest)
    if not rest or "\0" in rest or path.anchor or ".." in path.parts:
        raise DirectoryError(f"run {quote(run)} leads out of the log directory")


def sibling_parent(run: str) -> str | None:
    """What the names of a run's siblings share, ``""`` at the top; `None` for a log directory itself: it has none."""
    parent, _, last = run.replace(os.sep, "/").rpartition("/")
    return None if last == "." else parent
