"""Annotated articles: JSON Lines in the documented gold format, or brat standoff.

JSON Lines, one article a line, offsets in Unicode code points of "text", end exclusive; a span list may have several
pieces, and "source" and "cue" may be empty:

    {"id": "a1", "text": "…", "attributions": [{"content": [[0, 21]], "source": [[22, 52]], "cue": [[53, 57]]}]}

brat standoff (Stenetorp et al., 2012): ``article.ann`` beside ``article.txt``, or a folder of such pairs. Text bounds
of the types Content, Source and Cue are tied together by relations or events of any type that start at a cue or at a
content; discontinuous text bounds are pieces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from claimx.errors import GoldError

Spans = list[tuple[int, int]]
PARTS = ("content", "source", "cue")
#: What comes of reading a line of JSON that is not as it should be.
BAD_VALUES = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


@dataclass(slots=True)
class GoldAttribution:
    content: Spans
    source: Spans
    cue: Spans


@dataclass(slots=True)
class GoldArticle:
    id: str
    text: str
    attributions: list[GoldAttribution]


def read_gold(path: Path) -> list[GoldArticle]:
    """Read the annotated articles in `path`: a ``.jsonl`` file, an ``.ann`` file or a folder of ``.ann`` files.

    Raises `GoldError`, which names file and line.
    """
    path = Path(path)
    if path.is_dir():
        files = sorted(path.rglob("*.ann"))
        if not files:
            raise GoldError.no_annotations(str(path))
        return [_read_brat(file, file.relative_to(path).with_suffix("").as_posix()) for file in files]
    if path.suffix == ".ann":
        return [_read_brat(path, path.stem)]
    articles = list(_read_jsonl(path))
    if not articles:
        raise GoldError.no_annotations(str(path))
    return articles


def read_text(path: Path) -> str:
    """The text in the file `path`, line ends as they are. Raises `GoldError`."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return stream.read()
    except OSError as error:
        raise GoldError.unreadable(str(path), error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise GoldError.unreadable(str(path), f"not UTF-8 at byte {error.start}") from error


def _read_jsonl(path: Path) -> Iterator[GoldArticle]:
    seen: set[str] = set()
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row["text"], str):
                raise TypeError("the text is none")
            article = GoldArticle(str(row["id"]), row["text"], [])
            for given in row["attributions"]:
                spans = {part: [(int(s), int(e)) for s, e in given.get(part) or ()] for part in PARTS}
                article.attributions.append(GoldAttribution(**{part: sorted(spans[part]) for part in PARTS}))
        except BAD_VALUES as error:
            raise GoldError.bad_line(str(path), number, error) from error
        if article.id in seen:
            raise GoldError.twice(str(path), number, article.id)
        seen.add(article.id)
        check_spans(article.attributions, article.text, f"{path}: line {number}")
        yield article


def check_spans(attributions: Iterable[GoldAttribution], text: str, place: str) -> None:
    """Raise `GoldError` for a span that is empty or outside the text."""
    for attribution in attributions:
        for part in PARTS:
            for start, end in getattr(attribution, part):
                if not 0 <= start < end <= len(text):
                    raise GoldError.bad_span(place, part, start, end, len(text))


_PIECE = r"\d{1,9} \d{1,9}"
_BOUND = re.compile(rf"(T\S+)\t(\S+) ({_PIECE}(?:;{_PIECE})*)(?:\t|$)", re.ASCII)


def _read_brat(path: Path, name: str) -> GoldArticle:
    bounds: dict[str, tuple[str, Spans]] = {}
    links: list[list[str]] = []
    events: dict[str, str] = {}
    for number, line in enumerate(read_text(path).splitlines(), 1):
        kind, _, rest = line.partition("\t")
        if line.startswith("T"):
            match = _BOUND.match(line)
            if not match:
                raise GoldError.bad_line(str(path), number, ValueError("no text bound"))
            pieces = [tuple(map(int, piece.split())) for piece in match[3].split(";")]
            bounds[match[1]] = match[2].lower(), sorted(pieces)
        elif line.startswith(("R", "E")):
            ends = [argument.partition(":")[2] for argument in rest.split() if ":" in argument]
            links.append(ends)
            if line.startswith("E") and ends:
                events[kind] = ends[0]  # other lines may name an event for its trigger
    groups = _tied(bounds, [[events.get(end, end) for end in ends] for ends in links], path)
    article = GoldArticle(name, read_text(path.with_suffix(".txt")), groups)
    check_spans(groups, article.text, str(path))
    return article


def _tied(bounds: dict[str, tuple[str, Spans]], links: Iterable[list[str]], path: Path) -> list[GoldAttribution]:
    """Text bounds tied together, directly or over others, are one attribution: a cue with its content and source."""
    own = {key: parts for key, parts in bounds.items() if parts[0] in PARTS}
    group = {key: key for key in own if own[key][0] != "source"}  # a source may serve many

    def root(key: str) -> str:
        while group[key] != key:
            key = group[key]
        return key

    links = list(links)
    for ends in links:
        unknown = [end for end in ends if end not in bounds]
        if unknown:
            raise GoldError.dangling(str(path), unknown[0])
        tied = [end for end in ends if end in group]
        for end in tied[1:]:
            group[root(end)] = root(tied[0])
    found: dict[str, GoldAttribution] = {}
    for key in group:
        attribution = found.setdefault(root(key), GoldAttribution([], [], []))
        part, pieces = own[key]
        getattr(attribution, part).extend(pieces)
    for ends in links:
        sources = [end for end in ends if end in own and end not in group]
        for target in {root(end) for end in ends if end in group}:
            found[target].source.extend(p for s in sources for p in own[s][1] if p not in found[target].source)
    for attribution in found.values():
        for part in PARTS:
            getattr(attribution, part).sort()
    return sorted((a for a in found.values() if a.content), key=lambda a: a.content)
