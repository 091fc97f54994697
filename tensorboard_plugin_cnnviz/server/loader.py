"""The entry point by which TensorBoard finds the plugin.

TensorBoard imports this module unguarded: an import that fails here would stop TensorBoard itself; one that fails in
`load` is logged and the plugin skipped.
"""

from __future__ import annotations

from typing import Any

from tensorboard.plugins import base_plugin

_ALL_SAMPLES = 0


class CNNVizLoader(base_plugin.TBLoader):  # type: ignore[misc]
    """Makes every logged step readable, then loads the plugin."""

    def fix_flags(self, flags: Any) -> None:
        """Keep all steps of this plugin, not ten at random, unless ``--samples_per_plugin`` says otherwise."""
        flags.samples_per_plugin = {"cnnviz": _ALL_SAMPLES, **(flags.samples_per_plugin or {})}

    def load(self, context: Any) -> Any:
        """The plugin, or `None` where TensorBoard runs without a data provider."""
        if context.data_provider is None:
            return None
        from .plugin import CNNVizPlugin

        return CNNVizPlugin(context)
