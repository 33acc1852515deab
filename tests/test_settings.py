"""Settings: a flag over a variable over a file over the default, and errors that say where."""

import json
import os
import subprocess
import sys

import pytest

from claimx.cli import main
from claimx.cli.settings import options_of
from claimx.toml_files import line_of

TEXT = "“The bridge is safe,” chief engineer Tomas Lindqvist said. Mayor Ada Brandt denied that it would close.\n"


def run(folder, *args, **env):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMX_")}
    return subprocess.run(
        [sys.executable, "-m", "claimx", *map(str, args)],
        capture_output=True, text=True, cwd=folder, env={**clean, "COLUMNS": "100", **env}, timeout=120,
    )  # fmt: skip


def config(folder, *args, **env) -> dict:
    done = run(folder, "config", "-f", "json", *args, **env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "below" / "here").mkdir(parents=True)
    (tmp_path / "claimx.toml").write_text('threshold = 0.7\n\n[extract]\nkind = ["direct", "mixed"]\nflat = true\n')
    return tmp_path / "below" / "here"


def test_a_file_is_found_upward_and_tells_its_lines(folder):
    found = config(folder)
    assert found["file"] == str(folder.parent.parent / "claimx.toml")
    extract, batch = found["settings"]["extract"], found["settings"]["batch"]
    assert extract["threshold"] == {"value": 0.7, "from": f"{found['file']}:1"}
    assert batch["threshold"]["value"] == 0.7
    assert extract["kind"] == {"value": ["direct", "mixed"], "from": f"{found['file']}:4"}
    assert batch["kind"] == {"value": None, "from": "default"}
    assert extract["flat"]["value"] is True
    assert extract["model"] == {"value": "en_claimx_news", "from": "default"}


def test_variables_win_over_the_file_those_of_a_command_over_all(folder):
    found = config(folder, CLAIMX_THRESHOLD="0.8", CLAIMX_BATCH_THRESHOLD="0.9", CLAIMX_FLAT="no")["settings"]
    assert found["extract"]["threshold"] == {"value": 0.8, "from": "CLAIMX_THRESHOLD"}
    assert found["batch"]["threshold"] == {"value": 0.9, "from": "CLAIMX_BATCH_THRESHOLD"}
    assert found["extract"]["flat"] == {"value": False, "from": "CLAIMX_FLAT"}


def test_a_table_of_a_command_wins_over_what_is_for_all(tmp_path):
    (tmp_path / "claimx.toml").write_text("threshold = 0.1\n[extract]\nthreshold = 0.2\n")
    found = config(tmp_path)["settings"]
    assert (found["extract"]["threshold"]["value"], found["speakers"]["threshold"]["value"]) == (0.2, 0.1)


