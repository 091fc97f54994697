"""Logs one step for each line on stdin, as a training that is told when its next epoch ends.

`python -m tests.e2e.live LOGDIR`: a line is a step's number; the same number on stdout says that it is on disk.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from tensorboard_plugin_cnnviz import SummaryWriter

from .arrays import CLASSES, RUN, probes, responses


def main(logdir: Path) -> None:
    curves = EventFileWriter(str((logdir / RUN).parent / "train"))
    with SummaryWriter(logdir / RUN, probes(), class_names=CLASSES) as writer:
        for line in sys.stdin:
            step = int(line)
            writer.write(step, responses(step), logs={"loss": 1 / (step + 2)})
            writer.flush()
            curves.add_event(
                Event(step=step, summary=Summary(value=[Summary.Value(tag="epoch_loss", simple_value=1 / (step + 2))]))
            )
            curves.flush()
            print(step, flush=True)
    curves.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
