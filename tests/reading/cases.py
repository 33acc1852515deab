"""Field cases: small texts, each with checks of who speaks, and as what.

    python tests/reading/cases.py [FILE ...] [--verbose | --failing]    # the cases beside this file, or those of others

`known-failures.txt` lists the cases beside this file that are not read right yet: `--failing` prints such a list. A
case leaves it when it passes; none is added to it.

A case is one line: {"id", "kind", "text", "checks": [...]}. A check is one of these, judged on claimx's JSON output:

    {"claim": WORDS, "speaker": WHO}        the shortest claim that holds the words is WHO's
    {"claim": WORDS, "not_speaker": NAME}   no claim that holds the words is NAME's (there need not be one)
    {"claim": WORDS, "source": WORDS}       its source is these words
    {"claim": WORDS, "without": WORDS}      its content does not run into these words
    {"claim": WORDS, "negated": BOOL}       its cue denies, or does not
    {"no_claim": WORDS}                     no claim holds the words, unless it is of type "question"
    {"no_content": WORDS}                   no claim's content is these words and nothing else
    {"same_speaker": [WORDS, WORDS]}        two claims have one speaker
    {"different_speakers": [WORDS, WORDS]}  two claims have two speakers
    {"affiliation": [NAME, ROLE, ORGANIZATION]}     word for word; null: none; "*": whatever it is
    {"no_affiliation": [NAME, ROLE, ORGANIZATION]}  none that holds these words, but NAME speaks
    {"alias": [NAME, WORDS]}                one of NAME's aliases is these words
    {"not_alias": [NAME, WORDS]}            none holds them
    {"kind_of": [NAME, KIND]}, {"no_speaker": NAME}

WHO is a name (of any kind, word for word), null (nobody is told), or {KIND: WORDS}: a speaker of that kind whose name
holds these words. For a name, a role or an organization there may be a list of what is right. Case, a leading article
and the shape of quotation marks make no difference.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

ANY = "*"
_HERE = Path(__file__).parent
_MARKS = str.maketrans("’‘“”", "''\"\"")
_ARTICLE = re.compile(r"^(the|a|an)\s+")
_KINDS = {"person", "organization", "group", "document", "unnamed"}


def load(paths: Iterable[Path]) -> list[dict]:
    """The cases of the files, in order. ValueError names one that has no checks or one that cannot be judged."""
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            case = json.loads(line)
            try:
                validate(case)
            except ValueError as error:
                raise ValueError(f"{path}:{number}: {error}") from None
            found.append(case)
    return found


def own_files() -> list[Path]:
    """The files of cases beside this one."""
    return sorted(_HERE.glob("cases-*.jsonl"))


def known_failures() -> list[str]:
    """The ids of the cases beside this file that are not read right yet."""
    return (_HERE / "known-failures.txt").read_text("utf-8").split()


def validate(case: dict) -> None:
    """ValueError unless every check is a known one about words that stand in the text."""
    if set(case) != {"id", "kind", "text", "checks"} or not case["checks"]:
        raise ValueError("a case has an id, a kind, a text and checks")
    text = _plain(case["text"])
    for check in case["checks"]:
        kind = _name_of(check)
        for words in _words_of(kind, check):
            if _plain(words) not in text:
                raise ValueError(f"“{words}” is not in the text of {case['id']}")
        if kind == "kind_of" and check["kind_of"][1] not in _KINDS:
            raise ValueError(f"no kind of speaker: {check['kind_of'][1]}")


def failures(case: dict, document: dict) -> list[dict]:
    """The checks of a case that the JSON output of its text fails."""
    output = _Output(document)
    return [check for check in case["checks"] if not _CHECKS[_name_of(check)](output, check)]


class _Output:
    """What a document says, as the checks ask for it."""

    def __init__(self, document: dict):
        self.claims = document["claims"]
        self.speakers = document["speakers"]
        self._by_id = {speaker["id"]: speaker for speaker in self.speakers}

    def holding(self, words: str) -> list[dict]:
        """The claims that hold the words, the shortest first."""
        pattern = re.compile(rf"(?<!\w){re.escape(_plain(words))}(?!\w)")
        return sorted((c for c in self.claims if pattern.search(_plain(c["text"]))), key=lambda c: len(c["text"]))

    def speaker(self, claim: dict) -> dict | None:
        return self._by_id.get(claim["speaker"])

    def speaker_of(self, words: str) -> dict | None:
        return next((self.speaker(claim) for claim in self.holding(words)), None)

    def named(self, name: str | list) -> dict | None:
        """The speaker of that name, or else the person of that last name."""
        people = [s for s in self.speakers if s["kind"] == "person"]
        last = {_plain(one).split()[-1] for one in _list(name)}
        return next((s for s in self.speakers if _is(s["name"], name)), None) or next(
            (s for s in people if _plain(s["name"]).split()[-1] in last), None
        )

    def affiliations(self, name: str | list) -> list[tuple[str | None, str | None]]:
        speaker = self.named(name)
        return [(a["role"], a["organization"]) for a in speaker["affiliations"]] if speaker else []


def _plain(words: str) -> str:
    return " ".join(words.translate(_MARKS).lower().split())


def _bare(words: str | None) -> str | None:
    return words and _ARTICLE.sub("", _plain(words))


def _list(value) -> list:
    return value if isinstance(value, list) else [value]


def _is(found: str | None, expected) -> bool:
    """Whether the words are the expected ones, or among them."""
    return any(one == ANY or _bare(found) == _bare(one) for one in _list(expected))


def _holds(found: str | None, expected) -> bool:
    """Whether the words hold the expected ones, or one of them."""
    return any(
        one == ANY or (not one and not found) or bool(one and found and f" {_loose(one)} " in f" {_loose(found)} ")
        for one in _list(expected)
    )


def _loose(words: str) -> str:
    return " ".join(re.findall(r"\w+|[^\w\s]", _bare(words)))


def _has_speaker(output: _Output, check: dict) -> bool:
    if not output.holding(check["claim"]):
        return False
    speaker, who = output.speaker_of(check["claim"]), check["speaker"]
    if who is None or speaker is None:
        return who is None and speaker is None
    if isinstance(who, dict):
        [(kind, words)] = who.items()
        return speaker["kind"] == kind and all(_holds(speaker["name"], word) for word in _loose(words).split())
    return _is(speaker["name"], who)


def _has_not_speaker(output: _Output, check: dict) -> bool:
    speakers = filter(None, map(output.speaker, output.holding(check["claim"])))
    return not any(_is(speaker["name"], check["not_speaker"]) for speaker in speakers)


def _of_claim(judge: Callable[[dict, dict], bool]) -> Callable[[_Output, dict], bool]:
    def run(output: _Output, check: dict) -> bool:
        return any(judge(claim, check) for claim in output.holding(check["claim"])[:1])

    return run


def _has_no_claim(output: _Output, check: dict) -> bool:
    return all(claim["type"] == "question" for claim in output.holding(check["no_claim"]))


def _has_no_content(output: _Output, check: dict) -> bool:
    return not any(_plain(claim["text"]) == _plain(check["no_content"]) for claim in output.claims)


def _speakers_of(output: _Output, pair: list[str]) -> list[str]:
    return [speaker["id"] for speaker in map(output.speaker_of, pair) if speaker]


def _has_same_speaker(output: _Output, check: dict) -> bool:
    found = _speakers_of(output, check["same_speaker"])
    return len(found) == 2 and len(set(found)) == 1


def _has_different_speakers(output: _Output, check: dict) -> bool:
    return len(set(_speakers_of(output, check["different_speakers"]))) == 2


def _has_affiliation(output: _Output, check: dict) -> bool:
    name, role, organization = check["affiliation"]
    return any(_is(r, role) and _is(o, organization) for r, o in output.affiliations(name))


def _has_no_affiliation(output: _Output, check: dict) -> bool:
    name, role, organization = check["no_affiliation"]
    found = output.affiliations(name)
    return output.named(name) is not None and not any(_holds(r, role) and _holds(o, organization) for r, o in found)


def _has_alias(output: _Output, check: dict) -> bool:
    speaker = output.named(check["alias"][0])
    return speaker is not None and any(_is(alias, check["alias"][1]) for alias in speaker["aliases"])


def _has_no_alias(output: _Output, check: dict) -> bool:
    speaker = output.named(check["not_alias"][0])
    return speaker is not None and not any(_holds(alias, check["not_alias"][1]) for alias in speaker["aliases"])


def _is_of_kind(output: _Output, check: dict) -> bool:
    name, kind = check["kind_of"]
    speaker = output.named(name)
    return speaker is not None and speaker["kind"] == kind


def _is_no_speaker(output: _Output, check: dict) -> bool:
    return not any(_is(speaker["name"], check["no_speaker"]) for speaker in output.speakers)


_CHECKS: dict[str, Callable[[_Output, dict], bool]] = {
    "speaker": _has_speaker,
    "not_speaker": _has_not_speaker,
    "source": _of_claim(lambda claim, check: _is(claim["source"] and claim["source"]["text"], check["source"])),
    "without": _of_claim(lambda claim, check: not _holds(claim["text"], check["without"])),
    "negated": _of_claim(lambda claim, check: claim.get("negated") is check["negated"]),
    "no_claim": _has_no_claim,
    "no_content": _has_no_content,
    "same_speaker": _has_same_speaker,
    "different_speakers": _has_different_speakers,
    "affiliation": _has_affiliation,
    "no_affiliation": _has_no_affiliation,
    "alias": _has_alias,
    "not_alias": _has_no_alias,
    "kind_of": _is_of_kind,
    "no_speaker": _is_no_speaker,
}


def _name_of(check: dict) -> str:
    names = set(check) - {"claim"}
    if len(names) != 1 or not names <= set(_CHECKS):
        raise ValueError(f"not a check: {check}")
    return names.pop()


def _words_of(kind: str, check: dict) -> list[str]:
    """The words in a check that the text must have."""
    value = check[kind]
    if isinstance(value, dict):
        value = list(value.values())[0].split()
    elif kind == "kind_of":
        value = value[:1]
    flat = [one for part in _list(value) for one in _list(part)]
    return [one for one in [check.get("claim"), *flat] if isinstance(one, str) and one != ANY]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--verbose", action="store_true", help="show the checks that fail, with what was found instead")
    parser.add_argument("--failing", action="store_true", help="print the ids of the cases that fail, nothing else")
    args = parser.parse_args()
    import claimx

    nlp, totals = claimx.load(), defaultdict(lambda: [0, 0, 0, 0])
    for case in load(args.files or own_files()):
        document = claimx.extract(case["text"], nlp=nlp).to_dict()
        failed = failures(case, document)
        row = (len(case["checks"]) - len(failed), len(case["checks"]), not failed, 1)
        for kind in (case["kind"], "in all"):
            totals[kind] = [a + b for a, b in zip(totals[kind], row, strict=True)]
        if failed and (args.verbose or args.failing):
            print(case["id"] if args.failing else _report(case, document, failed))
    if args.failing:
        return
    for kind in [*sorted(totals.keys() - {"in all"}), "in all"]:
        right, checks, whole, cases = totals[kind]
        print(f"{kind:28}{right:5} of {checks:4} checks {100 * right / checks:6.1f} %{whole:6} of {cases:4} cases")


def _report(case: dict, document: dict, failed: list[dict]) -> str:
    names = {speaker["id"]: speaker["name"] for speaker in document["speakers"]}
    lines = [f"{case['id']}: {case['text']}"]
    lines += [f"    fails  {json.dumps(check, ensure_ascii=False)}" for check in failed]
    lines += [f"    claim  {names.get(claim['speaker'])}: {claim['text']}" for claim in document["claims"]]
    for speaker in document["speakers"]:
        facts = "; ".join(f"{a['role']}, {a['organization']}" for a in speaker["affiliations"])
        lines.append(f"    speaker  {speaker['name']} ({speaker['kind']}) {speaker['aliases'] or ''} {facts}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
