"""Writers that a `fit` left open: Keras does not tell its callbacks when one ends by an error or an interrupt."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from tensorboard_plugin_cnnviz.writer import SummaryWriter


class OpenWriters:
    """The writers of all fits that have not ended in order."""

    def __init__(self) -> None:
        self._open: dict[SummaryWriter, tuple[Path, int, object]] = {}

    def add(self, writer: SummaryWriter, log_dir: Path, fit: object) -> None:
        """Note a writer of the `fit` that this thread is in; `fit` is the same object for all its callbacks."""
        self._open[writer] = (log_dir, threading.get_ident(), fit)

    def remove(self, writer: SummaryWriter) -> None:
        """Forget a writer."""
        self._open.pop(writer, None)

    def close_abandoned(self, log_dir: Path, fit: object) -> None:
        """Close the writers into `log_dir` of other fits of this thread: it is in `fit` now, so those have ended."""
        for writer, (directory, thread, other) in list(self._open.items()):
            if directory == log_dir and thread == threading.get_ident() and other is not fit:
                self.remove(writer)
                # It told its own training of its troubles.
                with suppress(OSError):
                    writer.close()
