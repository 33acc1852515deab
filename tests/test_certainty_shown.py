"""What is negated, and how sure a speaker is, in every format: of a document made by hand, without a model."""

import csv
import io
import json
import sqlite3

import jsonschema
import pandas
import pyarrow.parquet
import pytest

import claimx
from claimx.directory import directory
from claimx.schema import Extraction, Reading
from claimx.writers import FORMATS, save, write
from claimx.writers.parts import parts_of

TEXT = "Ann Hale denied it rained. He said it was over. The pool would not say why."
#: Content, cue, source, speaker, its confidence, and whether it is negated.
CLAIMS = [
    ("it rained", "denied", "Ann Hale", "s1", 0.97, True),
    ("it was over", "said", "He", "s1", 0.63, False),
    ("why", "would not say", "The pool", None, 0.22, True),
]


def part(words: str) -> dict:
    return {"text": words, "spans": [[TEXT.index(words), TEXT.index(words) + len(words)]]}


def document() -> dict:
    claims = [
        {
            "id": f"c{n}",
            "kind": "indirect",
            "type": "assertion",
            "negated": negated,
            **part(content),
            "cue": {**part(cue), "lemma": cue},
            "source": part(source),
            "speaker": speaker,
            "speaker_confidence": confidence,
            "confidence": 0.9,
        }
        for n, (content, cue, source, speaker, confidence, negated) in enumerate(CLAIMS, 1)
    ]
    mayor = {"role": "mayor", "organization": None, "spans": [], "confidence": 0.75}
    speaker = {"id": "s1", "name": "Ann Hale", "kind": "person", "aliases": [], "mentions": 2, "pronouns": ["he"]}
    return {
        "schema_version": 2,
        "id": "a",
        "title": None,
        "source": {"path": None, "url": None, "sha256": "0" * 64},
        "model": {"name": "m", "version": "1"},
        "claims": claims,
        "speakers": [{**speaker, "affiliations": [mayor]}],
    }


@pytest.fixture
def reading() -> Reading:
    return Reading(Extraction.model_validate(document()), TEXT)


def written(reading, format, **options) -> str:
    stream = io.StringIO(newline="")
    write([reading], stream, format, **options)
    return stream.getvalue()


def test_the_document_is_of_the_schema(reading):
    jsonschema.validate(document(), claimx.json_schema())
    assert reading.extraction.to_dict() == document()


@pytest.mark.parametrize(
    ("key", "value"),
    [("negated", "yes"), ("negated", None), ("speaker_confidence", 1.5), ("speaker_confidence", "0.5")],
)
def test_other_values_are_not(key, value):
    bad = document()
    bad["claims"][0][key] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(bad, claimx.json_schema())


def of_version_1() -> dict:
    old = document() | {"schema_version": 1}
    for claim in old["claims"]:
        del claim["negated"], claim["speaker_confidence"]
    for affiliation in old["speakers"][0]["affiliations"]:
        del affiliation["confidence"]
    return old


def test_a_document_of_version_1_is_read():
    old = of_version_1()
    for read in (Extraction.model_validate(old), Extraction.model_validate_json(json.dumps(old))):
        assert read.schema_version == 2
        assert [(c.negated, c.speaker_confidence) for c in read.claims] == [(False, None)] * 3
        assert read.speakers[0].affiliations[0].confidence == 1.0
        assert [claim.text for claim in read.claims] == [claim["text"] for claim in old["claims"]]
    assert old["schema_version"] == 1  # what was given stays as it is
    with pytest.raises(ValueError, match="schema_version"):
        Extraction.model_validate(old | {"schema_version": 3})


@pytest.mark.parametrize("format", [name for name in FORMATS if name not in ("json", "jsonl", "spacy")])
def test_every_format_writes_what_was_read_of_version_1(format, tmp_path):
    save([Reading(Extraction.model_validate(of_version_1()), TEXT)], str(tmp_path / "out"), format)


@pytest.mark.parametrize(("format", "separator"), [("csv", ","), ("tsv", "\t")])
def test_tables(reading, format, separator):
    text = written(reading, format)
    rows = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    assert [(row["negated"], row["speaker_confidence"]) for row in rows] == [
        ("true", "0.97"),
        ("false", "0.63"),
        ("true", "0.22"),
    ]
    columns = list(rows[0])
    assert columns.index("negated") == columns.index("text") - 1  # beside what it turns round
    frame = pandas.read_csv(io.StringIO(text), sep=separator)
    assert list(frame.negated) == [True, False, True] and frame.negated.dtype == bool


def test_rows_and_frames_are_typed(reading, tmp_path):
    rows = [(True, 0.97), (False, 0.63), (True, 0.22)]
    assert [(row["negated"], row["speaker_confidence"]) for row in reading.extraction.to_rows()] == rows
    frame = claimx.to_frame([reading.extraction])
    assert list(zip(frame.negated, frame.speaker_confidence, strict=True)) == rows
    flat = [json.loads(line) for line in written(reading, "jsonl", flat=True).splitlines()]
    assert [(row["negated"], row["speaker_confidence"]) for row in flat] == rows
    save([reading], str(tmp_path / "a.parquet"))
    table = pyarrow.parquet.read_table(tmp_path / "a.parquet")
    assert [str(table.schema.field(name).type) for name in ("negated", "speaker_confidence")] == ["bool", "double"]
    assert list(zip(*(table.column(n).to_pylist() for n in ("negated", "speaker_confidence")), strict=True)) == rows


