"""setuptools, and in a clone of the repository the trained model beside the code: ``pip install .`` brings both.

Code and model are distributions of their own, claimx and en_claimx_news, and no index has the model. So an installer
that asks what a clone needs is told: the folder `MODEL`, too. A wheel must not say so, as one that names a folder of
the machine it was built on can be installed nowhere else. Hence the metadata prepared before a build names the folder,
and the wheel does not; in an sdist, which lacks the folder, neither does.
"""

import shutil
from pathlib import Path

from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403 - the hooks that stay as they are

ROOT = Path(__file__).resolve().parent
MODEL = ROOT / "models" / "en_claimx_news"


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    return _with_model(metadata_directory, build_meta.prepare_metadata_for_build_wheel, config_settings)


def prepare_metadata_for_build_editable(metadata_directory, config_settings=None):
    return _with_model(metadata_directory, build_meta.prepare_metadata_for_build_editable, config_settings)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)  # all that an earlier build left there would go in
    return build_meta.build_wheel(wheel_directory, config_settings)  # which makes metadata of its own


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return build_meta.build_editable(wheel_directory, config_settings)


def _with_model(folder, prepare, config_settings):
    name = prepare(folder, config_settings)
    if MODEL.is_dir():
        file = Path(folder) / name / "METADATA"
        head, blank, description = file.read_text(encoding="utf-8").partition("\n\n")
        need = f"\nRequires-Dist: {MODEL.name} @ {MODEL.as_uri()}"
        file.write_text(head + need + blank + description, encoding="utf-8")
    return name
