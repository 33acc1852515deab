"""Tells installers that en_claimx_news, which comes with claimx, is a package of its own: spaCy looks for its metadata.

All other settings are in setup.cfg.
"""

import json
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

MODEL = Path("models/en_claimx_news")


class BuildWithModel(build_py):
    """Writes the metadata of the model package beside it."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        meta = json.loads((MODEL / "meta.json").read_text(encoding="utf-8"))
        folder = Path(self.build_lib) / f"{MODEL.name}-{meta['version']}.egg-info"
        folder.mkdir(parents=True, exist_ok=True)
        lines = ["Metadata-Version: 2.1", f"Name: {MODEL.name}", f"Version: {meta['version']}"]
        lines += [f"Summary: {meta['description']}", f"License: {meta['license']}"]
        (folder / "PKG-INFO").write_text("\n".join(lines) + "\n", encoding="utf-8")


setup(cmdclass={"build_py": BuildWithModel})
