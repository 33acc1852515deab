"""``claimx_quotations``: finds quotations by their marks, on characters alone (`quotation_marks.py`).

Neither tagger output nor sentence edges are read, so a quotation is found the same way whatever pipeline runs before.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import set_quotations, set_spans
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.factory import factory


@factory("claimx_quotations", assigns=["doc._.claimx_quotations", "doc.spans"])
def create_quotations(nlp: Language, name: str) -> QuotationFinder:
    return QuotationFinder(name)


class QuotationFinder(RuleComponent):
    """Sets ``doc._.claimx_quotations`` and ``doc.spans["claimx_quotations"]``."""

    RULES = ("marks.json",)

    def __init__(self, name: str = "claimx_quotations") -> None:
        super().__init__(name)

    def __call__(self, doc: Doc) -> Doc:
        quotations = self.module("quotation_marks").find_quotations(doc.text)
        set_quotations(doc, quotations)
        set_spans(doc, "claimx_quotations", [(q.start, q.end, "QUOTATION", "") for q in quotations])
        return doc
