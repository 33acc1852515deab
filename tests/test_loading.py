"""Pipelines of one's own: each caller has one, it is saved with all that decides its results, weights are held once."""

import json
import os
import pickle
import time
from pathlib import Path

import pytest
import spacy
from conftest import articles

import claimx
from claimx import pipeline, rules
from claimx.api import COMPONENTS, model_info
from claimx.batch.worker import Options, Worker
from claimx.errors import ModelError

TEXT = "“The bridge is safe,” chief engineer Tomas Lindqvist of Harbor Works said. He denied that it would close."
_NAMES = ["claimx_user_rules", *COMPONENTS]


def weights_of(nlp):
    return nlp.get_pipe("claimx_attribution")._weights


def network_of(nlp):
    return nlp.get_pipe("claimx_attribution")._network


def best_of(times, function):
    def seconds():
        begun = time.perf_counter()
        function()
        return time.perf_counter() - begun

    return min(seconds() for _ in range(times))


def test_what_is_done_to_a_pipeline_is_done_to_no_other():
    before = claimx.extract(TEXT)
    assert before.speakers[0].affiliations
    own = claimx.load()
    own.remove_pipe("claimx_affiliations")
    own.get_pipe("claimx_attribution").threshold = 1.1
    own.tokenizer.add_special_case("Lindqvist", [{"ORTH": "Lind"}, {"ORTH": "qvist"}])
    own.vocab["bridge"].is_stop = True
    assert claimx.extract(TEXT, nlp=own).claims == []
    assert claimx.extract(TEXT) == before
    assert list(claimx.extract_many([TEXT]))[0].claims == before.claims
    assert Worker(Options()).nlp.pipe_names == [*COMPONENTS]
    assert claimx.load().pipe_names == [*COMPONENTS]
    assert not claimx.load().vocab["bridge"].is_stop


def test_a_second_pipeline_is_quick_and_shares_the_weights(nlp):
    assert best_of(5, claimx.load) < 0.1
    other = claimx.load(threshold=0.9, threads=2)
    assert other is not nlp
    assert weights_of(other) is weights_of(nlp)
    assert network_of(other)._encoder is network_of(nlp)._encoder
    assert nlp.get_pipe("claimx_attribution").threads == 1


@pytest.mark.parametrize("first", ["in a zone", "outside"])
def test_a_new_pipeline_works_in_memory_zones(first):
    own, expected = claimx.load(), claimx.extract(TEXT)
    if first == "outside":
        own("")
    for _ in range(2):
        with own.memory_zone():
            assert claimx.extract(TEXT, nlp=own) == expected
    assert claimx.extract(TEXT, nlp=own) == expected


def test_weights_are_read_again_where_they_changed(nlp, tmp_path):
    component = nlp.get_pipe("claimx_attribution")
    component.to_disk(tmp_path)
    assert type(component)().from_disk(tmp_path)._weights is component._weights
    graph = tmp_path / "link.onnx"
    graph.write_bytes(graph.read_bytes()[:-1] + b"\0")
    with pytest.raises(ModelError, match="SHA-256"):
        type(component)().from_disk(tmp_path)


@pytest.mark.parametrize("way", ["disk", "bytes"])
def test_options_and_rules_are_saved(tmp_path, way):
    path = tmp_path / "rules.toml"
    path.write_text('[cues]\nbelief = ["spitball"]\n', encoding="utf-8")
    text = "Ann Hale spitballed that the road is open. The mayor may want more."
    nlp = claimx.load(threshold=0.9, threads=2, rules=path)
    if way == "disk":
        nlp.to_disk(tmp_path / "saved")
        again = spacy.load(tmp_path / "saved")
    else:
        again = spacy.blank("en").from_config(nlp.config).from_bytes(nlp.to_bytes())
    component = again.get_pipe("claimx_attribution")
    assert (component.threshold, component.threads) == (0.9, 2)
    assert again.config["components"]["claimx_attribution"]["threshold"] == 0.9
    assert [a.type for a in again(text)._.claimx_attributions] == ["belief"]
    assert again(text)._.claimx == nlp(text)._.claimx
    assert model_info(again) == model_info(nlp)


def test_an_option_set_on_the_live_component_is_saved_unless_the_config_says_otherwise(tmp_path):
    nlp = claimx.load()
    nlp.get_pipe("claimx_attribution").threshold = 0.8
    nlp.to_disk(tmp_path / "saved")

    def threshold(nlp):
        return nlp.get_pipe("claimx_attribution").threshold

    assert threshold(spacy.load(tmp_path / "saved")) == 0.8
    assert threshold(claimx.load(str(tmp_path / "saved"))) == 0.8
    assert threshold(claimx.load(str(tmp_path / "saved"), threshold=0.47)) == 0.47
    overrides = {"components.claimx_attribution.threshold": 0.3}
    assert threshold(spacy.load(tmp_path / "saved", config=overrides)) == 0.3
    component = nlp.get_pipe("claimx_attribution")
    assert type(component)().from_bytes(component.to_bytes()).threshold == 0.8
    assert pickle.loads(pickle.dumps(component)).threshold == 0.8


