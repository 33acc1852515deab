"""A pinned corpus: what the articles in `tests/articles` become, so that nothing changes unseen.

python tests/test_records.py    # writes the records anew, after a change that is meant

What is wrong in the records is no expectation: `test_record_faults.py` holds them beside the gold.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import claimx
from claimx.schema import SCHEMA_VERSION

RECORDS = Path(__file__).parent / "articles" / "records.jsonl"
#: Eight-bit arithmetic differs a little from one kind of processor, and one version of ONNX Runtime, to another.
_TOLERANCE = 0.03
#: The confidence of none of their claims is near it, so that it is the same claims everywhere.
_THRESHOLD = 0.3
#: The names of all values in a document, by the version of the schema. Others need another version.
KEYS = {
    1: {
        "": {"schema_version", "id", "title", "source", "model", "claims", "speakers"},
        "source": {"path", "url", "sha256"},
        "model": {"name", "version"},
        "claims": {"id", "kind", "type", "text", "spans", "cue", "source", "speaker", "confidence", "evidence"},
        "claims.cue": {"text", "lemma", "spans"},
        "claims.source": {"text", "spans"},
        "claims.evidence": {"rule", "mention", "probability"},
        "claims.evidence.mention": {"text", "spans"},
        "speakers": {"id", "name", "kind", "aliases", "mentions", "pronouns", "affiliations"},
        "speakers.affiliations": {"role", "organization", "spans"},
    }
}
KEYS[2] = KEYS[1] | {
    "claims": KEYS[1]["claims"] | {"negated", "speaker_confidence"},
    "speakers.affiliations": KEYS[1]["speakers.affiliations"] | {"confidence"},
}


def made() -> list[dict]:
    """The records of the articles, without what changes with every version."""
    from conftest import articles

    nlp, found = claimx.load(threshold=_THRESHOLD), []
    for name, text, _ in articles():
        document = claimx.extract(text, nlp=nlp, id=name, explain=True).to_dict()
        del document["model"]
        found.append(document)
    return found


def keys_of(value, place: str = "", found: dict | None = None) -> dict[str, set[str]]:
    found = {} if found is None else found
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            found.setdefault(place, set()).update(item)
            for key, inner in item.items():
                keys_of(inner, f"{place}.{key}".lstrip("."), found)
    return found


def blurred(value):
    """A value with its probabilities out of it, and these in order."""
    numbers: list[float] = []

    def walk(item):
        if isinstance(item, float):
            numbers.append(item)
            return None
        if isinstance(item, dict):
            return {key: walk(inner) for key, inner in item.items()}
        return [walk(inner) for inner in item] if isinstance(item, list) else item

    return walk(value), numbers


def test_articles_become_what_they_became():
    records = [json.loads(line) for line in RECORDS.read_text("utf-8").splitlines()]
    for found, record in zip(made(), records, strict=True):
        assert all(abs(claim["confidence"] - _THRESHOLD) > _TOLERANCE for claim in record["claims"])
        (now, numbers), (then, before) = blurred(found), blurred(record)
        assert now == then
        assert numbers == pytest.approx(before, abs=_TOLERANCE)


def test_another_shape_of_documents_needs_another_version(nlp):
    from conftest import articles

    documents = [claimx.extract(text, nlp=nlp, explain=True).to_dict() for _, text, _ in articles()]
    assert keys_of(documents) == KEYS[SCHEMA_VERSION]
    assert claimx.json_schema()["properties"]["schema_version"]["const"] == SCHEMA_VERSION


if __name__ == "__main__":
    RECORDS.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made()), encoding="utf-8")
