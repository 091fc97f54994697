"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tensorboard_plugin_cnnviz.warn import logger

# A deadline would test the machine, and what else runs on it, instead of the code.
settings.register_profile("cnnviz", deadline=None)
settings.load_profile("cnnviz")


@pytest.fixture(autouse=True)
def no_warning_passes_unseen(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """While a model trains our warnings are logged where they would be errors, as they are in these tests."""
    yield
    assert [each.getMessage() for each in caplog.get_records("call") if each.name == logger.name] == []
