"""TensorBoard's CNN Audio tab: routes that parse a request and answer; `http_api.md` says what each means."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from tensorboard import plugin_util
from tensorboard.errors import InvalidArgumentError, NotFoundError
from tensorboard.plugins import base_plugin
from werkzeug.wrappers import Request, Response

from tensorboard_plugin_cnnviz.bundle import create_array
from tensorboard_plugin_cnnviz.errors import CNNVizError
from tensorboard_plugin_cnnviz.records import PLUGIN_NAME, VERSION, create_number

from . import answers
from .bundles import BundleStore
from .directories import parse_roots
from .glance import glance
from .layer_numbers import numbers_of_layer, statistics_of_layer, statistics_of_probe
from .over_steps import predictions_over_steps, statistics_over_steps
from .panel_files import ENTRY, answer_panel_file, list_panel_files
from .parameters import check_file, check_member, parse_parameters, parse_step
from .reader import Experiment, LogReader
from .span_file import SpanFile
from .steps import FileCheck

_STATIC = Path(__file__).parent.parent / "static"
_METHODS = ("GET", "HEAD")

Route = Callable[[Request], Response]


class CNNVizPlugin(base_plugin.TBPlugin):  # type: ignore[misc]
    """Serves the panel and everything it asks for."""

    plugin_name = PLUGIN_NAME

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        flags = context.flags
        self._logdir = context.logdir or getattr(flags, "logdir_spec", None) or ""
        roots = parse_roots(logdir=context.logdir, logdir_spec=getattr(flags, "logdir_spec", None))
        self._reader = LogReader(context.data_provider, roots)
        self._store = BundleStore()
        self._check_files = FileCheck()

    def is_active(self) -> bool:
        """Nothing to add: TensorBoard has seen for itself whether there are summaries of this plugin."""
        return False

    def frontend_metadata(self) -> Any:
        """The tab."""
        return base_plugin.FrontendMetadata(es_module_path=f"/{ENTRY}", tab_name="CNN Audio", disable_reload=False)

    def get_plugin_apps(self) -> dict[str, Any]:
        """All routes, each guarded alike."""
        routes: dict[str, Route] = {
            "index": self._serve_index,
            "steps": self._serve_steps,
            "manifest": self._serve_manifest,
            "member": self._serve_member,
            "numbers": self._serve_numbers,
            "statistics": self._serve_statistics,
            "glance": self._serve_glance,
            "audio": self._serve_audio,
            "scalars": self._serve_scalars,
            "over_steps": self._serve_over_steps,
        }
        for name, content_type in list_panel_files(_STATIC).items():
            routes[name] = partial(answer_panel_file, directory=_STATIC, name=name, content_type=content_type)
        return {f"/{name}": _guard(route) for name, route in routes.items()}

    def _serve_index(self, request: Request) -> Response:
        runs = [run._asdict() for run in self._reader.index(_experiment(request))]
        return answers.answer_json(request, {"version": VERSION, "logdir": self._logdir, "runs": runs})

    def _serve_steps(self, request: Request) -> Response:
        run = parse_parameters(request, ["run"])["run"]
        experiment = _experiment(request)
        steps = self._reader.steps(experiment, run)
        problem = layout = None
        try:
            directory = self._reader.directory(experiment, run)
            steps = self._check_files(steps, directory)
            layout = self._store.newest_layout(steps, directory)
        except CNNVizError as error:
            problem = str(error)
        return answers.answer_json(
            request,
            {
                "version": VERSION,
                "run": run,
                "problem": problem,
                "layout": None if layout is None else msgspec.Raw(layout.json),
                "steps": [
                    {
                        "step": step.step,
                        "wall_time": step.wall_time,
                        "problem": step.problem,
                        "record": msgspec.Raw(step.json),
                    }
                    for step in steps
                ],
            },
        )

    def _serve_manifest(self, request: Request) -> Response:
        path = self._bundle_path(request, parse_parameters(request, ["run", "file"]))
        return answers.answer_stored_json(request, self._store.manifest(path), identity=str(path))

    def _serve_member(self, request: Request) -> Response:
        values = parse_parameters(request, ["run", "file", "name"])
        name = check_member(values["name"])
        path = self._bundle_path(request, values)
        identity = f"{path}\n{name}"
        if not name.endswith(".gz"):
            return answers.answer_stored(request, self._store.member(path, name), identity=identity, gzipped=False)
        if answers.accepts_gzip(request):
            return answers.answer_stored(request, self._store.member(path, name), identity=identity, gzipped=True)
        content = self._store.inflated_member(path, name)
        return answers.answer_stored(request, content, identity=identity, gzipped=False)

    def _serve_numbers(self, request: Request) -> Response:
        values = parse_parameters(request, ["run", "file", "probe", "layer"])
        path = self._bundle_path(request, values)
        probe, layer = values["probe"], values["layer"]
        content = create_array(numbers_of_layer(self._store, path, probe=probe, layer=layer))
        identity = json.dumps(["numbers", str(path), probe, layer])
        return answers.answer_stored(request, content, identity=identity, gzipped=False)

    def _serve_statistics(self, request: Request) -> Response:
        values = parse_parameters(request, ["run", "file"], ["layer", "probe"])
        layer, probe = values.get("layer"), values.get("probe")
        path = self._bundle_path(request, values)
        if layer is not None and probe is None:
            part = statistics_of_layer(self._store, path, layer=layer)
        elif probe is not None and layer is None:
            part = statistics_of_probe(self._store, path, probe=probe)
        else:
            raise InvalidArgumentError("parameter 'layer' is missing, or 'probe': give one of them")
        identity = json.dumps(["statistics", str(path), layer, probe])
        return answers.answer_stored(request, create_array(part), identity=identity, gzipped=False)

    def _serve_glance(self, request: Request) -> Response:
        values = parse_parameters(request, ["run", "file", "probe", "layer"])
        path = self._bundle_path(request, values)
        probe, layer = values["probe"], values["layer"]
        content = glance(self._store, path, probe=probe, layer=layer)
        identity = json.dumps(["glance", str(path), probe, layer])
        return answers.answer_packed(request, content, identity=identity)

    def _serve_audio(self, request: Request) -> Response:
        values = parse_parameters(request, ["run", "file", "probe"])
        path = self._bundle_path(request, values)
        span = self._store.audio(path, values["probe"])
        return answers.answer_file(
            request,
            SpanFile(path, span),
            length=span.bytes,
            content_type="audio/wav",
            identity=f"{path}\n{span.offset}",
        )

    def _serve_scalars(self, request: Request) -> Response:
        run = parse_parameters(request, ["run"])["run"]
        series = [
            {
                "run": curve.run,
                "tag": curve.tag,
                "points": [(step, wall_time, create_number(value)) for step, wall_time, value in curve.points],
            }
            for curve in self._reader.curves(_experiment(request), run)
        ]
        return answers.answer_json(request, {"version": VERSION, "series": series})

    def _serve_over_steps(self, request: Request) -> Response:
        values = parse_parameters(request, ["run", "last", "probe"], ["layer"])
        last = parse_step(values["last"])
        experiment = _experiment(request)
        directory = self._reader.directory(experiment, values["run"])
        steps = self._check_files(self._reader.steps(experiment, values["run"]), directory)
        probe, layer = values["probe"], values.get("layer")
        if layer is None:
            array = predictions_over_steps(steps, directory, self._store, last=last, probe=probe)
        else:
            array = statistics_over_steps(steps, directory, self._store, last=last, probe=probe, layer=layer)
        return answers.answer_array(request, create_array(array))

    def _bundle_path(self, request: Request, values: dict[str, str]) -> Path:
        file = check_file(values["file"])
        return self._reader.directory(_experiment(request), values["run"]) / file


def _experiment(request: Request) -> Experiment:
    return Experiment(plugin_util.context(request.environ), plugin_util.experiment_id(request.environ))


def _guard(route: Route) -> Any:
    """A WSGI application that answers GET only, and says in a sentence why something cannot be read."""

    def serve(request: Request) -> Response:
        if request.method not in _METHODS:
            sentence = f"{request.method} is not allowed here, only GET"
            return answers.respond(request, sentence, "text/plain", code=405, headers=[("Allow", "GET, HEAD")])
        try:
            return route(request)
        except CNNVizError as error:
            raise NotFoundError(str(error)) from error

    return Request.application(serve)
