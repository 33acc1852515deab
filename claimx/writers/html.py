"""A report in HTML: one file that needs no network, with the article and its claims, or an index over many articles.

The parts of the page lie in ``report/``. Whatever comes from an article is escaped by Jinja, the index is JSON in which
no markup can end, and a Content-Security-Policy lets no script run but the report's own. Articles of a report of many
are kept as text until they are opened, so that a thousand of them open at once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TextIO

from claimx import __version__
from claimx.directory import directory
from claimx.schema import AttributionType, Kind
from claimx.writers.parts import runs_of
from claimx.writers.words import counted, describe, shown_confidence, shown_doubt, sort_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from claimx.schema import Claim, Extraction, Reading, Speaker

_KINDS: tuple[str, ...] = Kind.__args__
_TYPES: tuple[str, ...] = AttributionType.__args__
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
#: Degrees between the hues of two speakers: the golden angle, which keeps any number of them apart.
_ANGLE = 137.508


def write_html(readings: Iterable[Reading], stream: TextIO, *, many: bool = False, back: str = "") -> None:
    """Write the report of one article, or of several with an index (with `many`, even of one).

    `back` is the address of a page to go back to. The size grows with the articles by three to four times their text.
    """
    readings = iter(readings)
    first = list(islice(readings, 2))
    many = many or len(first) > 1
    title = (first[0].extraction.title or first[0].extraction.id) if first and not many else "claimx report"
    environment, script = _environment(), _source("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()
    page = {
        "title": title,
        "style": _safe(_source("report.css").strip()),
        "script_hash": _safe(f"sha256-{digest}"),
        "many": many,
        "back": back,
        "version": __version__,
    }
    stream.write(environment.get_template("page.html").render(page))
    rows = _Rows(many)
    opened, closed = ("</section>\n</main>\n", "") if many else ("", "</section>\n</main>\n")
    stream.write(opened)
    entries = directory(rows.numbered(chain(first, readings), stream))
    stream.write(closed)
    index = {**rows.index(entries), "types": _TYPES}
    stream.write(f'<script type="application/json" id="index">{_json(index)}</script>\n')
    end = {"version": __version__, "model": rows.model, "script": _safe(script)}
    stream.write(environment.get_template("end.html").render(end) + "\n")


def to_html(readings: Iterable[Reading], **options: Any) -> str:
    """The report as a string; see `write_html`."""
    import io

    stream = io.StringIO()
    write_html(readings, stream, **options)
    return stream.getvalue()


class _Rows:
    """What the index says of the articles, gathered while they are written."""

    def __init__(self, many: bool) -> None:
        self.many, self.model = many, ""
        self.articles: list[tuple] = []
        self.claims: list[list] = []
        self.speakers: list[str | None] = []  # the speaker's id in its article, of each claim

    def numbered(self, readings: Iterable[Reading], stream: TextIO) -> Iterator[Extraction]:
        """Write each article; yields it under its number, by which the directory tells where a speaker appears."""
        for number, reading in enumerate(readings):
            extraction = reading.extraction
            self.model = f"{extraction.model.name} {extraction.model.version}"
            fragment = article_html(reading, number)
            if self.many:
                fragment = f'<script type="text/plain" id="source-{number}">{fragment}</script>\n'
            stream.write(fragment)
            self._add(extraction, number)
            yield extraction.model_copy(update={"id": str(number)})

    def _add(self, extraction: Extraction, number: int) -> None:
        counts = len(extraction.claims), len(extraction.speakers)
        self.articles.append((extraction.id, extraction.title or "", *counts, number))
        for n, claim in enumerate(extraction.claims, 1):
            kind, sort = _KINDS.index(claim.kind), _TYPES.index(claim.type)
            cue, source = claim.cue.text if claim.cue else "", claim.source.text if claim.source else ""
            text = " ".join(claim.text.split())
            row = [number, n, -1, kind, sort, cue, text, claim.confidence, source, claim.negated, shown_doubt(claim)]
            self.claims.append(row)
            self.speakers.append(claim.speaker)

    def index(self, entries) -> dict[str, list]:
        known = {(int(a.id), a.speaker): n for n, entry in enumerate(entries) for a in entry.articles}
        for row, speaker in zip(self.claims, self.speakers, strict=True):
            if speaker is not None:
                row[2], row[8] = known[row[0], speaker], ""
        speakers = [
            (entry.name, entry.kind, "; ".join(describe(entry)), *(getattr(entry.claims, kind) for kind in _KINDS),
             len(entry.articles))
            for entry in entries
        ]  # fmt: skip
        return {"articles": self.articles, "speakers": speakers, "claims": self.claims}


def article_html(reading: Reading, number: int = 0) -> str:
    """An article with its claims marked, as a piece of HTML."""
    extraction, text = reading
    hues = {speaker.id: round(n * _ANGLE) % 360 for n, speaker in enumerate(extraction.speakers)}
    url = extraction.source.url or ""
    return _environment().get_template("article.html").render(
        number=number,
        id=extraction.id,
        title=extraction.title or extraction.id,
        counted=counted(extraction),
        url=url,
        link=url if re.match(r"https?://", url) else "",
        paragraphs=list(_paragraphs(extraction, text, hues, number)),
        speakers=list(_speakers(extraction, hues)),
        claims=_safe(_json([_card(extraction, claim) for claim in extraction.claims])),
    )  # fmt: skip


def _paragraphs(extraction: Extraction, text: str, hues: dict[str, int], number: int) -> Iterator[list[dict]]:
    """The runs of each paragraph, as the template takes them."""
    paragraph: list[dict] = []
    met: set[str] = set()
    numbers = {claim.id: n for n, claim in enumerate(extraction.claims, 1)}
    for run in runs_of(extraction, text):
        shown, who = run.shown, ""
        base: dict[str, Any] = {"tag": "", "focus": False, "id": ""}
        if shown:
            claim = shown.claim
            base |= {
                "claims": " ".join(dict.fromkeys(part.claim.id for part in run.parts)),
                "hue": hues.get(claim.speaker),
            }
            if shown.label == "CONTENT":
                base |= {"tag": "mark", "classes": f"c {claim.kind}"}
                speaker = extraction.speaker_of(claim)
                who = speaker.name if speaker and claim in run.ending else ""
            else:
                base |= {"tag": "span", "classes": {"CUE": "cue", "SOURCE": "src"}[shown.label]}
        pieces = _BLANK_LINE.split(text[run.start : run.end])
        for n, piece in enumerate(pieces):
            if n:
                yield paragraph
                paragraph = []
            if not piece:
                continue
            made = base | {"text": piece, "who": who if n == len(pieces) - 1 else ""}
            begun = {part.claim.id for part in run.parts if part.label == "CONTENT"} - met
            if base["tag"] == "mark" and begun:
                met |= begun
                if shown.claim.negated and shown.claim.id in begun:
                    made["classes"] += " negated"
                made |= {"focus": True, "id": f"a{number}-c{min(numbers[id] for id in begun)}"}
            paragraph.append(made)
    yield paragraph


def _speakers(extraction: Extraction, hues: dict[str, int]) -> Iterator[dict]:
    counts: dict[str | None, int] = {}
    for claim in extraction.claims:
        counts[claim.speaker] = counts.get(claim.speaker, 0) + 1
    for speaker in extraction.speakers:
        yield {"id": speaker.id, "name": speaker.name, "posts": "; ".join(describe(speaker)),
               "hue": hues[speaker.id], "claims": counts.get(speaker.id, 0)}  # fmt: skip
    if None in counts:
        yield {"id": "", "name": "not known", "posts": "", "hue": None, "claims": counts[None]}


def _card(extraction: Extraction, claim: Claim) -> dict[str, Any]:
    """What is shown of a claim when it is pointed at."""
    speaker: Speaker | None = extraction.speaker_of(claim)
    evidence = claim.evidence
    return {
        "id": claim.id,
        "kind": claim.kind,
        "sorts": sort_of(claim),
        "speaker": claim.speaker or "",
        "name": speaker.name if speaker else "",
        "doubt": shown_doubt(claim),
        "sort": speaker.kind if speaker else "",
        "posts": "; ".join(describe(speaker)) if speaker else "",
        "source": claim.source.text if claim.source else "",
        "cue": claim.cue.text if claim.cue else "",
        "text": claim.text,
        "confidence": shown_confidence(claim.confidence),
        **({"evidence": evidence.rule} if evidence else {}),
    }


def _json(value: Any) -> str:
    """JSON that may stand in an element as it is: no markup can begin in it."""
    made = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return made.replace("<", "\\u003c").replace("&", "\\u0026")


def _safe(markup: str) -> Markup:
    from markupsafe import Markup

    return Markup(markup)


@cache
def _source(name: str) -> str:
    return (files("claimx.writers.report") / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(loader=FunctionLoader(_source), autoescape=True, trim_blocks=False, undefined=StrictUndefined)