# What stands in rule files is saved ----------------------------------------------------------------------------------


@pytest.fixture
def changed(monkeypatch):
    """A function that changes the text of a rule file of the package, as a claimx to come may."""
    texts: dict[str, str] = {}
    packaged = rules._packaged
    monkeypatch.setattr(rules, "_packaged", lambda name: texts.get(name) or packaged(name))

    def change(name: str, text: str) -> None:
        texts[name] = text

    return change


def _without_words(name: str) -> str:
    """A rule file whose lists, weights and tables say something else."""

    def other(value):
        if isinstance(value, dict):
            return {key: other(item) for key, item in value.items()}
        if isinstance(value, float):
            return -value
        return ["§"] if isinstance(value, list) else value

    return json.dumps(other(json.loads(rules._packaged(name))))


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("speaker_weights.json", "disk"),
        ("affiliation_weights.json", "bytes"),
        ("roles.txt", "disk"),
        ("forenames.txt", "pickle"),
        ("marks.json", "bytes"),
        ("types.json", "pickle"),
    ],
)
def test_a_saved_pipeline_keeps_its_rules(tmp_path, name, way):
    """Made here with other rules than the package's: what was saved decides, wherever it is loaded."""
    text = articles()[0][1] + "\n\n" + articles()[1][1]
    expected = claimx.extract(text)
    old = claimx.load()
    old.to_disk(tmp_path / "old")
    content = "nobody\n" if name == "roles.txt" else "zed m\n" if name.endswith("txt") else _without_words(name)
    for folder in (tmp_path / "old").glob("*/rules"):
        if (folder / name).is_file():
            (folder / name).write_text(content, encoding="utf-8")
    saved = spacy.load(tmp_path / "old")
    different = claimx.extract(text, nlp=saved)
    assert different != expected
    if way == "disk":
        saved.to_disk(tmp_path / "new")
        again = spacy.load(tmp_path / "new")
    elif way == "bytes":
        again = spacy.blank("en").from_config(saved.config).from_bytes(saved.to_bytes())
        again.meta.update(saved.meta)
    else:
        again = pickle.loads(pickle.dumps(saved))
    assert claimx.extract(text, nlp=again) == different
    assert claimx.extract(text) == expected  # beside it, in the same process, nothing changes


def test_a_pipeline_saved_today_is_the_same_when_the_package_changes(changed, tmp_path):
    text = articles()[0][1]
    nlp = claimx.load()
    expected = claimx.extract(text, nlp=nlp)
    nlp.to_disk(tmp_path / "saved")
    for name in ("speaker_weights.json", "affiliation_weights.json", "titles.json", "kinds.json"):
        changed(name, _without_words(name))
    again = spacy.load(tmp_path / "saved")
    assert again.get_pipe("claimx_speakers").rule_files
    assert claimx.extract(text, nlp=again) == expected


class Noting(rules.RuleFiles):
    """Rule files that note which of them are read."""

    def __init__(self) -> None:
        super().__init__({"none.json": "{}"})
        self.read: set[str] = set()

    def load(self, name):
        self.read.add(name)
        return super().load(name)

    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other


@pytest.mark.parametrize("name", _NAMES)
def test_each_component_saves_the_rule_files_that_it_reads(name):
    """All of them, by running it on articles; none of the others."""
    base = claimx.load()
    if name == "claimx_user_rules":
        base.add_pipe(name, first=True).set_rules(claimx.user_rules.UserRules(cues={"belief": ["spitball"]}))
    component, noting = base.get_pipe(name), Noting()
    component.use_rules(noting)
    for _, text, _ in articles():
        base(text)
    assert noting.read <= set(component.RULES)
    assert set(component.RULES) - noting.read <= {"irregular_forms.json"}  # read where a rule has an irregular word


def test_no_module_reads_rules_behind_the_back_of_the_components():
    """Rule files come to a module as an argument, so that a saved pipeline decides by those that it was saved with."""
    for path in Path(pipeline.__file__).parent.rglob("*.py"):
        assert "from claimx.rules import load" not in path.read_text("utf-8"), path


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are forked")
def test_a_pipeline_with_rules_of_its_own_works_in_other_processes(tmp_path):
    claimx.load().to_disk(tmp_path / "saved")
    for path in (tmp_path / "saved").glob("*/rules/roles.txt"):
        path.write_text("nobody\n", encoding="utf-8")
    nlp = spacy.load(tmp_path / "saved")
    [doc] = nlp.pipe([TEXT], n_process=1)
    assert Worker(Options(str(tmp_path / "saved"))).nlp(TEXT)._.claimx == doc._.claimx
