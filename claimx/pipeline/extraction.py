"""``claimx_extraction``: the last component, which puts what the others found into the contract.

Sets ``doc._.claimx`` (the claims and speakers as JSON values); ``doc.spans["claimx"]`` with the labels CONTENT, CUE and
SOURCE, whose ``span.id_`` is the id of the claim; and ``doc.spans["claimx_speakers"]``, every mention of every speaker,
whose ``span.id_`` is the id of the speaker and whose label is the speaker's kind. ``span._.claim`` and
``span._.speaker`` look them up. displaCy shows a group: ``displacy.serve(doc, style="span", options={"spans_key":
"claimx"})``.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import Attribution, Evidence, Speaker, set_spans
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.factory import factory
from claimx.pipeline.lexicon import FILES
from claimx.pipeline.sentences import set_sentences


@factory(
    "claimx_extraction",
    default_config={"annotate_sents": True},
    requires=["doc._.claimx_attributions", "doc._.claimx_speakers", "doc._.claimx_evidence"],
    assigns=["doc._.claimx", "doc.spans", "doc.sents", "span._.claim", "span._.speaker"],
)
def create_extraction(nlp: Language, name: str, annotate_sents: bool) -> ExtractionBuilder:
    return ExtractionBuilder(name, annotate_sents=annotate_sents).configured()


class ExtractionBuilder(RuleComponent):
    """Sets ``doc._.claimx``, ``doc.spans["claimx"]`` and ``doc.spans["claimx_speakers"]``; see above.

    With `annotate_sents` and where nothing before it has found sentences, also those (`sentences.py`).
    """

    OPTIONS = ("annotate_sents",)
    RULES = FILES

    def __init__(self, name: str = "claimx_extraction", *, annotate_sents: bool = True) -> None:
        super().__init__(name)
        self.annotate_sents = annotate_sents

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text
        attributions: list[Attribution] = doc._.claimx_attributions
        speakers: list[Speaker] = sorted(doc._.claimx_speakers, key=lambda speaker: min(speaker.attributions))
        evidence: list[Evidence | None] = doc._.claimx_evidence or [None] * len(attributions)
        speaker_ids = {index: f"s{n}" for n, speaker in enumerate(speakers, 1) for index in speaker.attributions}
        aliases_of = self.module("speaker_names").aliases_of
        doc.user_data["claimx"] = {
            "claims": [
                _claim(text, f"c{n}", attribution, speaker_ids.get(n - 1), found)
                for n, (attribution, found) in enumerate(zip(attributions, evidence, strict=True), 1)
            ],
            "speakers": [
                _speaker(text, f"s{n}", speaker, aliases_of(speaker, text)) for n, speaker in enumerate(speakers, 1)
            ],
        }
        set_spans(doc, "claimx", sorted(_parts(attributions), key=lambda part: part[:3]))
        places = ((*place, s.kind.upper(), f"s{n}") for n, s in enumerate(speakers, 1) for place in s.mentions)
        set_spans(doc, "claimx_speakers", sorted(places))
        if self.annotate_sents and not doc.has_annotation("SENT_START"):
            set_sentences(doc)
        return doc


def _parts(attributions: list[Attribution]) -> Iterator[tuple[int, int, str, str]]:
    """The pieces of each claim: start, end, label, and the id of the claim."""
    for n, a in enumerate(attributions, 1):
        labelled = [(span, "CONTENT") for span in a.content] + [(a.cue, "CUE"), (a.source, "SOURCE")]
        yield from ((*span, label, f"c{n}") for span, label in labelled if span)


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


def _speaker(text: str, key: str, speaker: Speaker, aliases: list[str]) -> dict:
    return {
        "id": key,
        "name": " ".join(speaker.name.split()),
        "kind": speaker.kind,
        "aliases": aliases,
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
