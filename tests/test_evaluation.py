"""Measures of claims against gold: readers of gold, figures by hand, agreement with the scorer they are judged by."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from claimx.cli import main
from claimx.errors import GoldError
from claimx.evaluation.gold import PARTS, GoldArticle, GoldAttribution, read_gold
from claimx.evaluation.measures import measure, quotation_kind, reliability, right_claims
from claimx.evaluation.run import evaluate

TEXT = "“It is safe,” Ann Hale said. “It will stay.” Bob Dunn denied that it was old."
SAFE = GoldAttribution([(0, 13), (29, 44)], [(14, 22)], [(23, 27)])
OLD = GoldAttribution([(61, 76)], [(45, 53)], [(54, 60)])
SHARED = Path(os.environ.get("CLAIMX_SHARED") or Path(__file__).parent.parent.parent / "shared")


def changed(attribution: GoldAttribution, **parts) -> GoldAttribution:
    return GoldAttribution(**({part: getattr(attribution, part) for part in PARTS} | parts))


def figures(*claims: GoldAttribution) -> dict:
    return measure([GoldArticle("a", TEXT, [SAFE, OLD])], [list(claims)]).to_dict()


@pytest.mark.parametrize(
    ("claims", "measure_", "expected"),
    [
        ([SAFE, OLD], "content.exact", (100, 100, 100)),
        ([SAFE], "content.exact", (100, 50, 66.7)),
        ([], "source.overlap", (0, 0, 0)),
        # marks at the edges do not count
        ([changed(SAFE, content=[(1, 11), (30, 42)])], "content.exact", (100, 50, 66.7)),
        # half a content overlaps but is not exact
        ([changed(SAFE, content=[(0, 13)])], "content.exact", (0, 0, 0)),
        ([changed(SAFE, content=[(0, 13)])], "content.overlap", (100, 50, 66.7)),
        # the source must share a word, and be the same to be exact
        ([changed(SAFE, source=[(18, 22)]), OLD], "source.overlap", (100, 100, 100)),
        ([changed(SAFE, source=[(18, 22)]), OLD], "source.exact", (50, 50, 50)),
        ([changed(SAFE, source=[(45, 53)]), OLD], "source.overlap", (50, 50, 50)),
        ([changed(SAFE, source=[]), OLD], "source.overlap", (50, 50, 50)),
        # two claims cannot share an attribution
        ([SAFE, SAFE], "content.overlap", (50, 50, 50)),
    ],
)
def test_figures(claims, measure_, expected):
    row = figures(*claims)["all"][measure_]
    assert (row["p"], row["r"], row["f"]) == expected


def test_figures_stand_for_each_kind():
    found = figures(SAFE)
    assert (found["direct"]["gold"], found["mixed"]["gold"], found["indirect"]["gold"]) == (1, 0, 1)
    assert (found["direct"]["source.overlap"]["f"], found["indirect"]["source.overlap"]["f"]) == (100, 0)
    assert found["segment"]["content"] == {"p": 100, "r": 66.7, "f": 80.0}


@pytest.mark.parametrize(
    ("text", "content", "kind"),
    [
        ("“It is so,” he said.", (0, 11), "direct"),
        ("He said it was “so”.", (8, 19), "mixed"),
        ("He said it was so.", (8, 17), "indirect"),
        ('"It is so," he said.', (1, 10), "direct"),
        ("''It is so,'' he said.", (2, 11), "direct"),
        ("“It is so.\n\nIt was so,” he said.", (13, 22), "indirect"),
    ],
)
def test_kinds_by_quotation_marks(text, content, kind):
    assert quotation_kind(text, [content]) == kind


def test_a_claim_is_right_if_it_is_paired_and_has_its_source():
    article = GoldArticle("a", TEXT, [SAFE, OLD])
    wrong = changed(OLD, source=[(14, 22)])
    assert right_claims(article, [SAFE, wrong, changed(SAFE, content=[(61, 66)])]) == [True, False, False]


def test_calibration_error_is_the_distance_of_confidence_from_frequency():
    assert reliability([(0.75, True)] * 3 + [(0.75, False)])["error"] == 0
    assert reliability([(0.95, True), (0.95, False)])["error"] == pytest.approx(0.45)
    assert reliability([])["error"] == 0


def test_claims_at_least_so_sure():
    claims = [{"spans": SAFE.content, "source": {"spans": SAFE.source}, "confidence": 0.95}]
    claims.append({"spans": OLD.content, "source": None, "confidence": 0.6})
    found = evaluate([GoldArticle("a", TEXT, [SAFE, OLD])], [{"claims": claims}])["confidence"]
    assert [(row["threshold"], row["claims"], row["p"]) for row in found["at"]] == [
        (0.0, 2, 50.0),
        (0.5, 2, 50.0),
        (0.7, 1, 100.0),
        (0.9, 1, 100.0),
    ]


def write(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8", newline="")
    return path


def test_json_lines_and_brat_say_the_same(tmp_path):
    rows = [{part: getattr(a, part) for part in PARTS} for a in (SAFE, OLD)]
    lines = write(tmp_path / "gold.jsonl", json.dumps({"id": "a", "text": TEXT, "attributions": rows}) + "\n")
    folder = tmp_path / "brat"
    folder.mkdir()
    write(folder / "a.txt", TEXT)
    write(
        folder / "a.ann",
        "T1\tContent 0 13;29 44\t…\nT2\tSource 14 22\tAnn Hale\nT3\tCue 23 27\tsaid\n"
        "T4\tContent 61 76\tthat it was old\nT5\tSource 45 53\tBob Dunn\nT6\tCue 54 60\tdenied\n"
        "R1\tcontent_of Arg1:T3 Arg2:T1\nR2\tsource_of Arg1:T3 Arg2:T2\n"
        "E1\tCue:T6 Content:T4 Source:T5\n#1\tAnnotatorNotes T1\tsure\n",
    )
    assert read_gold(lines) == read_gold(folder) == read_gold(folder / "a.ann")
    assert read_gold(folder)[0].attributions == [SAFE, OLD]


def test_in_brat_a_source_may_serve_two_claims(tmp_path):
    write(tmp_path / "a.txt", "Ann says so and thinks no.")
    write(
        tmp_path / "a.ann",
        "T1\tSource 0 3\tAnn\nT2\tCue 4 8\tsays\nT3\tContent 9 11\tso\nT4\tCue 16 22\tthinks\nT5\tContent 23 25\tno\n"
        "E1\tCue:T2 Content:T3 Source:T1\nE2\tCue:T4 Content:T5 Source:T1\n",
    )
    [article] = read_gold(tmp_path)
    assert [(a.content, a.source) for a in article.attributions] == [([(9, 11)], [(0, 3)]), ([(23, 25)], [(0, 3)])]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jsonl", "", "no annotated article"),
        ("a.jsonl", "{]", "line 1 is not in the gold format"),
        ("a.jsonl", '{"id": "a"}', "line 1 is not in the gold format"),
        ("a.jsonl", '{"id": "a", "text": "x", "attributions": [{"content": [[0, 5]]}]}', "outside the text of 1"),
        ("a.jsonl", '{"id": "a", "text": "x", "attributions": []}\n' * 2, "line 2 has the id 'a' again"),
        ("a.ann", "T1\tContent 0 1\tx\nR1\tof Arg1:T1 Arg2:T9\n", "names T9"),
        ("a.ann", "T1\tContent\n", "line 1"),
    ],
)
def test_bad_gold_is_refused_with_its_place(tmp_path, name, content, said):
    write(tmp_path / "a.txt", "x")
    path = write(tmp_path / name, content)
    with pytest.raises(GoldError, match=said) as error:
        read_gold(path)
    assert "a." in str(error.value)


@pytest.mark.parametrize("version", [1, 2])
def test_the_command_measures_a_file_of_claims(tmp_path, version):
    rows = [{part: getattr(a, part) for part in PARTS} for a in (SAFE, OLD)]
    gold = write(tmp_path / "gold.jsonl", json.dumps({"id": "a", "text": TEXT, "attributions": rows}))
    claims = [{"spans": SAFE.content, "source": {"spans": SAFE.source}, "cue": {"spans": SAFE.cue}}]
    if version == 2:
        claims[0] |= {"negated": False, "speaker": None, "speaker_confidence": 0.2, "confidence": 0.9}
    found = {"schema_version": version, "id": "a", "claims": claims}
    predictions = write(tmp_path / "found.jsonl", json.dumps(found))
    run = CliRunner().invoke(main, ["evaluate", str(gold), "--predictions", str(predictions), "-f", "json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.output)["all"]["source.overlap"] == {"p": 100.0, "r": 50.0, "f": 66.7}
    table = CliRunner().invoke(main, ["evaluate", str(gold), "--predictions", str(predictions), "-f", "table"])
    assert "100.0  50.0  66.7" in table.output


def test_the_command_runs_the_pipeline(tmp_path):
    gold = write(tmp_path / "gold.jsonl", json.dumps({"id": "a", "text": TEXT, "attributions": []}))
    run = CliRunner().invoke(main, ["evaluate", str(gold), "-f", "json"])
    assert json.loads(run.output)["all"]["pred"] == 2


def test_the_command_names_what_is_wrong(tmp_path):
    run = CliRunner().invoke(main, ["evaluate", str(tmp_path / "none.jsonl")])
    assert run.exit_code == 1
    assert "none.jsonl" in run.output
    gold = write(tmp_path / "gold.jsonl", '{"id": "a", "text": "x", "attributions": []}')
    other = write(tmp_path / "found.jsonl", '{"id": "b", "claims": []}')
    run = CliRunner().invoke(main, ["evaluate", str(gold), "--predictions", str(other)])
    assert run.exit_code == 1
    assert "'a'" in run.output


@pytest.mark.skipif(not (SHARED / "eval" / "score.py").is_file(), reason="the scorer is not at hand: set CLAIMX_SHARED")
@pytest.mark.parametrize("part", ["polnear", "written"])
def test_agreement_with_the_scorer_to_the_decimal(tmp_path, part):
    """On claims that are gold with all kinds of faults."""
    rng = random.Random(part)
    path = SHARED / "data" / part / "dev.jsonl"
    articles = read_gold(path)
    found = []
    for article in articles:
        claims = []
        for attribution in article.attributions:
            parts = {name: [*getattr(attribution, name)] for name in PARTS}
            if rng.random() < 0.2:
                continue
            if rng.random() < 0.3:
                start, end = parts["content"][0]
                parts["content"][0] = max(0, start - rng.randrange(30)), min(len(article.text), end + rng.randrange(30))
            if rng.random() < 0.2:
                parts["source"] = rng.choice([[], rng.choice(article.attributions).source])
            claims.append(GoldAttribution(**parts))
        found.append(claims)
    predictions = [
        {
            "id": a.id,
            "claims": [{"spans": c.content, **{p: {"spans": getattr(c, p)} for p in PARTS[1:]}} for c in claims],
        }
        for a, claims in zip(articles, found, strict=True)
    ]
    file = write(tmp_path / "found.jsonl", "".join(json.dumps(document) + "\n" for document in predictions))
    run = [sys.executable, SHARED / "eval" / "score.py", path, file, "--json"]
    theirs = json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
    assert measure(articles, found).to_dict() == theirs
