"""Query parameters, checked before anything is done with them."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import parse_qsl

from tensorboard.errors import InvalidArgumentError
from werkzeug.wrappers import Request

from tensorboard_plugin_cnnviz.bundle import FILE_NAME, MEMBER_NAME

from .sentences import quote

_LONGEST_QUERY = 16_384
_MOST_FIELDS = 64
_STEP = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def parse_parameters(request: Request, required: Collection[str], optional: Collection[str] = ()) -> dict[str, str]:
    """The named query parameters, each at most once and not empty; unknown ones are ignored.

    Raises:
        InvalidArgumentError: one is missing, empty, repeated, too long, not UTF-8 or holds a NUL.
    """
    if len(request.query_string) > _LONGEST_QUERY:
        raise InvalidArgumentError(
            f"the query is {len(request.query_string)} bytes long, at most {_LONGEST_QUERY} are read"
        )
    try:
        query = request.query_string.decode("utf-8")
        fields = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise InvalidArgumentError("the query is not UTF-8") from error
    except ValueError as error:
        raise InvalidArgumentError(f"the query has more than {_MOST_FIELDS} parameters") from error
    values: dict[str, str] = {}
    for name, value in fields:
        if name not in required and name not in optional:
            continue
        if name in values:
            raise InvalidArgumentError(f"parameter {name!r} is given more than once")
        if not value:
            raise InvalidArgumentError(f"parameter {name!r} is empty")
        if "\0" in value:
            raise InvalidArgumentError(f"parameter {name!r} holds a NUL: {quote(value)}")
        values[name] = value
    missing = [name for name in required if name not in values]
    if missing:
        raise InvalidArgumentError(f"parameter {missing[0]!r} is missing")
    return values


def parse_step(text: str) -> int:
    """A step: an integer, negative ones too."""
    if not _STEP.fullmatch(text):
        raise InvalidArgumentError(f"{quote(text)} is not a step: give an integer")
    return int(text)


def check_file(file: str) -> str:
    """The name of a bundle; this expression, not a resolved path, keeps requests inside a run's own directory."""
    if not FILE_NAME.fullmatch(file):
        raise InvalidArgumentError(f"{quote(file)} is not the name of a bundle, such as 12-0123456789abcdef.zip")
    return file


def check_member(name: str) -> str:
    """The name of a member of a bundle."""
    if not MEMBER_NAME.fullmatch(name):
        raise InvalidArgumentError(f"{quote(name)} is not the name of a member, such as p0/l3/strip.npy.gz")
    return name
