"""``claimx_extraction``: the last component, which puts what the others found into the contract.

Sets ``doc._.claimx`` (the claims and speakers as JSON values); ``doc.spans["claimx"]`` with the labels CONTENT, CUE and
SOURCE, whose ``span.id_`` is the id of the claim; and ``doc.spans["claimx_speakers"]``, every mention of every speaker,
whose ``span.id_`` is the id of the speaker and whose label is the speaker's kind. ``span._.claim`` and
``span._.speaker`` look them up. displaCy shows a group: ``displacy.serve(doc, style="span", options={"spans_key":
"claimx"})``. Speakers and affiliations that are less certain than the options ask for are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import Attribution, Evidence, Speaker, set_spans
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.factory import factory
from claimx.pipeline.lexicon import Lexicon, lexicon_of
from claimx.pipeline.sentences import set_sentences
from claimx.pipeline.speaker_names import aliases_of


@factory(
    "claimx_extraction",
    default_config={"annotate_sents": True, "min_speaker": 0.0, "min_affiliation": 0.0},
    requires=["doc._.claimx_attributions", "doc._.claimx_speakers", "doc._.claimx_evidence"],
    assigns=["doc._.claimx", "doc.spans", "doc.sents", "span._.claim", "span._.speaker"],
)
def create_extraction(
    nlp: Language, name: str, annotate_sents: bool, min_speaker: float, min_affiliation: float
) -> ExtractionBuilder:
    builder = ExtractionBuilder(
        name, annotate_sents=annotate_sents, min_speaker=min_speaker, min_affiliation=min_affiliation
    )
    return builder.configured()


class ExtractionBuilder(RuleComponent):
    """Sets ``doc._.claimx``, ``doc.spans["claimx"]`` and ``doc.spans["claimx_speakers"]``; see above.

    `min_speaker` is the least confidence of a speaker: a claim whose speaker is less certain has none, and nobody is a
    speaker without a claim. `min_affiliation` is that of an affiliation. With `annotate_sents` and where nothing
    before it has found sentences, also those (`sentences.py`).
    """

    OPTIONS = ("annotate_sents", "min_speaker", "min_affiliation")
    RULES = Lexicon.FILES

    def __init__(
        self,
        name: str = "claimx_extraction",
        *,
        annotate_sents: bool = True,
        min_speaker: float = 0.0,
        min_affiliation: float = 0.0,
    ) -> None:
        super().__init__(name)
        self.annotate_sents = annotate_sents
        self.min_speaker, self.min_affiliation = min_speaker, min_affiliation

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text
        attributions: list[Attribution] = doc._.claimx_attributions
        evidence: list[Evidence | None] = doc._.claimx_evidence or [None] * len(attributions)
        confidences = _speaker_confidences(doc._.claimx_speakers, evidence)
        certain = (self._certain(speaker, attributions, confidences) for speaker in doc._.claimx_speakers)
        speakers = sorted((s for s in certain if s.attributions), key=lambda speaker: min(speaker.attributions))
        speaker_ids = {index: f"s{n}" for n, speaker in enumerate(speakers, 1) for index in speaker.attributions}
        lexicon = lexicon_of(self.rule_files)
        doc.user_data["claimx"] = {
            "claims": [
                _claim(text, f"c{n}", attribution, speaker_ids.get(n - 1), confidence, found)
                for n, (attribution, confidence, found) in enumerate(
                    zip(attributions, confidences, evidence, strict=True), 1
                )
            ],
            "speakers": [
                _speaker(text, f"s{n}", speaker, aliases_of(lexicon, speaker, text))
                for n, speaker in enumerate(speakers, 1)
            ],
        }
        set_spans(doc, "claimx", sorted(_parts(attributions), key=lambda part: part[:3]))
        places = ((*place, s.kind.upper(), f"s{n}") for n, s in enumerate(speakers, 1) for place in s.mentions)
        set_spans(doc, "claimx_speakers", sorted(places))
        if self.annotate_sents and not doc.has_annotation("SENT_START"):
            set_sentences(doc)
        return doc

    def _certain(
        self, speaker: Speaker, attributions: Sequence[Attribution], confidences: Sequence[float | None]
    ) -> Speaker:
        """A speaker with the claims, mentions and affiliations that are certain enough; the claims may be none."""
        doubtful = {i for i in speaker.attributions if (confidences[i] or 0.0) < self.min_speaker}
        places = {attributions[i].source for i in doubtful}
        return replace(
            speaker,
            attributions=[i for i in speaker.attributions if i not in doubtful],
            mentions=[place for place in speaker.mentions if place not in places],
            affiliations=[a for a in speaker.affiliations if a.confidence >= self.min_affiliation],
        )


def _speaker_confidences(speakers: Sequence[Speaker], evidence: Sequence[Evidence | None]) -> list[float | None]:
    """How sure the speaker of each claim is, to three digits; None where there is no candidate."""
    found = [told.confidence if told else None for told in evidence]
    for index in (index for speaker in speakers for index in speaker.attributions):
        if found[index] is None:
            told = evidence[index]
            found[index] = 1.0 if told is None or told.probability is None else told.probability
    return [None if confidence is None else round(confidence, 3) for confidence in found]


def _parts(attributions: list[Attribution]) -> Iterator[tuple[int, int, str, str]]:
    """The pieces of each claim: start, end, label, and the id of the claim."""
    for n, a in enumerate(attributions, 1):
        labelled = [(span, "CONTENT") for span in a.content] + [(a.cue, "CUE"), (a.source, "SOURCE")]
        yield from ((*span, label, f"c{n}") for span, label in labelled if span)


def _claim(
    text: str,
    key: str,
    attribution: Attribution,
    speaker: str | None,
    speaker_confidence: float | None,
    evidence: Evidence | None,
) -> dict:
    cue, source = attribution.cue, attribution.source
    return {
        "id": key,
        "kind": attribution.kind,
        "type": attribution.type,
        "negated": attribution.negated,
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
        "speaker_confidence": speaker_confidence,
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
                "confidence": round(a.confidence, 3),
            }
            for a in speaker.affiliations
        ],
    }
