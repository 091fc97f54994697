"""The responses of one step to a bundle, one after the other as they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from .allotment import Allotment, NothingFitsError
from .bundle import Span, create_bundle
from .gathering import GatheredResponse, Gathering
from .records import Arrays, BundleReference, Layout
from .step_content import Options, Step, StepContent
from .step_file import StepFile


def write_step_bundle(
    path: Path, step: Step, responses: Gathering, options: Options, allotment: Allotment
) -> tuple[Layout, BundleReference | None]:
    """Write the bundle of one step.

    Args:
        path: where; its name is in the record that refers to it.
        step: the step.
        responses: what each probe gave; taken to the end.
        options: of the writer.
        allotment: what there is room for.

    Returns:
        layout: of the step.
        bundle: the reference for the step's record, or None where there was no room for anything.
    """
    content = StepContent(step, options)
    given = iter(responses)
    reference = None
    with suppress(NothingFitsError), allotment.until_full():
        allotment.next()
        with create_bundle(path, room=allotment.room) as bundle:
            file = StepFile(bundle, allotment)
            _write(given, content, file, allotment)
            size, checksum = file.finish(lambda rest: content.finish(rest, file, why=allotment.limit.why))
        reference = create_reference(path, size, checksum, bundle.spans)
    responses.wanted = False
    for response in given:
        content.see(response)
        del response
    return content.layout(), reference


def _write(responses: Iterator[GatheredResponse], content: StepContent, file: StepFile, allotment: Allotment) -> None:
    for response in responses:
        content.see(response)
        if response.error is not None:
            allotment.nothing(response.error)
        content.write(response, file)
        del response  # its arrays must not stay while the next one is waited for


def create_reference(path: Path, size: int, checksum: int, spans: Mapping[str, Span]) -> BundleReference:
    """The reference to a bundle whose members lie at `spans`."""
    arrays = Arrays(
        statistics=spans["statistics.npy"], predictions=spans["predictions.npy"], ranges=spans["ranges.npy"]
    )
    return BundleReference(file=path.name, bytes=size, crc32=f"{checksum:08x}", arrays=arrays)
