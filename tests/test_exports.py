"""Every format, read back by somebody else's reader: what it says must be what the contract says."""

import csv
import io
import json
import sqlite3

import jsonschema
import pandas
import pyarrow.parquet
import pytest
import spacy
from conftest import articles
from markdown_it import MarkdownIt
from pyld import jsonld
from rdflib import SDO

import claimx
from claimx.errors import OutputError
from claimx.schema import Reading
from claimx.writers import FORMATS, labelstudio, save, write
from claimx.writers.jsonld import article_iri

#: Marks of markup, characters of four bytes, and two claims of one source.
ODD = (
    "\U0001f600 “<b>It</b> | costs *$5* & more,” 🚒 Zoë O’Brien-Łuk said. She denied that 1. was 2.\n\n"
    "# “Not so,” said\nMayor Ann [Hale](x), “at all.”"
)


@pytest.fixture(scope="module")
def readings(nlp):
    texts = [*((name, text) for name, text, _ in articles()), ("odd/../ä.txt", ODD)]
    return [Reading(claimx.extract(text, nlp=nlp, id=name), text) for name, text in texts]


def written(readings, format, **options) -> str:
    stream = io.StringIO(newline="")
    write(readings, stream, format, **options)
    return stream.getvalue()


def claims(readings):
    return [(reading, claim) for reading in readings for claim in reading.extraction.claims]


def test_the_odd_article_has_claims_of_every_shape(readings):
    extraction = readings[-1].extraction
    assert len(extraction.claims) >= 3
    assert any(len(claim.spans) > 1 for claim in extraction.claims)


def test_pandas_reads_tables(readings):
    for format, separator in (("csv", ","), ("tsv", "\t")):
        frame = pandas.read_csv(io.StringIO(written(readings, format)), sep=separator, keep_default_na=False)
        assert list(frame.text) == [claim.text for _, claim in claims(readings)]
        assert list(frame.confidence) == [claim.confidence for _, claim in claims(readings)]


def test_pyarrow_and_pandas_read_parquet(readings, tmp_path):
    path = str(tmp_path / "claims.parquet")
    save(readings, path)
    assert pyarrow.parquet.read_table(path).column("text").to_pylist() == [c.text for _, c in claims(readings)]
    frame = pandas.read_parquet(path)
    assert str(frame.start.dtype) == "int64"
    speakers = [reading.extraction.speaker_of(claim) for reading, claim in claims(readings)]
    roles = [list(dict.fromkeys(a.role for a in s.affiliations if a.role)) if s else [] for s in speakers]
    assert [list(row) for row in frame.roles] == roles
    assert any(roles)


def test_sqlite_reads_the_database(readings, tmp_path):
    path = str(tmp_path / "claims.sqlite")
    save(readings, path)
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT c.text, s.name FROM claims c LEFT JOIN speakers s ON s.key = c.speaker")
        found = rows.fetchall()
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    speakers = [reading.extraction.speaker_of(claim) for reading, claim in claims(readings)]
    assert found == [(c.text, s and s.name) for (_, c), s in zip(claims(readings), speakers, strict=True)]


def test_spacy_reads_the_docbin(readings, tmp_path):
    path = tmp_path / "claims.spacy"
    save(readings, str(path))
    docs = list(spacy.tokens.DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))
    assert [doc.text for doc in docs] == [reading.text for reading in readings]
    assert [doc._.claimx for doc in docs] == [reading.extraction.to_dict() for reading in readings]
    for doc, reading in zip(docs, readings, strict=True):
        contents = [span for span in doc.spans["claimx"] if span.label_ == "CONTENT"]
        spans = [(claim.id, *span) for claim in reading.extraction.claims for span in claim.spans]
        assert [span.id_ for span in contents] == [id for id, _, _ in spans]
        for span, (_, start, end) in zip(contents, spans, strict=True):
            assert span.start_char <= start < end <= span.end_char


def test_brat_is_what_evaluate_reads(readings, tmp_path):
    from claimx.evaluation.gold import read_gold

    save(readings, str(tmp_path / "brat"), "brat")
    assert not (tmp_path / "ä.txt").exists()
    gold = {article.text: article.attributions for article in read_gold(tmp_path / "brat")}
    assert set(gold) == {reading.text for reading in readings}
    for reading in readings:
        cues = [claim.cue.spans for claim in reading.extraction.claims if claim.cue]
        assert sorted(a.cue for a in gold[reading.text] if a.cue) == sorted(cues)
        sources = [claim.source.spans for claim in reading.extraction.claims if claim.source]
        assert sorted(a.source for a in gold[reading.text] if a.source) == sorted(sources)


def test_text_bounds_of_brat_say_what_the_text_says(readings, tmp_path):
    save(readings, str(tmp_path / "brat"), "brat")
    for path in (tmp_path / "brat").glob("*.ann"):
        text = path.with_suffix(".txt").read_bytes().decode("utf-8")
        for line in path.read_text("utf-8").splitlines():
            key, rest, *words = line.split("\t")
            if key.startswith("T"):
                places = [place.split() for place in rest.partition(" ")[2].split(";")]
                assert words == [" ".join(text[int(start) : int(end)] for start, end in places)]