def test_pyproject_counts_where_it_has_the_table(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n[tool.claimx]\nmin_confidence = 0.5\n")
    found = config(tmp_path)
    assert found["settings"]["extract"]["min-confidence"] == {"value": 0.5, "from": f"{found['file']}:4"}
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert config(tmp_path)["file"] is None


def test_a_file_can_be_named_or_none(folder, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text("threshold = 0.3")
    for args, value in (
        (("--config", other), 0.3),
        (("--config", "none"), None),
    ):
        done = run(folder, *args, "config", "extract", "-f", "json")
        assert json.loads(done.stdout)["settings"]["extract"]["threshold"]["value"] == value
    assert config(folder, CLAIMX_CONFIG=str(other))["settings"]["extract"]["threshold"]["value"] == 0.3


def test_settings_act_and_a_flag_wins(folder):
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    lines = run(folder, "extract", "a.txt", "-f", "jsonl").stdout.splitlines()
    assert [json.loads(line)["cue"] for line in lines] == ["said"]
    lines = run(folder, "extract", "a.txt", "-f", "jsonl", "--kind", "indirect", "--no-flat").stdout.splitlines()
    assert [claim["cue"]["text"] for claim in json.loads(lines[0])["claims"]] == ["denied"]


def test_every_option_can_be_set_both_ways(tmp_path):
    for name, command in main.commands.items():
        for key, option in options_of(command):
            variable = key.upper().replace("-", "_")
            assert option.envvar == [f"CLAIMX_{name.upper()}_{variable}", f"CLAIMX_{variable}"]
    given = {
        "batch": {"format": "csv", "workers": 2, "glob": "*.txt", "timeout": 5, "quiet": True, "partition": False},
        "serve": {"port": 1234, "allow-fetch": True},
        "speakers": {"speaker-kind": ["person"], "color": "never"},
        "evaluate": {"format": "json"},
    }
    lines = [
        f"[{name}]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in table.items()) for name, table in given.items()
    ]
    (tmp_path / "claimx.toml").write_text("\n".join(lines))
    found = config(tmp_path)["settings"]
    assert {name: {key: found[name][key]["value"] for key in table} for name, table in given.items()} == given


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("threshold = 0.5\ntreshold = 0.7\n", ["line 2", "treshold", "no option of any command"]),
        ("[extract]\n\nworkers = 2\n", ["line 3", "extract.workers", "no option of claimx extract"]),
        ("[extrct]\nkind = 'direct'\n", ["line 1", "extrct", "no command"]),
        ("threshold = 3\n", ["line 1", "threshold", "0<=x<=1"]),
        ("threshold = 'high'\n", ["line 1", "threshold", "not a valid float"]),
        ("[extract]\nkind = [\n  'direct',\n  'spoken',\n]\n", ["extract.kind", "spoken"]),
        ("[extract]\nflat = 'yes'\n", ["line 2", "extract.flat", "true or false"]),
        ("threshold = true\n", ["line 1", "threshold"]),
        ("threshold = \n", ["line 1", "TOML"]),
        ("rules = 'gone.toml'\n", ["line 1", "rules", "does not exist"]),
    ],
)
def test_errors_name_the_file_the_line_and_the_key(tmp_path, content, told):
    (tmp_path / "claimx.toml").write_text(content)
    done = run(tmp_path, "schema")
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert all(word in done.stderr for word in ["claimx.toml", *told]), done.stderr


def test_a_bad_variable_is_named(tmp_path):
    done = run(tmp_path, "extract", "-", CLAIMX_THRESHOLD="9")
    assert done.returncode == 2 and "CLAIMX_THRESHOLD" in done.stderr
    done = run(tmp_path, "config", CLAIMX_EXTRACT_KIND="spoken")
    assert done.returncode == 2 and "CLAIMX_EXTRACT_KIND" in done.stderr
    assert "CLAIMX_TRESHOLD sets nothing" in run(tmp_path, "config", CLAIMX_TRESHOLD="1").stderr


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    done = run(tmp_path, "--config", "gone.toml", "schema")
    assert done.returncode == 2 and "gone.toml" in done.stderr


def test_the_table_tells_where_settings_come_from(folder):
    out = run(folder, "config", "-f", "table", CLAIMX_MODEL="other").stdout
    assert "CLAIMX_MODEL" in out and "claimx.toml" in out and "default" in out


@pytest.mark.parametrize(
    ("text", "keys", "value", "line"),
    [
        ("a = 1\nb = 2", ["b"], None, 2),
        ("[t]\na = 1\n[u]\na = 2", ["u", "a"], None, 4),
        ("[t.u]\n'a b' = 1", ["t", "u", "a b"], None, 2),
        ("t.a = 1\nt.b = 2", ["t", "b"], None, 2),
        ("[t]\na = [\n 'x',\n 'y',\n]", ["t", "a", 1], "y", 4),
        ("a = 1", ["gone"], None, 1),
    ],
)
def test_lines_of_keys(text, keys, value, line):
    assert line_of(text, keys, value) == line
