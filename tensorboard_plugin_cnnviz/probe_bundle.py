"""The probe bundle: what never changes of the probes, written once for all writers of a run with the same probes."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .bundle import FILE_NAME, MANIFEST, BundleWriter, file_name
from .bundle_files import create_file, opened, sizes
from .disk import size_text, used_bytes
from .errors import CNNVizError
from .inputs import axes_by_name
from .probes import Probe
from .records import Audio, Image, Member, ProbeEntry, ProbesManifest, create_probes_manifest

WAVEFORM_COLUMNS = 1024


def create_wav(audio: npt.NDArray[np.float32], sample_rate: int) -> bytes:
    """16-bit mono PCM of float32 ``[samples]``; what exceeds the range -1 to 1 is scaled down as a whole."""
    peak = max(1.0, float(np.max(np.abs(audio), initial=0)))
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(np.rint(audio / peak * 32767).astype("<i2").tobytes())
    return stream.getvalue()


def waveform(audio: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Least and greatest sample over equal stretches of the clip: float32 ``[samples]`` to ``[2, columns]``."""
    columns = min(WAVEFORM_COLUMNS, len(audio))
    first = np.arange(columns) * len(audio) // columns
    return np.stack([np.minimum.reduceat(audio, first), np.maximum.reduceat(audio, first)]).astype(np.float32)


def write_probe_bundle(directory: Path, probes: Sequence[Probe], *, max_disk: int) -> str:
    """Write the bundle, unless an equal one is there; returns its name.

    Raises:
        CNNVizError: where the run would take more than `max_disk` bytes.
    """
    content = create_probe_bundle(probes)
    for name, size in sizes(directory).items():
        if FILE_NAME.match(name) and name.startswith("probes-") and size == len(content):
            with opened(directory / name) as file:
                if file.read() == content:
                    return name
    used = used_bytes(directory)
    if used + len(content) > max_disk:
        raise CNNVizError(
            f"the probes take {size_text(len(content))}, and {size_text(used)} of max_disk ({size_text(max_disk)}) are "
            "used: raise max_disk or choose another directory"
        )
    name = file_name("probes")
    with create_file(directory / name) as stream:
        stream.write(content)
    return name


def create_probe_bundle(probes: Sequence[Probe]) -> bytes:
    """The bundle's bytes, equal for equal probes."""
    stream = io.BytesIO()
    bundle = BundleWriter(stream)
    entries = tuple(_add_probe(bundle, f"p{index}", probe) for index, probe in enumerate(probes))
    bundle.add(MANIFEST, create_probes_manifest(ProbesManifest(probes=entries)))
    bundle.close()
    return stream.getvalue()


def _add_probe(bundle: BundleWriter, prefix: str, probe: Probe) -> ProbeEntry:
    axes = [*axes_by_name(probe.input_axes, probe.inputs).values()]
    audio = envelope = image = None
    if probe.audio is not None and probe.sample_rate is not None:
        wav = create_wav(probe.audio, probe.sample_rate)
        bundle.add(f"{prefix}/audio.wav", wav)
        audio = Audio(name=f"{prefix}/audio.wav", bytes=len(wav), sample_rate=probe.sample_rate)
        envelope = Member(**_add(bundle, f"{prefix}/waveform.npy.gz", waveform(probe.audio)))
    if probe.image is not None:
        hertz = probe.image.hertz
        image = Image(
            **_add(bundle, f"{prefix}/image.npy.gz", np.asarray(probe.image.values, np.float32)),
            seconds=(float(probe.image.seconds[0]), float(probe.image.seconds[1])),
            hertz=None if hertz is None else tuple(float(f) for f in hertz),
            title=probe.image.title,
            unit=probe.image.unit,
        )
    return ProbeEntry(
        name=probe.name,
        labels=tuple(probe.labels),
        detail=probe.detail,
        metadata=dict(probe.metadata),
        seconds=float(probe.seconds),
        times=tuple((float(start), float(end)) for start, end in probe.times),
        input_axes=axes[0] if len(axes) == 1 else None,
        audio=audio,
        waveform=envelope,
        image=image,
    )


def _add(bundle: BundleWriter, name: str, array: npt.NDArray[np.float32]) -> dict[str, Any]:
    stored, inflated = bundle.add_array(name, array)
    return {"name": name, "bytes": stored, "inflated": inflated}