def test_brat_leaves_a_folder_with_files_alone(readings, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="not an empty folder"):
        save(readings, str(tmp_path), "brat")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_label_studio_takes_the_tasks(readings):
    from label_studio_sdk.label_interface import LabelInterface

    interface = LabelInterface(labelstudio.CONFIG)
    interface.validate()
    tasks = json.loads(written(readings, "labelstudio"))
    assert len(tasks) == len(readings)
    for task, reading in zip(tasks, readings, strict=True):
        assert interface.validate_task({"data": task["data"]})
        [prediction] = task["predictions"]
        assert interface.validate_prediction(prediction, return_errors=True) == []
        labels = [region for region in prediction["result"] if region["type"] == "labels"]
        for region in labels:
            value = region["value"]
            assert reading.text[value["start"] : value["end"]] == value["text"]
        contents = [[r["value"]["start"], r["value"]["end"]] for r in labels if r["value"]["labels"] == ["CONTENT"]]
        assert contents == [list(span) for claim in reading.extraction.claims for span in claim.spans]


def test_no_task_is_a_list_without_any():
    assert json.loads(written([], "labelstudio")) == []


_SPAN = {
    "type": "object",
    "required": ["start", "end", "token_start", "token_end", "label"],
    "properties": {
        **dict.fromkeys(("start", "end", "token_start", "token_end"), {"type": "integer", "minimum": 0}),
        "label": {"type": "string"},
    },
}
#: What https://prodi.gy/docs/api-interfaces says of ``relations`` and ``spans_manual``.
PRODIGY = {
    "type": "object",
    "required": ["text", "tokens", "spans", "relations"],
    "properties": {
        "text": {"type": "string"},
        "tokens": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["text", "start", "end", "id", "ws"],
                "properties": {
                    "text": {"type": "string"},
                    **dict.fromkeys(("start", "end", "id"), {"type": "integer", "minimum": 0}),
                    **dict.fromkeys(("ws", "disabled"), {"type": "boolean"}),
                },
            },
        },
        "spans": {"type": "array", "items": _SPAN},
        "relations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["head", "child", "head_span", "child_span", "label"],
                "properties": {
                    **dict.fromkeys(("head", "child"), {"type": "integer", "minimum": 0}),
                    **dict.fromkeys(("head_span", "child_span"), _SPAN),
                    "label": {"type": "string"},
                },
            },
        },
        "meta": {"type": "object"},
    },
}


def test_prodigy_tasks_are_of_its_schema_and_consistent(readings):
    tasks = [json.loads(line) for line in written(readings, "prodigy").splitlines()]
    assert len(tasks) == len(readings)
    for task, reading in zip(tasks, readings, strict=True):
        jsonschema.validate(task, PRODIGY)
        text, tokens = task["text"], task["tokens"]
        assert text == reading.text
        assert "".join(token["text"] + " " * token["ws"] for token in tokens) == text
        assert [token["id"] for token in tokens] == list(range(len(tokens)))
        spans = [*task["spans"], *(r[end] for r in task["relations"] for end in ("head_span", "child_span"))]
        for span in spans:
            assert span["start"] == tokens[span["token_start"]]["start"]
            assert span["end"] == tokens[span["token_end"]]["end"]
        assert [c["spans"] for c in task["meta"]["claims"]] == [
            [list(span) for span in claim.spans] for claim in reading.extraction.claims
        ]


OA, RDF = "http://www.w3.org/ns/oa#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#: What of http://www.w3.org/ns/anno.jsonld is used, in the words of the recommendation's appendix.
ANNO = {
    "oa": OA,
    "id": {"@id": "@id", "@type": "@id"},
    "type": {"@id": "@type", "@type": "@vocab"},
    **{
        name: f"oa:{name}"
        for name in ("Annotation", "SpecificResource", "TextualBody", "TextQuoteSelector", "TextPositionSelector",
                     "describing", "linking", "classifying", "tagging", "identifying", "assessing", "exact", "prefix",
                     "suffix")
    },
    "Software": "http://www.w3.org/ns/activitystreams#Application",
    "generator": {"@id": "http://www.w3.org/ns/activitystreams#generator", "@type": "@id"},
    "name": "http://xmlns.com/foaf/0.1/name",
    "format": "http://purl.org/dc/elements/1.1/format",
    "value": f"{RDF}value",
    **{n: {"@id": f"oa:{n}", "@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"} for n in ("start", "end")},
    "body": {"@id": "oa:hasBody", "@type": "@id"},
    "target": {"@id": "oa:hasTarget", "@type": "@id"},
    "source": {"@id": "oa:hasSource", "@type": "@id"},
    "selector": {"@id": "oa:hasSelector", "@type": "@id"},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
}  # fmt: skip
CONTEXTS = {
    "http://www.w3.org/ns/anno.jsonld": ANNO,
    "https://schema.org": {"@vocab": "https://schema.org/", "url": {"@type": "@id"}},
}


