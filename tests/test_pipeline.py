"""The components as spaCy components: factories, assembly, what stands on the Doc, saving and loading."""

import csv
import io
import re
import sys
from pathlib import Path

import pytest
import spacy
from spacy import displacy
from spacy.tokens import Doc, DocBin

import claimx
from claimx.api import COMPONENTS
from claimx.errors import InputError, ModelError, OutputError
from claimx.writers.text import write_csv

TEXT = "“The bridge is safe,” chief engineer Tomas Lindqvist said. He denied that it would close."


@pytest.mark.parametrize("name", ["claimx_user_rules", *COMPONENTS])
def test_every_component_is_a_factory(name):
    assert spacy.blank("en").has_factory(name)


def test_components_stand_behind_each_other(nlp):
    assert nlp.pipe_names == [*COMPONENTS]
    assert nlp.analyze_pipes()["problems"]["claimx_affiliations"] == []


def test_what_stands_on_the_doc(nlp):
    doc = nlp(TEXT)
    assert [q.end - q.start for q in doc._.claimx_quotations] == [21]
    assert [a.lemma for a in doc._.claimx_attributions] == ["say", "deny"]
    assert [s.name for s in doc._.claimx_speakers] == ["Tomas Lindqvist"]
    assert [claim["kind"] for claim in doc._.claimx["claims"]] == ["direct", "indirect"]
    assert {span.label_ for span in doc.spans["claimx"]} == {"CONTENT", "CUE", "SOURCE"}
    assert "CONTENT" in displacy.render(doc, style="span", options={"spans_key": "claimx"}, jupyter=False)


def test_spans_have_the_ids_of_claims_and_speakers(nlp):
    doc = nlp(TEXT)
    spans = {(span.label_, span.text): span for span in doc.spans["claimx"]}
    assert {span.id_ for span in spans.values()} == {"c1", "c2"}
    said, denied = spans["CUE", "said"], spans["CUE", "denied"]
    assert (said.id_, said._.claim) == ("c1", doc._.claimx["claims"][0])
    assert (denied.id_, denied._.claim) == ("c2", doc._.claimx["claims"][1])
    assert denied._.speaker == doc._.claimx["speakers"][0]
    mentions = [(span.text, span.id_, span.label_) for span in doc.spans["claimx_speakers"]]
    assert ("Tomas Lindqvist", "s1", "PERSON") in mentions
    assert ("He", "s1", "PERSON") in mentions
    [mention, *_] = doc.spans["claimx_speakers"]
    assert (mention._.claim, mention._.speaker) == (None, doc._.claimx["speakers"][0])
    assert (doc[0:2]._.claim, doc[0:2]._.speaker) == (None, None)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert [span._.claim for span in again.spans["claimx"]] == [span._.claim for span in doc.spans["claimx"]]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It is safe. He left.", ["It is safe.", "He left."]),
        ("“Is it safe?” she asked. “No.”", ["“Is it safe?” she asked.", "“No.”"]),
        ("“It is safe.” Ann Hale left.", ["“It is safe.”", "Ann Hale left."]),
        ('"It is safe." "It is not," he said.', ['"It is safe."', '"It is not," he said.']),
        ("Mr. Hale left at 5 p.m. with Dr. Dunn.", ["Mr. Hale left at 5 p.m. with Dr. Dunn."]),
        ("Bridge closed\n\nThe bridge is closed.", ["Bridge closed", "The bridge is closed."]),
        ("No stop", ["No stop"]),
    ],
)
def test_sentences_by_rule(nlp, text, sentences):
    assert [sentence.text.strip() for sentence in nlp(text).sents] == sentences


def test_sentences_that_somebody_found_stay(nlp):
    doc = nlp.make_doc("It is. It was.")
    for token in doc:
        token.is_sent_start = token.i == 1
    assert [sentence.text for sentence in nlp(doc).sents] == ["It", "is. It was."]
    assert len(list(nlp("").sents)) == 0
    off = claimx.load()
    off.get_pipe("claimx_extraction").annotate_sents = False
    assert not off("It is.").has_annotation("SENT_START")


def _with_ruler(**options):
    nlp = claimx.load()
    component = nlp.get_pipe("claimx_attribution")
    for name, value in options.items():
        setattr(component, name, value)
    ruler = nlp.add_pipe("entity_ruler", before="claimx_attribution")
    ruler.add_patterns([{"label": "DATE", "pattern": "Monday"}, {"label": "WORK", "pattern": "Ann Hale Bridge"}])
    return nlp("Ann Hale said on Monday that the Ann Hale Bridge was safe. Bob Dunn denied that it was.")


def _texts(spans):
    return [(span.text, span.label_) for span in spans]


def test_entities_that_somebody_set_stay():
    doc = _with_ruler()
    theirs, ours = [("Monday", "DATE"), ("Ann Hale Bridge", "WORK")], [("Ann Hale", "PERSON"), ("Bob Dunn", "PERSON")]
    assert _texts(doc.ents) == [ours[0], *theirs, ours[1]]
    assert set(ours) <= set(_texts(doc.spans["claimx_names"]))
    assert [speaker["name"] for speaker in doc._.claimx["speakers"]] == ["Ann Hale", "Bob Dunn"]
    alone = _with_ruler(annotate_ents=False)
    assert _texts(alone.ents) == theirs
    assert alone._.claimx["speakers"] == doc._.claimx["speakers"]
    over = _with_ruler(overwrite=True)
    assert not set(theirs) & set(_texts(over.ents))
    assert set(ours) <= set(_texts(over.ents))
    elsewhere = _with_ruler(spans_key="names")
    assert _texts(elsewhere.spans["names"]) == _texts(doc.spans["claimx_names"])


