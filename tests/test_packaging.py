"""Code and model as distributions of their own: how they are built, installed, and told of by `pip freeze`.

Each environment sees the packages that this one has, except claimx and its model, so that nothing is fetched.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "tests" / "articles" / "cold-store-trial.txt"
OWN = re.compile(r"claimx|en_claimx|__editable__|__pycache__|.*\.pth$")
BOTH = ["claimx==0.6.0", "en_claimx_news==0.6.0"]


class Environment:
    """A virtual environment in `folder`, which has the packages in `packages`, pip among them."""

    def __init__(self, folder: Path, packages: Path) -> None:
        venv.create(folder, symlinks=True)  # pip is one of the packages
        self.python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        [site] = folder.glob("[Ll]ib/**/site-packages")
        (site / "others.pth").write_text(f"{packages}\n")

    def run(self, *arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess:
        settings = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "PYTHON"))}
        settings |= {"PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}  # 0: pip reads a negation
        command = [str(self.python), *map(str, arguments)]
        done = subprocess.run(
            command, capture_output=True, text=True, env=settings, cwd=self.python.parent, timeout=300
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def pip(self, *arguments: str | Path) -> str:
        return self.run("-m", "pip", *arguments).stdout

    def freeze(self) -> list[str]:
        return [line for line in self.pip("freeze", "--all").splitlines() if re.match(r"[^#]*claimx", line)]

    def record(self, *options: str) -> dict:
        """What the article becomes, said without a warning."""
        done = self.run("-m", "claimx", "extract", ARTICLE, *options)
        assert done.stderr == ""
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """A folder of links to the packages of this environment, without claimx and its model."""
    folder = tmp_path_factory.mktemp("packages")
    for name in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for path in Path(name).iterdir():
            if not OWN.match(path.name):
                (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture
def environment(packages, tmp_path):
    return lambda name="environment": Environment(tmp_path / name, packages)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the repository, in a folder whose name wants quoting in an address."""
    folder = tmp_path_factory.mktemp("some clones") / "claimx"
    left = shutil.ignore_patterns(
        ".git", "build", "dist", ".venv", "*.egg-info", "__pycache__", "work", "weights.safetensors"
    )
    shutil.copytree(ROOT, folder, ignore=left)
    return folder


@pytest.fixture(scope="module")
def wheels(clone, packages, tmp_path_factory):
    """A folder of the two wheels, as `python -m build --wheel` and `pip wheel` make them, and claimx's sdist."""
    folder = tmp_path_factory.mktemp("wheels")
    builder = Environment(tmp_path_factory.mktemp("builder") / "environment", packages)
    builder.pip("wheel", "--no-deps", "-w", folder, clone, clone / "models" / "en_claimx_news")
    builder.run("-m", "build", "--no-isolation", "--sdist", "-o", folder, clone)
    return folder


def contents(wheels: Path, pattern: str) -> tuple[list[str], str]:
    """The names in a wheel, and its metadata."""
    [wheel] = wheels.glob(pattern)
    with zipfile.ZipFile(wheel) as archive:
        names = sorted(archive.namelist())
        return names, archive.read(next(name for name in names if name.endswith("/METADATA"))).decode()


@pytest.mark.slow
def test_each_wheel_holds_its_own(wheels):
    names, metadata = contents(wheels, "claimx-*.whl")
    assert not [name for name in names if "en_claimx_news" in name or name.endswith(".onnx")]
    assert "file:" not in metadata and 'Requires-Dist: en-claimx-news<0.7,>=0.6; extra == "news"' in metadata
    names, metadata = contents(wheels, "en_claimx_news-*.whl")
    meta = json.loads((ROOT / "models/en_claimx_news/en_claimx_news/meta.json").read_text("utf-8"))
    assert f"\nVersion: {meta['version']}\n" in metadata and "\nRequires-Dist: claimx<0.7,>=0.6\n" in metadata
    assert {name.split("/")[0] for name in names} == {"en_claimx_news", f"en_claimx_news-{meta['version']}.dist-info"}
    data = f"en_claimx_news/en_claimx_news-{meta['version']}"
    assert {f"{data}/config.cfg", f"{data}/tokenizer", f"{data}/claimx_attribution/encoder.onnx"} <= set(names)


@pytest.mark.slow
def test_an_sdist_makes_the_same_wheel(wheels, environment, tmp_path):
    [sdist] = wheels.glob("claimx-*.tar.gz")
    environment().pip("wheel", "--no-deps", "--no-index", "-w", tmp_path, sdist)
    assert contents(tmp_path, "claimx-*.whl") == contents(wheels, "claimx-*.whl")


