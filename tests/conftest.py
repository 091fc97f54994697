"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# A deadline would test the machine, and what else runs on it, instead of the code.
settings.register_profile("cnnviz", deadline=None)
settings.load_profile("cnnviz")
