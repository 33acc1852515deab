"""The components as spaCy components: factories, assembly, what stands on the Doc, saving and loading."""

import pytest
import spacy
from spacy import displacy
from spacy.tokens import Doc, DocBin

import claimx
from claimx.api import COMPONENTS, MODEL_COMPONENTS
from claimx.errors import ModelError

TEXT = "“The bridge is safe,” chief engineer Tomas Lindqvist said. He denied that it would close."


@pytest.mark.parametrize("name", ["claimx_paragraphs", "claimx_attribution", *COMPONENTS])
def test_every_component_is_a_factory(name):
    assert spacy.blank("en").has_factory(name)


def test_components_stand_behind_each_other(nlp, rules_nlp):
    assert nlp.pipe_names == [*MODEL_COMPONENTS]
    assert [name for name in rules_nlp.pipe_names if name.startswith("claimx")] == ["claimx_paragraphs", *COMPONENTS]
    for pipeline in (nlp, rules_nlp):
        assert pipeline.analyze_pipes()["problems"]["claimx_affiliations"] == []


def test_what_stands_on_the_doc(nlp):
    doc = nlp(TEXT)
    assert [q.end - q.start for q in doc._.claimx_quotations] == [21]
    assert [a.lemma for a in doc._.claimx_attributions] == ["say", "deny"]
    assert [s.name for s in doc._.claimx_speakers] == ["Tomas Lindqvist"]
    assert [claim["kind"] for claim in doc._.claimx["claims"]] == ["direct", "indirect"]
    assert {span.label_ for span in doc.spans["claimx"]} == {"CONTENT", "CUE", "SOURCE"}
    assert "CONTENT" in displacy.render(doc, style="span", options={"spans_key": "claimx"}, jupyter=False)


def test_a_doc_survives_bytes_and_docbin(nlp):
    doc = nlp(TEXT)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.claimx == doc._.claimx
    assert again._.claimx_attributions == doc._.claimx_attributions
    assert again._.claimx_speakers == doc._.claimx_speakers
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    [restored] = DocBin(store_user_data=True).from_bytes(stored).get_docs(nlp.vocab)
    assert restored._.claimx == doc._.claimx
    assert [span.text for span in restored.spans["claimx"]] == [span.text for span in doc.spans["claimx"]]


def test_a_pipeline_survives_the_disk(nlp, tmp_path):
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again(TEXT)._.claimx == nlp(TEXT)._.claimx


def test_components_in_somebodys_own_pipeline():
    nlp = claimx.load_base()
    for name in COMPONENTS:
        nlp.add_pipe(name, config={"threshold": 0.9} if name == "claimx_attributions" else {})
    assert nlp.get_pipe("claimx_attributions").threshold == 0.9
    assert claimx.extract(TEXT, nlp=nlp).claims


def test_options_change_what_is_found():
    text = "The mayor wants more. The mayor said the road was closed."
    strict = claimx.extract(text, nlp=claimx.load(threshold=0.95))
    loose = claimx.extract(text, nlp=claimx.load(threshold=0.05))
    assert len(strict.claims) < len(loose.claims)


def test_options_of_the_rules_reach_them():
    text = "“The road is closed,” Mara Dunn mused."
    loose, strict = (claimx.load("en_core_web_sm", quotation_threshold=least) for least in (0.01, 0.999))
    assert [claim.cue.text for claim in claimx.extract(text, nlp=loose).claims if claim.cue] == ["mused"]
    assert not [claim for claim in claimx.extract(text, nlp=strict).claims if claim.cue]
    with pytest.raises(ModelError, match="no option threads"):
        claimx.load("en_core_web_sm", threads=2)


def test_extract_many_keeps_order_and_agrees_with_extract(nlp):
    texts = ["Ann Hale said no.", "", TEXT, "The bus left at noon."]
    many = list(claimx.extract_many(texts, nlp=nlp))
    assert [extraction.id for extraction in many] == ["1", "2", "3", "4"]
    for text, extraction in zip(texts, many, strict=True):
        assert extraction.claims == claimx.extract(text, nlp=nlp).claims


def test_unknown_and_unfit_models_are_refused_with_what_to_do():
    with pytest.raises(ModelError, match="no_such_model.*Install"):
        claimx.load("no_such_model")
    with pytest.raises(ModelError, match="claimx.load"):
        claimx.extract("Hello.", nlp=spacy.blank("en"))


def test_a_model_without_a_parser_is_refused(tmp_path):
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="no parser and no ner"):
        claimx.load_base(str(tmp_path / "blank"))
