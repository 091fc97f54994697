"""Work in the background, in order, with a bounded queue: who submits too fast waits; nothing is dropped."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


class Background:
    """One thread that runs jobs one after another; what a job raises is kept for the caller."""

    def __init__(self, *, capacity: int, name: str) -> None:
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue(capacity)
        self._errors: queue.SimpleQueue[Exception] = queue.SimpleQueue()
        # A daemon, so that a writer that was never closed cannot keep the interpreter from ending.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[], None]) -> None:
        """Queue a job; waits while the queue is full."""
        self._jobs.put(job)

    def wait(self) -> None:
        """Return when every job submitted so far has ended."""
        self._jobs.join()

    def errors(self) -> list[Exception]:
        """What jobs raised since the last call."""
        found = []
        while not self._errors.empty():
            found.append(self._errors.get())
        return found

    def close(self) -> None:
        """Finish all jobs and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception as error:
                # Its frames would keep arrays until somebody asks.
                self._errors.put(error.with_traceback(None))
            finally:
                # A finished job must not keep its arrays until the next one comes.
                del job
                self._jobs.task_done()
        self._jobs.task_done()
