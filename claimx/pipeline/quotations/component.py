"""``claimx_quotations``: finds quotations by their marks, on characters alone (`marks.py`).

Neither tagger output nor sentence edges are read, so a quotation is found the same way whatever pipeline runs before.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import set_quotations, set_spans
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.factory import factory
from claimx.pipeline.quotations.marks import QuotationMarks
from claimx.rules import RuleFiles


@factory("claimx_quotations", assigns=["doc._.claimx_quotations", "doc.spans"])
def create_quotations(nlp: Language, name: str) -> QuotationFinder:
    return QuotationFinder(name)


class QuotationFinder(RuleComponent):
    """Sets ``doc._.claimx_quotations`` and ``doc.spans["claimx_quotations"]``."""

    RULES = ("marks.json",)

    def __init__(self, name: str = "claimx_quotations") -> None:
        super().__init__(name)

    def use_rules(self, rules: RuleFiles) -> None:
        """Take rule files in the place of those there were."""
        super().use_rules(rules)
        self._marks = QuotationMarks(rules)

    def __call__(self, doc: Doc) -> Doc:
        quotations = self._marks.find(doc.text)
        set_quotations(doc, quotations)
        set_spans(doc, "claimx_quotations", [(q.start, q.end, "QUOTATION", "") for q in quotations])
        return doc
