"""Articles as tasks with predictions for Label Studio: a list in JSON. Offsets are code points, as in Label Studio.

The labelling interface they go with is `CONFIG`. Format: https://labelstud.io/guide/predictions
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from claimx.writers.parts import parts_of, relations_of
from claimx.writers.words import NEGATED, who

if TYPE_CHECKING:
    from claimx.schema import Claim, Extraction, Reading

#: The labelling interface of the tasks.
CONFIG = """<View>
  <Header value="$id"/>
  <Relations>
    <Relation value="CONTINUED"/><Relation value="CUE"/><Relation value="SOURCE"/>
  </Relations>
  <Labels name="label" toName="text">
    <Label value="CONTENT" background="#2563eb"/>
    <Label value="CUE" background="#b45309"/>
    <Label value="SOURCE" background="#15803d"/>
  </Labels>
  <Text name="text" value="$text"/>
  <Choices name="kind" toName="text" perRegion="true" whenTagName="label" whenLabelValue="CONTENT">
    <Choice value="direct"/><Choice value="mixed"/><Choice value="indirect"/>
  </Choices>
  <Choices name="polarity" toName="text" perRegion="true" whenTagName="label" whenLabelValue="CONTENT">
    <Choice value="negated"/>
  </Choices>
  <TextArea name="speaker" toName="text" perRegion="true" whenTagName="label" whenLabelValue="CONTENT"/>
</View>
"""


def write_labelstudio(readings: Iterable[Reading], stream: TextIO) -> None:
    """Write the tasks of all articles as one list, an article at a time."""
    separator = "[\n"
    for reading in readings:
        stream.write(separator + json.dumps(_task(reading), ensure_ascii=False))
        separator = ",\n"
    stream.write("[]\n" if separator.startswith("[") else "\n]\n")


def _task(reading: Reading) -> dict[str, Any]:
    extraction = reading.extraction
    result = [region for claim in extraction.claims for region in _regions(extraction, claim, reading.text)]
    scores = [claim.confidence for claim in extraction.claims]
    prediction = {
        "model_version": f"{extraction.model.name} {extraction.model.version}",
        "score": round(sum(scores) / len(scores), 3) if scores else 0.0,
        "result": result,
    }
    data = {"text": reading.text, "id": extraction.id, "title": extraction.title, "url": extraction.source.url}
    return {"data": data, "predictions": [prediction]}


def _regions(extraction: Extraction, claim: Claim, text: str) -> list[dict[str, Any]]:
    parts = list(parts_of(claim))
    regions: list[dict[str, Any]] = []
    for part in parts:
        place = {"start": part.start, "end": part.end, "text": text[part.start : part.end]}
        base = {"id": part.key, "to_name": "text", "score": claim.confidence}
        regions.append({**base, "from_name": "label", "type": "labels", "value": {**place, "labels": [part.label]}})
        if part is parts[0]:
            choices = [("kind", claim.kind), *([("polarity", NEGATED)] if claim.negated else [])]
            for name, choice in choices:
                regions.append({**base, "from_name": name, "type": "choices", "value": {**place, "choices": [choice]}})
            sure = {} if claim.speaker_confidence is None else {"score": claim.speaker_confidence}
            value = {**place, "text": [who(extraction, claim)]}
            regions.append({**base, "from_name": "speaker", "type": "textarea", "value": value, **sure})
    for head, child, label in relations_of(parts):
        ends = {"from_id": head.key, "to_id": child.key}
        regions.append({"type": "relation", **ends, "direction": "right", "labels": [label]})
    return regions