def expanded(text: str) -> list[dict]:
    """JSON-LD as a processor reads it, with the contexts at hand."""

    def loader(url, options):
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": CONTEXTS[url]}}

    return jsonld.expand(json.loads(text), {"documentLoader": loader})


def names_of(value) -> set[str]:
    """All keys and types in expanded JSON-LD."""
    if isinstance(value, list):
        return set().union(*map(names_of, value))
    if not isinstance(value, dict):
        return set()
    own = {key for key in value if not key.startswith("@")} | set(
        value.get("@type", ()) if "@value" not in value else ()
    )
    return own.union(*(names_of(child) for child in value.values()))


def test_web_annotations_are_json_ld_whose_selectors_agree(readings):
    text = written(readings, "webannotation")
    nodes = expanded(text)
    known = {v["@id"] if isinstance(v, dict) else v for v in ANNO.values()}
    known = {name.replace("oa:", OA) for name in known}
    assert names_of(nodes) <= known
    annotations = json.loads(text)["@graph"]
    assert len(nodes) == len(annotations)  # no key was dropped, no node merged
    assert {node["@type"][0] for node in nodes} == {f"{OA}Annotation"}
    texts = {article_iri(reading.extraction): reading.text for reading in readings}
    for annotation in annotations:
        for target in annotation["target"]:
            quote, place = target["selector"]
            article = texts[target["source"]]
            assert article[place["start"] : place["end"]] == quote["exact"]
            assert article[: place["start"]].endswith(quote.get("prefix", ""))
            assert article[place["end"] :].startswith(quote.get("suffix", ""))
    contents = [a for a in annotations if a["motivation"] == "describing"]
    assert len(contents) == len(claims(readings))


def test_schema_org_is_json_ld_of_its_terms_alone(readings):
    nodes = expanded(written(readings, "schemaorg"))
    for name in names_of(nodes):
        assert name.removeprefix("https://schema.org/") in SDO, name
    by_id = {node["@id"]: node for node in nodes}
    assert len(by_id) == len(nodes)
    s = "https://schema.org/"
    for node in nodes:
        for key in ("author", "spokenByCharacter", "isPartOf", "hasPart"):
            for end in node.get(s + key, ()):
                assert end["@id"] in by_id  # nothing dangles
    kinds = {"direct": "Quotation", "mixed": "Claim", "indirect": "Claim"}
    found = [node["@type"][0].removeprefix(s) for node in nodes if s + "text" in node]
    assert found == [kinds[claim.kind] for _, claim in claims(readings)]
    titled = [node for node in nodes if s + "jobTitle" in node]
    assert titled and all(node["@type"] == [f"{s}Person"] for node in titled)


def test_markdown_shows_what_the_article_says(readings):
    reader = MarkdownIt("commonmark").enable("table")
    tokens = reader.parse(written(readings, "markdown"))
    assert not [token for token in tokens if token.type in ("html_block", "fence", "code_block", "bullet_list_open")]
    inline = [token for token in tokens if token.type == "inline"]
    shown = ["".join(child.content for child in token.children) for token in inline]
    for _, claim in claims(readings):
        assert " ".join(claim.text.split()) in shown
    assert not any(child.type in ("html_inline", "link_open") for token in inline for child in token.children)
    assert sum(token.type == "heading_open" for token in tokens) == len(readings)


@pytest.mark.parametrize("format", ["list", "table", "text"])
@pytest.mark.parametrize("width", [40, 60, 200])
def test_views_show_every_claim_at_any_width(readings, format, width):
    text = written(readings, format, width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "\x1b" not in text
    words = "".join(text.split())
    for _, claim in claims(readings[:1]):
        if format == "list":
            assert "".join(claim.text.split()) in words
    if format == "text":
        assert "[“The" in text and "{" in text and "<" in text


def test_the_text_view_is_the_article(readings):
    text = written(readings[:1], "text", color=True)
    assert "\x1b[" in text
    assert "[“" not in text


@pytest.mark.parametrize("format", ["list", "table", "text"])
def test_views_send_no_control_characters_of_the_article_to_the_terminal(nlp, format):
    text = "\x1b]0;owned\x07 “It \x1b[31mis\x1b[0m \u202eso,” Ann\x9b Hale said."
    reading = Reading(claimx.extract(text, nlp=nlp, title="\x1b[2J"), text)
    shown = written([reading], format)
    assert not any(mark in shown for mark in ("\x1b", "\x07", "\x9b", "\u202e"))


@pytest.mark.parametrize("format", list(FORMATS))
def test_every_format_takes_an_article_without_claims(nlp, format, tmp_path):
    reading = Reading(claimx.extract("Nothing.", nlp=nlp), "Nothing.")
    path = tmp_path / "out"
    save([reading], str(path), format)
    assert path.exists()


def test_csv_is_read_row_by_row(readings):
    rows = list(csv.DictReader(io.StringIO(written(readings, "csv"), newline="")))
    assert [row["claim"] for row in rows] == [claim.id for _, claim in claims(readings)]
