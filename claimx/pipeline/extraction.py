"""``claimx_extraction``: the last component, which puts what the others found into the contract.

Sets ``doc._.claimx`` (the claims and speakers as JSON values) and ``doc.spans["claimx"]`` with the labels CONTENT,
CUE and SOURCE, which displaCy shows: ``displacy.serve(doc, style="span", options={"spans_key": "claimx"})``.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import Attribution, Evidence, Speaker, set_spans
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.factory import factory
from claimx.pipeline.lexicon import PRONOUNS, WORDS


@factory(
    "claimx_extraction",
    requires=["doc._.claimx_attributions", "doc._.claimx_speakers", "doc._.claimx_evidence"],
    assigns=["doc._.claimx", "doc.spans"],
)
def create_extraction(nlp: Language, name: str) -> ExtractionBuilder:
    return ExtractionBuilder(name)


class ExtractionBuilder(RuleComponent):
    def __init__(self, name: str = "claimx_extraction") -> None:
        super().__init__(name)

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text
        attributions: list[Attribution] = doc._.claimx_attributions
        speakers: list[Speaker] = sorted(doc._.claimx_speakers, key=lambda speaker: min(speaker.attributions))
        evidence: list[Evidence | None] = doc._.claimx_evidence or [None] * len(attributions)
        speaker_ids = {index: f"s{n}" for n, speaker in enumerate(speakers, 1) for index in speaker.attributions}
        doc.user_data["claimx"] = {
            "claims": [
                _claim(text, f"c{n}", attribution, speaker_ids.get(n - 1), found)
                for n, (attribution, found) in enumerate(zip(attributions, evidence, strict=True), 1)
            ],
            "speakers": [_speaker(text, f"s{n}", speaker) for n, speaker in enumerate(speakers, 1)],
        }
        parts = [(start, end, "CONTENT") for a in attributions for start, end in a.content]
        parts += [(*a.cue, "CUE") for a in attributions if a.cue]
        parts += [(*a.source, "SOURCE") for a in attributions if a.source]
        set_spans(doc, "claimx", sorted(parts))
        return doc


def _claim(text: str, key: str, attribution: Attribution, speaker: str | None, evidence: Evidence | None) -> dict:
    cue, source = attribution.cue, attribution.source
    return {
        "id": key,
        "kind": attribution.kind,
        "type": attribution.type,
        "text": " … ".join(text[start:end] for start, end in attribution.content),
        "spans": [list(span) for span in attribution.content],
        "cue": {
            "text": text[slice(*cue)],
            "lemma": attribution.lemma or text[slice(*cue)].lower(),
            "spans": [list(cue)],
        }
        if cue
        else None,
        "source": {"text": text[slice(*source)], "spans": [list(source)]} if source else None,
        "speaker": speaker,
        "confidence": attribution.confidence,
        "evidence": _evidence(text, evidence) if evidence else None,
    }


def _evidence(text: str, evidence: Evidence) -> dict:
    mention = evidence.mention
    return {
        "rule": evidence.rule,
        "mention": {"text": text[slice(*mention)], "spans": [list(mention)]} if mention else None,
        "probability": None if evidence.probability is None else round(evidence.probability, 3),
    }


def _plain(form: str) -> str:
    """A form of a name without case and article."""
    first, _, rest = form.casefold().partition(" ")
    return rest if rest and first in WORDS["determiners"] else form.casefold()


def _speaker(text: str, key: str, speaker: Speaker) -> dict:
    name = " ".join(speaker.name.split())
    forms: dict[str, str] = {}
    for start, end in speaker.mentions:
        form = " ".join(text[start:end].split())
        if form.lower() not in PRONOUNS:
            forms.setdefault(_plain(form), form)
    forms.pop(_plain(name), None)
    return {
        "id": key,
        "name": name,
        "kind": speaker.kind,
        "aliases": list(forms.values()),
        "mentions": len(speaker.mentions),
        "pronouns": speaker.pronouns,
        "affiliations": [
            {
                "role": text[slice(*a.role)] if a.role else None,
                "organization": text[slice(*a.organization)] if a.organization else None,
                "spans": sorted(list(span) for span in (a.role, a.organization) if span),
            }
            for a in speaker.affiliations
        ],
    }
