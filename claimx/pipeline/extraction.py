"""``claimx_extraction``: the last component, which puts what the others found into the contract.

Sets ``doc._.claimx`` (the claims and speakers as JSON values) and ``doc.spans["claimx"]`` with the labels CONTENT,
CUE and SOURCE, which displaCy shows: ``displacy.serve(doc, style="span", options={"spans_key": "claimx"})``.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import Attribution, Speaker, set_spans
from claimx.pipeline.component import RuleComponent


@Language.factory(
    "claimx_extraction",
    requires=["doc._.claimx_attributions", "doc._.claimx_speakers"],
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
        speaker_ids = {index: f"s{n}" for n, speaker in enumerate(speakers, 1) for index in speaker.attributions}
        doc.user_data["claimx"] = {
            "claims": [
                _claim(text, f"c{n}", attribution, speaker_ids.get(n - 1))
                for n, attribution in enumerate(attributions, 1)
            ],
            "speakers": [_speaker(text, f"s{n}", speaker) for n, speaker in enumerate(speakers, 1)],
        }
        parts = [(start, end, "CONTENT") for a in attributions for start, end in a.content]
        parts += [(*a.cue, "CUE") for a in attributions if a.cue]
        parts += [(*a.source, "SOURCE") for a in attributions if a.source]
        set_spans(doc, "claimx", sorted(parts))
        return doc


def _claim(text: str, key: str, attribution: Attribution, speaker: str | None) -> dict:
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
    }


def _speaker(text: str, key: str, speaker: Speaker) -> dict:
    forms = dict.fromkeys(text[start:end] for start, end in speaker.mentions)
    return {
        "id": key,
        "name": " ".join(speaker.name.split()),
        "kind": speaker.kind,
        "aliases": [form for form in forms if form != speaker.name],
        "affiliations": [
            {
                "role": text[slice(*a.role)] if a.role else None,
                "organization": text[slice(*a.organization)] if a.organization else None,
                "spans": sorted(list(span) for span in (a.role, a.organization) if span),
            }
            for a in speaker.affiliations
        ],
    }
