"""``claimx_user_rules``: a user's cues, titles, names and patterns to ignore, set on the Doc for those who read them.

Sets ``doc.spans["claimx_cues"]`` (labels are attribution types, ids are lemmas), ``doc.spans["claimx_ignored"]``,
``doc.spans["claimx_titles"]``, and ``doc._.claimx_naming``. Spans that are there already stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span

from claimx.pipeline.annotations import tokens_over
from claimx.pipeline.attributions.cue_rules import cue_phrases
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.factory import factory
from claimx.pipeline.phrases import Phrases
from claimx.rules import RuleFiles

if TYPE_CHECKING:
    from claimx.user_rules import UserRules


@factory("claimx_user_rules", assigns=["doc.spans", "doc._.claimx_naming"])
def create_user_rules(nlp: Language, name: str) -> UserRuleSetter:
    return UserRuleSetter(name)


class UserRuleSetter(RuleComponent):
    """Rules come from `set_rules`, and go to disk with the pipeline."""

    RULES = ("irregular_forms.json",)
    SAVED = ("rules.json",)

    def __init__(self, name: str = "claimx_user_rules") -> None:
        self._rules: dict = {}
        self._ignored: list[re.Pattern[str]] = []
        super().__init__(name)

    def set_rules(self, rules: UserRules) -> None:
        """Take these rules in the place of those there were."""
        self._set(rules.model_dump())

    def _set(self, rules: dict) -> None:
        self._rules = rules
        self._cues = cue_phrases(rules["cues"], self.rule_files)
        self._titles = Phrases((title, "TITLE", title.lower()) for title in rules["titles"]["words"])
        self._ignored = [re.compile(pattern) for pattern in rules["ignore"]["patterns"]]

    def __call__(self, doc: Doc) -> Doc:
        if not self._rules:
            return doc
        self._cues.add_to(doc, "claimx_cues")
        self._titles.add_to(doc, "claimx_titles")
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
        """Take rule files in the place of those there were."""
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
