"""What an editor finds wrong in a record, the JSON output of an article, beside the article's gold.

Every fault is one line that begins with the kind: missing, extra, content, cue, source, speaker, negated, kind,
affiliation missing, affiliation extra. Contents, cues and sources are compared by their words; names, roles and
organizations in full, but for a leading article. What is `optional` in gold may be missing, and the names under `also`
are right too; a `negated` of null leaves it open. A right role without its organization is one fault, not two.
"""

from __future__ import annotations

from collections.abc import Iterator

from measures import also_called, locate, pairs, words


def faults(text: str, gold: dict, record: dict) -> list[str]:
    """All faults of a record, claims first, in the order of the text."""
    return [*_faults_of_claims(text, gold, record), *_faults_of_speakers(gold, record)]


def _faults_of_claims(text: str, gold: dict, record: dict) -> Iterator[str]:
    located = [locate(text, claim) for claim in gold["claims"]]
    found = [words(text, claim["spans"]) for claim in record["claims"]]
    matched = dict(pairs([words(text, content) for content, _ in located], found))
    for i, (claim, (content, source)) in enumerate(zip(gold["claims"], located, strict=True)):
        if i in matched:
            yield from _faults_of_claim(text, gold, claim, (content, source), record, matched[i])
        elif not claim.get("optional"):
            yield f"missing: {_joined(claim)}"
    for j in sorted(set(range(len(found))) - set(matched.values())):
        yield f"extra: {record['claims'][j]['text']}"


def _faults_of_claim(text: str, gold: dict, claim: dict, located: tuple, record: dict, number: int) -> Iterator[str]:
    got, of = record["claims"][number], f"of {_joined(claim)}"
    content, source = located
    if words(text, content) != words(text, got["spans"]):
        yield f"content {of}: {got['text']}"
    if _bare(got["cue"] and got["cue"]["text"]) != _bare(claim["cue"]):
        yield f"cue {of}: {got['cue'] and got['cue']['text']}"
    if words(text, source) != words(text, got["source"]["spans"] if got["source"] else []):
        yield f"source {of}: {got['source'] and got['source']['text']}"
    said_by = {speaker["id"]: speaker["name"] for speaker in record["speakers"]}.get(got["speaker"])
    if _bare(said_by) not in _names(gold, claim["speaker"]):
        yield f"speaker {of}: {said_by}"
    if claim.get("negated", False) not in (None, got.get("negated", False)):
        yield f"negated {of}: {got.get('negated')}"


def _faults_of_speakers(gold: dict, record: dict) -> Iterator[str]:
    for speaker in gold["speakers"]:
        right = _names(gold, speaker["name"])
        for got in record["speakers"]:
            if _bare(got["name"]) in right:
                if got["kind"] != speaker["kind"]:
                    yield f"kind of {speaker['name']}: {got['kind']}"
                yield from _faults_of_affiliations(gold, speaker, got)


def _faults_of_affiliations(gold: dict, speaker: dict, got: dict) -> Iterator[str]:
    facts = [(_bare(a["role"]), _bare(a["organization"])) for a in got["affiliations"]]
    right = []
    for wanted in speaker["affiliations"]:
        mine = {(_bare(wanted["role"]), name) for name in _names(gold, wanted["organization"])}
        right += [*mine, (_bare(wanted["role"]), None)]
        if not mine & set(facts) and not wanted.get("optional"):
            yield f"affiliation missing of {speaker['name']}: {wanted['role']}, {wanted['organization']}"
    for affiliation, fact in zip(got["affiliations"], facts, strict=True):
        if fact not in right:
            yield f"affiliation extra of {speaker['name']}: {affiliation['role']}, {affiliation['organization']}"


def _names(gold: dict, name: str | None) -> set[str | None]:
    """All right names of what gold calls by one of them, bare."""
    return {_bare(name)}.union(
        *({_bare(one) for one in also_called(s)} for s in gold["speakers"] if name in also_called(s))
    )


def _bare(name: str | None) -> str | None:
    return name and name.lower().removeprefix("the ").removeprefix("a ").removeprefix("an ")


def _joined(claim: dict) -> str:
    return " … ".join(claim["content"])
