"""``claimx_user_rules``: a user's cues, titles, names and patterns to ignore, set on the Doc for those who read them.

Sets ``doc.spans["claimx_cues"]`` (labels are attribution types, ids are lemmas), ``doc.spans["claimx_ignored"]``,
``doc.spans["claimx_titles"]``, and ``doc._.claimx_naming``. Spans that are there already stay.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span

from claimx.pipeline.annotations import tokens_over
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.factory import factory
from claimx.pipeline.lexicon import FILES
from claimx.rules import RuleFiles

if TYPE_CHECKING:
    from claimx.user_rules import UserRules

Phrases = dict[str, list[tuple[tuple[str, ...], str, str]]]


@factory("claimx_user_rules", assigns=["doc.spans", "doc._.claimx_naming"])
def create_user_rules(nlp: Language, name: str) -> UserRuleSetter:
    return UserRuleSetter(name)


class UserRuleSetter(RuleComponent):
    """Rules come from `set_rules`, and go to disk with the pipeline."""

    RULES = (*FILES, "irregular_forms.json", "types.json")
    SAVED = ("rules.json",)

    def __init__(self, name: str = "claimx_user_rules") -> None:
        super().__init__(name)
        self._rules: dict = {}
        self._cues: Phrases = {}
        self._titles: Phrases = {}
        self._ignored: list[re.Pattern[str]] = []

    def set_rules(self, rules: UserRules) -> None:
        """Take these rules in the place of those there were."""
        self._set(rules.model_dump())

    def _set(self, rules: dict) -> None:
        self._rules = rules
        cues = ((form, phrase, type) for type, phrases in rules["cues"].items() for phrase in phrases
                for form in self._forms(phrase))  # fmt: skip
        self._cues = _by_first_word(cues)
        self._titles = _by_first_word((title, title, "TITLE") for title in rules["titles"]["words"])
        self._ignored = [re.compile(pattern) for pattern in rules["ignore"]["patterns"]]

    def __call__(self, doc: Doc) -> Doc:
        if not self._rules:
            return doc
        lowers = [token.lower_.replace("’", "'") for token in doc]
        for key, phrases in (("claimx_cues", self._cues), ("claimx_titles", self._titles)):
            spans = (
                Span(doc, start, end, label, span_id=lemma) for start, end, label, lemma in _found(lowers, phrases)
            )
            doc.spans[key] = [*doc.spans.get(key, ()), *spans]
        doc.spans["claimx_ignored"] = [*doc.spans.get("claimx_ignored", ()), *self._ignored_spans(doc)]
        doc.user_data["claimx_naming"] = self._rules["names"]
        return doc

    def _ignored_spans(self, doc: Doc) -> Iterator[Span]:
        text, tokens = doc.text, tokens_over(doc)
        for pattern in self._ignored:
            for match in pattern.finditer(text):
                start, end = tokens(*match.span()) if match[0] else (0, 0)
                if start < end:
                    yield Span(doc, start, end, label="IGNORED")

    def use_rules(self, rules: RuleFiles) -> None:
        """Take rule files in the place of the package's."""
        super().use_rules(rules)
        if self._rules:
            self._set(self._rules)

    def files(self) -> dict[str, bytes]:
        """The user's rules and the rule files, as files by their names."""
        return super().files() | {"rules.json": srsly.json_dumps(self._rules).encode()}

    def set_files(self, files: Mapping[str, bytes]) -> None:
        """Take what `files` gave."""
        super().set_files(files)
        rules = srsly.json_loads(files["rules.json"]) if "rules.json" in files else {}
        if rules:
            self._set(rules)

    def _forms(self, phrase: str) -> list[str]:
        """A phrase with its first word in all forms: crow, crows, crowed, crowing."""
        first, _, rest = " ".join(phrase.lower().replace("’", "'").split()).partition(" ")
        return [f"{form} {rest}".strip() for form in self.module("cues").forms_of(first)]


def _by_first_word(rows: Iterable[tuple[str, str, str]]) -> Phrases:
    """(form, phrase, label) by the first word of the form, longest first."""
    found: Phrases = defaultdict(list)
    for form, phrase, label in rows:
        words = tuple(form.lower().replace("’", "'").split())
        found[words[0]].append((words, label, phrase.lower()))
    for phrases in found.values():
        phrases.sort(key=lambda row: -len(row[0]))
    return dict(found)


def _found(lowers: list[str], phrases: Phrases) -> Iterator[tuple[int, int, str, str]]:
    """Where phrases stand, the longest at each place, none over another."""
    i = 0
    while phrases and i < len(lowers):
        for words, label, phrase in phrases.get(lowers[i], ()):
            if tuple(lowers[i : i + len(words)]) == words:
                yield i, i + len(words), label, phrase
                i += len(words) - 1
                break
        i += 1