def test_blocked_tokens_stay_without_entity(nlp):
    doc = nlp.make_doc("Ann Hale said no. Bob Dunn said yes.")
    doc.set_ents([], blocked=[doc[0:2]], default="unmodified")
    assert _texts(nlp(doc).ents) == [("Bob Dunn", "PERSON")]


def test_a_name_of_somebody_elses_is_a_name():
    nlp = claimx.load()
    nlp.add_pipe("entity_ruler", before="claimx_attribution").add_patterns([{"label": "ORG", "pattern": "Velarix"}])
    text = "“We will appeal,” Velarix said on Friday. Velarix has lost twice."
    for pipeline, kind in ((claimx.load(), "person"), (nlp, "organization")):
        assert [(s["name"], s["kind"]) for s in pipeline(text)._.claimx["speakers"]] == [("Velarix", kind)]


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


def test_components_in_somebodys_own_pipeline(nlp):
    own = spacy.blank("en")
    own.add_pipe("sentencizer")
    for name in COMPONENTS:
        own.add_pipe(name, config={"threshold": 0.9} if name == "claimx_attribution" else {})
    finder = own.get_pipe("claimx_attribution")
    finder.set_files(nlp.get_pipe("claimx_attribution").files() | {"options.json": b'{"options": {}, "config": null}'})
    assert finder.threshold == 0.9
    assert claimx.extract(TEXT, nlp=own).claims


def test_options_change_what_is_found():
    text = "The mayor wants more. The mayor said the road was closed."
    strict = claimx.extract(text, nlp=claimx.load(threshold=0.95))
    loose = claimx.extract(text, nlp=claimx.load(threshold=0.05))
    assert len(strict.claims) < len(loose.claims)


def test_extract_many_keeps_order_and_agrees_with_extract(nlp):
    texts = ["Ann Hale said no.", "", TEXT, "The bus left at noon."]
    many = list(claimx.extract_many(texts, nlp=nlp))
    assert [extraction.id for extraction in many] == ["1", "2", "3", "4"]
    for text, extraction in zip(texts, many, strict=True):
        assert extraction.claims == claimx.extract(text, nlp=nlp).claims


def test_extract_many_takes_texts_contexts_and_mappings(nlp):
    page = {"page": 3}
    found = list(
        claimx.extract_many(
            [
                "Ann Hale said no.",
                (TEXT, page),
                {"id": 7, "text": TEXT, "title": "Bridge", "path": Path("a/b.txt"), "url": "https://a.b", "other": 1},
                {"text": "", "title": None},
                ({"id": "x", "text": TEXT}, None),
            ],
            nlp=nlp,
        )
    )
    assert found[0].id == "1"
    extraction, context = found[1]
    assert (extraction.id, context is page, len(extraction.claims)) == ("2", True, 2)
    told = found[2]
    assert (told.id, told.title, told.source.path, told.source.url) == ("7", "Bridge", "a/b.txt", "https://a.b")
    assert (found[3].id, found[3].title, found[3].claims) == ("4", None, [])
    assert (found[4][0].id, found[4][1]) == ("x", None)


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (None, "article 2: is a NoneType"),
        (b"No.", "article 2: is a bytes"),
        (("No.", 1, 2), "article 2: is a tuple"),
        (["No.", 1], "article 2: is a list"),
        ((3, "No."), "article 2: is a int"),
        ({"id": "a"}, 'article 2: has no "text"'),
        ({"text": 3}, 'article 2: has a "text" that is a int'),
        ({"text": "No.", "title": float("nan")}, 'article 2: has a "title" that is a float'),
    ],
)
def test_what_is_no_article_is_told_with_its_number(nlp, item, told):
    with pytest.raises(InputError, match=re.escape(told) + ".*Give a text"):
        list(claimx.extract_many(["Ann Hale said no.", item], nlp=nlp))


@pytest.mark.parametrize("texts", ["Ann Hale said no.", {"text": "Ann Hale said no."}])
def test_one_article_is_not_many(nlp, texts):
    with pytest.raises(InputError, match="call extract"):
        list(claimx.extract_many(texts, nlp=nlp))


def test_rows_are_those_of_the_csv(nlp):
    text = TEXT + " “No,” it read."
    extraction = claimx.extract(text, nlp=nlp, title="Bridge")
    stream = io.StringIO()
    write_csv([extraction], stream)
    stream.seek(0)
    rows = [{name: value or None for name, value in row.items()} for row in csv.DictReader(stream)]

    def written(value) -> str | None:
        return str(value).lower() if isinstance(value, bool) else value if value is None else str(value)

    assert [{name: written(value) for name, value in row.items()} for row in extraction.to_rows()] == rows
    frame = claimx.to_frame(claimx.extract_many([text, text], nlp=nlp))
    assert list(frame.columns) == list(rows[0])
    assert frame["id"].tolist() == ["1"] * len(rows) + ["2"] * len(rows)
    assert claimx.to_frame(extraction)["text"].tolist() == [claim.text for claim in extraction.claims]
    assert list(claimx.to_frame([]).columns) == list(rows[0])


def test_a_frame_without_pandas_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(OutputError, match="pip install pandas"):
        claimx.to_frame([])


def test_unknown_and_unfit_models_are_refused_with_what_to_do():
    with pytest.raises(ModelError, match="no_such_model.*Install"):
        claimx.load("no_such_model")
    with pytest.raises(ModelError, match="claimx.load"):
        claimx.extract("Hello.", nlp=spacy.blank("en"))


def test_a_pipeline_without_the_components_is_refused(tmp_path):
    own = spacy.blank("en")
    own.add_pipe("claimx_extraction")
    own.to_disk(tmp_path / "own")
    with pytest.raises(ModelError, match="has no component claimx_attribution.*leave --model out"):
        claimx.load(str(tmp_path / "own"))
