"""Logs one step for each line on stdin, as a training that is told when its next epoch ends.

`python -m tests.e2e.live LOGDIR`: a line is a step's number; the same number on stdout says that it is on disk.
Started again it goes on with the run, maybe with more clips or layers.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from tensorboard_plugin_cnnviz import SummaryWriter

from .arrays import CLASSES, CLIPS, LAYERS, RUN, probes, responses


def main(logdir: Path, run: str, clips: list[str], layers: list[str]) -> None:
    curves = EventFileWriter(str((logdir / run).parent / "train"))
    labels = [CLASSES[number % len(CLASSES)] for number in range(len(clips))]
    with SummaryWriter(logdir / run, probes(clips, labels=labels), class_names=CLASSES) as writer:
        for line in sys.stdin:
            step = int(line)
            writer.write(step, responses(step, clips, layers), logs={"loss": 1 / (step + 2)})
            writer.flush()
            curves.add_event(
                Event(step=step, summary=Summary(value=[Summary.Value(tag="epoch_loss", simple_value=1 / (step + 2))]))
            )
            curves.flush()
            print(step, flush=True)
    curves.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("logdir", type=Path)
    parser.add_argument("--run", default=RUN)
    parser.add_argument("--clips", nargs="+", default=list(CLIPS))
    parser.add_argument("--layers", nargs="+", default=list(LAYERS))
    main(**vars(parser.parse_args()))
