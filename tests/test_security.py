"""Nothing let in: no code of models, rules or inputs is run, and a model is what it was made as."""

import ast
import re
import shutil
from pathlib import Path

import en_claimx_news
import pytest

import claimx
from claimx.errors import ConfigError, ModelError

[PIPELINE] = Path(en_claimx_news.__file__).parent.glob("en_claimx_news-*")
SOURCES = sorted(Path(claimx.__file__).parent.rglob("*.py"))
#: What runs code that it is given, or reads what can hold code.
_CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "run_path", "run_module", "unsafe_load"}
_MODULES = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle", "yaml", "xml", "tarfile", "zipfile"}


def _suspects(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            own = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re"
            if name in _CALLS and not own:
                yield name
            if any(word.arg in ("shell", "allow_pickle") for word in node.keywords):
                yield "shell or pickle"
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (name for name in names if name.split(".")[0] in _MODULES)


def test_nothing_in_claimx_runs_code_it_is_given():
    assert len(SOURCES) > 80
    found = {(path.name, name) for path in SOURCES for name in _suspects(ast.parse(path.read_text("utf-8")))}
    assert found == {("cluster.py", "pickle")}  # between the processes of one batch, as those of Ray itself
    assert list(_suspects(ast.parse("import pickle\neval('1')\nnumpy.load(f, allow_pickle=True)")))


@pytest.mark.parametrize("kind", ["pipeline", "no metadata", "no pipeline"])
def test_the_code_of_a_model_is_not_run(tmp_path, monkeypatch, kind):
    """Neither that of a package named by --model, whose pipeline is read, nor that of any other module."""
    name = f"hostile_{kind.replace(' ', '_')}"
    package = tmp_path / name
    package.mkdir()
    (package / "__init__.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\ndef load(**options): ...\n")
    if kind != "no metadata":
        shutil.copy(PIPELINE / "meta.json", package / "meta.json")
    if kind == "pipeline":
        shutil.copytree(PIPELINE, package / PIPELINE.name)
    monkeypatch.syspath_prepend(str(tmp_path))
    if kind == "pipeline":
        assert claimx.extract("“It is safe,” Ann Hale said.", nlp=claimx.load(name)).claims
    else:
        with pytest.raises(ModelError, match=name):
            claimx.load(name)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "name", ["json", "os", "claimx", "__main__", "numpy", "", ".", "a b", "../x", "a\0b", "/dev/null"]
)
def test_what_is_no_pipeline_is_told(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=r"cannot load the spaCy pipeline .* leave --model out"):
        claimx.load(name)


def _changed(data: bytes) -> bytes:
    """One byte is another; of a config, the next that closes a name: its values are for people to change."""
    at = len(data) // 3
    if data.startswith(b"[nlp]"):
        at = data.index(b"}", at)
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


#: What is done to the bytes of a file; None: it is removed.
_DAMAGES = {
    "gone": lambda data: None,
    "empty": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "changed": _changed,
    "pickle": lambda data: (
        b"\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R."
    ),
}


@pytest.mark.parametrize("damage", _DAMAGES)
@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("meta.json", "cannot load the spaCy pipeline"),
        ("config.cfg", "cannot load the spaCy pipeline"),
        ("tokenizer", "cannot load the spaCy pipeline"),
        ("vocab/strings.json", "cannot load the spaCy pipeline"),
        ("vocab/vectors", "cannot load the spaCy pipeline"),
        ("claimx_attribution/encoder.onnx", "Install the pipeline again"),
        ("claimx_attribution/link.onnx", "Install the pipeline again"),
        ("claimx_attribution/tokenizer.json", "Install the pipeline again"),
        ("claimx_attribution/calibration.json", "Install the pipeline again"),
        ("claimx_attribution/sha256.json", "Install the pipeline again"),
    ],
)
def test_a_damaged_model_is_an_error(tmp_path, file, told, damage):
    """Weights, above all, are those that were made: by their hashes. What spaCy reads may bear a changed letter."""
    shutil.copytree(PIPELINE, tmp_path / "model")
    data = _DAMAGES[damage]((tmp_path / "model" / file).read_bytes())
    (tmp_path / "model" / file).unlink()
    if data is not None:
        (tmp_path / "model" / file).write_bytes(data)
    harmless = (file, damage) in {
        ("vocab/vectors", "gone"),
        ("tokenizer", "changed"),
        ("vocab/strings.json", "changed"),
    }
    try:
        nlp = claimx.load(str(tmp_path / "model"))
    except ModelError as error:
        assert not harmless and re.search(told, str(error)) and str(tmp_path / "model") in str(error)
    else:
        assert harmless and len(claimx.extract("“It is safe,” Ann Hale said.", nlp=nlp).claims) == 1


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ('[cues]\nassertion = ["{python}"]\n', None),
        ('[ignore]\npatterns = ["("]\n', "line 2"),
        ("[names]\napart = \"__import__('os')\"\n", "line 2"),
        ("[exec]\ncode = 1\n", "line 1"),
    ],
)
def test_rules_are_data(tmp_path, rules, told):
    (tmp_path / "rules.toml").write_text(rules)
    if told:
        with pytest.raises(ConfigError, match=rf"rules\.toml: {told}"):
            claimx.load(rules=str(tmp_path / "rules.toml"))
    else:
        assert claimx.load(rules=str(tmp_path / "rules.toml"))