@pytest.mark.slow
@pytest.mark.parametrize("way", ["install", "editable"])
def test_one_command_in_a_clone_brings_both(way, clone, environment):
    here = environment()
    here.pip("install", *(["-e"] if way == "editable" else []), clone)
    claimx, model = sorted(here.freeze())
    assert claimx.startswith("-e" if way == "editable" else "claimx @ file:")
    assert model.replace("-", "_").startswith("en_claimx_news @ file:")
    assert here.record()["model"] == {"name": "en_claimx_news", "version": "0.6.0"}
    program = "import spacy, claimx; print(spacy.load('en_claimx_news').meta['version'], claimx.__file__); "
    program += "print('en_claimx_news' in spacy.util.get_installed_models())"
    printed = here.run("-c", program).stdout.splitlines()
    assert printed[1] == "True" and printed[0].startswith("0.6.0 ")
    assert (str(clone) in printed[0]) == (way == "editable")
    # what is installed names no folder, so that pip can add to it when the clone is gone
    assert "already satisfied: claimx[batch,web]" in here.pip("install", "--no-index", "claimx[batch,web]")


@pytest.mark.slow
def test_a_clone_without_its_wheels_installs_again_from_what_freeze_prints(clone, environment, tmp_path):
    first, second = environment("first"), environment("second")
    first.pip("install", clone)
    (tmp_path / "frozen.txt").write_text("\n".join(first.freeze()))
    second.pip("install", "-r", tmp_path / "frozen.txt")
    assert second.record() == first.record()


@pytest.mark.slow
def test_wheels_install_again_from_what_freeze_prints(wheels, environment, tmp_path):
    first, second = environment("first"), environment("second")
    first.pip("install", "--no-index", "--find-links", wheels, "claimx[news]")
    assert first.freeze() == BOTH
    (tmp_path / "frozen.txt").write_text(first.pip("freeze"))
    second.pip("install", "--no-index", "--find-links", wheels, "-r", tmp_path / "frozen.txt")
    assert second.freeze() == first.freeze()
    assert second.record() == first.record()


@pytest.mark.slow
def test_the_model_brings_the_code(wheels, environment):
    here = environment()
    here.pip("install", "--no-index", "--find-links", wheels, "en-claimx-news")
    assert here.freeze() == BOTH


@pytest.mark.slow
def test_claimx_alone_reads_with_another_model_and_says_what_to_install_without_one(wheels, environment, tmp_path):
    here = environment()
    [wheel] = wheels.glob("claimx-*.whl")
    here.pip("install", "--no-index", wheel)
    failed = here.run("-m", "claimx", "extract", ARTICLE, code=2)
    assert failed.stdout in ("", "null\n")
    assert "en_claimx_news" in failed.stderr and "Traceback" not in failed.stderr
    told = re.search(r"pip (install --find-links FOLDER \"claimx\[news\]\")", failed.stderr)[1]
    # a model of another name, as a package and as a folder
    [data] = (ROOT / "models/en_claimx_news/en_claimx_news").glob("en_claimx_news-*")
    [site] = here.python.parent.parent.glob("[Ll]ib/**/site-packages")
    shutil.copytree(data, site / "some_other_model" / f"some_other_model-{data.name.rpartition('-')[2]}")
    shutil.copy(data / "meta.json", site / "some_other_model")
    meta = json.loads((data / "meta.json").read_text("utf-8")) | {"lang": "some", "name": "other_model"}
    (site / "some_other_model" / "meta.json").write_text(json.dumps(meta))
    (site / "some_other_model" / "__init__.py").write_text("")
    by_name = here.record("--model", "some_other_model")
    assert by_name["claims"] and by_name["claims"] == here.record("--model", str(data))["claims"]
    # and what it said to do helps
    here.pip(*told.replace('"', "").replace("FOLDER", str(wheels)).split(), "--no-index")
    assert here.record()["claims"] == by_name["claims"]


@pytest.mark.slow
def test_extras_are_added_to_an_installed_claimx_by_its_name(wheels, environment):
    here = environment()
    here.pip("install", "--no-index", "--find-links", wheels, "claimx[news]")
    said = here.pip("install", "--no-index", "claimx[web,batch]")
    assert "already satisfied: claimx[batch,web]" in said


def lower_bounds() -> dict[str, Version]:
    """Of what claimx itself needs and of the extras batch and web, as setup.cfg says them."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = settings["options.extras_require"]
    lines = (settings["options"]["install_requires"] + extras["batch"] + extras["web"]).split("\n")
    needs = [Requirement(line) for line in lines if line]
    return {
        need.name.lower(): Version(next(part.version for part in need.specifier if part.operator == ">="))
        for need in needs
    }


def test_the_lowest_versions_that_are_tested_are_those_that_are_allowed():
    lines = (ROOT / ".ci" / "lowest.txt").read_text("utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert {name: Version(version) for name, version in pinned.items()} == lower_bounds()