def test_sqlite(reading, tmp_path):
    save([reading], str(tmp_path / "a.sqlite"))
    with sqlite3.connect(tmp_path / "a.sqlite") as database:
        rows = database.execute("SELECT text, negated, speaker_confidence, confidence FROM claims").fetchall()
        posts = database.execute("SELECT role, confidence FROM affiliations").fetchall()
    assert rows == [("it rained", 1, 0.97, 0.9), ("it was over", 0, 0.63, 0.9), ("why", 1, 0.22, 0.9)]
    assert posts == [("mayor", 0.75)]


@pytest.mark.parametrize("format", ["list", "table", "text", "markdown"])
def test_people_see_what_is_negated(reading, format):
    shown = " ".join(written(reading, format).split())
    assert shown.count("negated") == 2
    if format == "text":
        assert "[it rained](1, negated)" in shown and "[it was over](2)" in shown
    else:
        assert shown.count("63%") == 1 and "97%" not in shown and "22%" not in shown  # only where it is in doubt


@pytest.mark.parametrize(("confidence", "shown"), [(0.8, ""), (0.799, "80%"), (0.5, "50%"), (None, ""), (0.0, "0%")])
def test_a_certain_speaker_has_no_figure(confidence, shown):
    from claimx.writers.words import shown_doubt

    claim = Extraction.model_validate(document()).claims[1]
    assert shown_doubt(claim.model_copy(update={"speaker_confidence": confidence})) == shown
    assert shown_doubt(claim.model_copy(update={"speaker_confidence": confidence, "speaker": None})) == ""


def test_the_report_holds_both(reading):
    from lxml import html

    page = html.fromstring(written(reading, "html"))
    marks = {mark.text_content(): "negated" in mark.get("class").split() for mark in page.cssselect(".text mark")}
    assert marks == {"it rained": True, "it was over": False, "why": True}
    [cards] = (json.loads(node.text_content()) for node in page.cssselect("pre.claims"))
    assert [card["doubt"] for card in cards] == ["", "63%", ""]
    assert [card["sorts"] for card in cards] == ["negated indirect assertion", "indirect assertion"] + [
        "negated indirect assertion"
    ]


def test_annotations_for_other_programs(reading, tmp_path):
    annotations = json.loads(written(reading, "webannotation"))["@graph"]
    bodies = [[body["value"] for body in a["body"]] for a in annotations if a["motivation"] == "describing"]
    assert ["negated" in values for values in bodies] == [True, False, True]
    assert ["speaker 0.63" in values for values in bodies] == [False, True, False]
    nodes = {node["@id"].rpartition("#")[2]: node for node in json.loads(written(reading, "schemaorg"))["@graph"]}
    assert [nodes[f"c{n}"].get("keywords") for n in (1, 2, 3)] == ["negated", None, "negated"]
    assert "denied" in nodes["c1"]["description"]
    [task] = json.loads(written(reading, "labelstudio"))
    regions = task["predictions"][0]["result"]
    polar = {region["id"]: region["value"]["choices"] for region in regions if region.get("from_name") == "polarity"}
    assert polar == {"c1-content1": ["negated"], "c3-content1": ["negated"]}
    assert [region["score"] for region in regions if region.get("from_name") == "speaker"] == [0.97, 0.63, 0.22]
    meta = json.loads(written(reading, "prodigy"))["meta"]["claims"]
    assert [(c["negated"], c["speaker_confidence"]) for c in meta] == [(True, 0.97), (False, 0.63), (True, 0.22)]
    save([reading], str(tmp_path / "brat"), "brat")
    lines = (tmp_path / "brat" / "a.ann").read_text("utf-8").splitlines()
    contents = [line.split("\t")[0] for line in lines if "\tContent " in line]
    assert [line.split("\t")[1] for line in lines if "\tNegated " in line] == [
        f"Negated {contents[0]}",
        f"Negated {contents[2]}",
    ]
    assert "Negated" in (tmp_path / "brat" / "annotation.conf").read_text("utf-8")
    assert [line for line in lines if "(confidence 0.63)" in line]


def test_the_interface_of_label_studio_takes_what_is_negated(reading):
    from label_studio_sdk.label_interface import LabelInterface

    from claimx.writers.labelstudio import CONFIG

    [task] = json.loads(written(reading, "labelstudio"))
    assert LabelInterface(CONFIG).validate_prediction(task["predictions"][0], return_errors=True) == []


def test_evaluate_reads_brat_with_negation(reading, tmp_path):
    from claimx.evaluation.gold import read_gold

    save([reading], str(tmp_path / "brat"), "brat")
    [article] = read_gold(tmp_path / "brat")
    contents = [[(p.start, p.end) for p in parts_of(c) if p.label == "CONTENT"] for c in reading.extraction.claims]
    assert [attribution.content for attribution in article.attributions] == contents


def test_an_affiliation_over_articles_is_as_sure_as_in_the_surest(reading):
    other = document() | {"id": "b"}
    other["speakers"][0]["affiliations"][0]["confidence"] = 0.9
    [entry] = directory([reading.extraction, Extraction.model_validate(other)])
    assert [(post.role, post.confidence) for post in entry.affiliations] == [("mayor", 0.9)]
