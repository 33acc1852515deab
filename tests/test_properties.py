"""What holds of any text, tried on texts that hypothesis makes up."""

import csv
import io
import json
import os
import subprocess
import sys

import pytest
from conftest import articles
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from made_articles import made
from test_hostile import check

import claimx
from claimx.pipeline.encoder import sections as cutting
from claimx.pipeline.quotations.marks import find_quotations
from claimx.schema import Reading
from claimx.writers import write

MARKS = "“”‘’\"'«»„‚`´"
#: Pieces of news and of what breaks it.
PIECES = st.one_of(
    st.sampled_from(list(MARKS)),
    st.sampled_from(
        ["\n\n", "\n", " ", ". ", ", ", " said ", " denied that ", "Ann Hale", "the mayor", "She", ": ", " — "]
    ),
    st.sampled_from(
        ["O’Brien", "'tis", "dogs’ ", "\u200b", "\u0301", "🚒", "\u202e", "İ", "ß", "ﬁ", "\x1b", "\u2028", "\t"]
    ),
    st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=12),
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)
#: The same examples each time; `tests/fuzz.py` is for new ones.
ANY = settings(max_examples=400, deadline=None, derandomize=True, database=None)
#: Those that run the pipeline.
FEW = settings(ANY, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ANY
@given(TEXTS)
@example("“" * 500 + "”" * 499)
def test_quotations_are_found_in_any_text(text):
    """Never an error; marks at both ends; nested ones within, none crossing."""
    found = find_quotations(text)
    for quotation in found:
        assert 0 <= quotation.start < quotation.end <= len(text)
        assert not text[quotation.start].isalnum()
    spans = sorted({(q.start, -q.end) for q in found})
    open_ends: list[int] = []
    for start, end in ((s, -e) for s, e in spans):
        while open_ends and open_ends[-1] <= start:
            open_ends.pop()
        assert not open_ends or end <= open_ends[-1], (start, end)
        open_ends.append(end)


@ANY
@given(TEXTS, TEXTS.map(lambda text: "".join(c for c in text if c not in MARKS)))
def test_a_paragraph_without_marks_changes_no_quotation_before_it(text, more):
    before = [(q.start, q.end, q.depth, q.closed) for q in find_quotations(text)]
    after = [(q.start, q.end, q.depth, q.closed) for q in find_quotations(f"{text}\n\n{more}")]
    assert after == before


@FEW
@given(TEXTS)
def test_results_keep_the_contract(nlp, text):
    check(claimx.extract(text, nlp=nlp), text)


@FEW
@given(TEXTS)
def test_results_survive_json_and_tables(nlp, text):
    extraction = claimx.extract(text, nlp=nlp, explain=True)
    assert claimx.Extraction.model_validate_json(json.dumps(extraction.to_dict())) == extraction
    stream = io.StringIO(newline="")
    write([Reading(extraction, text)] * 2, stream, "jsonl")
    assert [claimx.Extraction.model_validate_json(line) for line in stream.getvalue().split("\n")[:-1]] == [
        extraction
    ] * 2
    stream = io.StringIO(newline="")
    write([Reading(extraction, text)], stream, "csv", escape=False)
    stream.seek(0)
    rows = list(csv.DictReader(stream))
    assert [(row["claim"], row["text"]) for row in rows] == [(claim.id, claim.text) for claim in extraction.claims]


@settings(FEW, max_examples=15)
@given(st.lists(TEXTS, min_size=1, max_size=6), st.randoms())
def test_a_text_has_one_result_alone_in_a_batch_and_in_any_order(nlp, texts, random):
    texts = [*texts, next(made(1, random.randrange(99)))]
    alone = [claimx.extract(text, nlp=nlp).claims for text in texts]
    order = list(range(len(texts)))
    random.shuffle(order)
    together = list(claimx.extract_many([texts[i] for i in order], nlp=nlp, batch_size=random.randrange(1, 5)))
    assert [extraction.claims for extraction in together] == [alone[i] for i in order]


@pytest.mark.parametrize("joined", ["\n\n", " "], ids=["paragraphs", "one line"])
@pytest.mark.parametrize("size", [120, 300, 1000])
def test_the_same_is_found_wherever_a_long_text_is_cut(nlp, monkeypatch, size, joined):
    """Claims, names and roles; also where a cut must be made in a paragraph, and in a name."""
    from claimx.pipeline.attributions import component

    text = "\n\n".join([*(text for _, text, _ in articles()), *made(6)]).replace("\n\n", joined)
    whole = nlp(text)
    assert len(whole._.claimx["claims"]) > 150

    def cut(features, quotations):
        found = cutting.sections(features, quotations, size=size)
        assert len(found) > 2
        return found

    monkeypatch.setattr(component, "sections", cut)
    doc = nlp(text)
    assert doc._.claimx == whole._.claimx
    for spans in (lambda doc: doc.ents, lambda doc: doc.spans["claimx_roles"]):
        assert [(s.start, s.end, s.label_) for s in spans(doc)] == [(s.start, s.end, s.label_) for s in spans(whole)]


def test_the_same_text_gives_the_same_result_in_another_process(nlp, tmp_path):
    text = articles()[2][1]
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-m", "claimx", "extract", tmp_path / "a.txt"],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        found = claimx.extract(text, nlp=nlp, id="a.txt", path=str(tmp_path / "a.txt"))
        assert json.loads(done.stdout) == found.to_dict()
