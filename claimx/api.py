"""The library: `load` a pipeline, `extract` from one text or many."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from os import PathLike
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from claimx.errors import InputError, ModelError
from claimx.readers.article import MAX_CHARS, Article
from claimx.schema import Extraction, ModelInfo, Origin

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from claimx.user_rules import UserRules

DEFAULT_MODEL = "en_claimx_news"
_FINDER, _LAST = "claimx_attribution", "claimx_extraction"
#: Components in the order in which they read each other's work.
COMPONENTS = (
    "claimx_quotations",
    _FINDER,
    "claimx_mentions",
    "claimx_entities",
    "claimx_speakers",
    "claimx_affiliations",
    _LAST,
)
#: Modules of ``claimx.pipeline`` that make a component, where they have not its name.
_MODULES = {_FINDER: "attributions.component"} | {
    f"claimx_{name}": f"{name}.component" for name in ("quotations", "mentions", "entities", "speakers", "affiliations")
}


def load(
    model: str = DEFAULT_MODEL,
    *,
    threshold: float | None = None,
    min_speaker: float | None = None,
    min_affiliation: float | None = None,
    threads: int | None = None,
    rules: UserRules | str | PathLike[str] | None = None,
) -> Language:
    """Load a claim pipeline.

    `model` names a pipeline with claimx's components. `threshold` is the least confidence of a claim, `min_speaker`
    that of a speaker (a claim whose speaker is less certain has none), `min_affiliation` that of an affiliation; the
    defaults are those of the pipeline. `threads` changes no result; 0 is one per core, at most 8. `rules` are a
    user's own: the path of a file of them, or what `claimx.user_rules.read_rules` made of it.
    The pipeline is the caller's own, to change and to save (`to_disk` keeps options and rules); pipelines with the same
    trained weights share these in memory. Raises `ModelError`, and `ConfigError` for a file of rules.
    """
    if isinstance(rules, (str, PathLike)):
        from claimx.user_rules import read_rules

        rules = read_rules(rules)
    names = _names(model)
    told = {
        _FINDER: {"threshold": threshold, "threads": threads},
        _LAST: {"min_speaker": min_speaker, "min_affiliation": min_affiliation},
    }
    given = [(names[made], option, value) for made, options in told.items() for option, value in options.items()
             if value is not None]  # fmt: skip
    nlp = _load_pipeline(model, {f"components.{name}.{option}": value for name, option, value in given})
    for name, option, value in given:  # also over what was set on the pipeline before it was saved
        setattr(nlp.get_pipe(name), option, value)
    nlp.max_length = sys.maxsize  # spaCy's limit is for a parser, which needs a gigabyte for a million characters
    if rules is not None:
        add_components(nlp, ["claimx_user_rules"], before=names[_FINDER])
        nlp.get_pipe("claimx_user_rules").set_rules(rules)
    return nlp


def _names(model: str) -> dict[str, str]:
    """The components of the pipeline `model` by their factories. Raises `ModelError`."""
    import spacy

    folder = _source(model)
    try:
        if folder.name == "__init__.py":
            meta = spacy.util.get_model_meta(folder.parent)
            folder = folder.parent / f"{meta['lang']}_{meta['name']}-{meta['version']}"
        config = spacy.util.load_config(folder / "config.cfg")
        factories = {config["components"][name].get("factory"): name for name in config["nlp"]["pipeline"]}
    except Exception as error:
        raise ModelError.unreadable(model, error) from error
    missing = [factory for factory in (_FINDER, _LAST) if factory not in factories]
    if missing:
        raise ModelError.lacks(model, missing)
    return factories


def _load_pipeline(model: str, overrides: dict[str, Any]) -> Language:
    """A pipeline by the name of its package or the path of its folder, with `overrides` of its config by dotted names.

    No code of either is run.
    """
    import spacy

    from claimx.pipeline.tokenizer import BoundedTokenizer

    source = _source(model)
    read = spacy.util.load_model_from_path if source.is_dir() else spacy.util.load_model_from_init_py
    try:
        nlp = read(source, config=overrides)
    except ModelError:
        raise
    except Exception as error:  # spaCy reads half a dozen formats, each with errors of its own
        raise ModelError.unreadable(model, error) from error
    if not isinstance(nlp.tokenizer, BoundedTokenizer):
        nlp.tokenizer = BoundedTokenizer(nlp.tokenizer)
    return nlp


def _source(model: str) -> Path:
    """The ``__init__.py`` of the package that `model` names, or the folder of the pipeline. Raises `ModelError`."""
    package = _package(model)
    if not package and not Path(model).is_dir():
        raise ModelError.not_installed(model) if model == DEFAULT_MODEL else ModelError.not_found(model)
    return package or Path(model)


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

    `nlp` is a pipeline from `load`, or any with claimx's components; without it, one that nobody else can change. `id`,
    `title`, `path` and `url` are kept in the result. With `explain`, each claim tells how its speaker was found
    (`evidence`). Offsets in the result are Unicode code points into `text`. Raises `ModelError`, and `InputError` for a
    text of more than `max_chars` code points.
    """
    nlp = nlp or _own()
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
    texts: Iterable[str | tuple[str, Any] | Mapping[str, Any]],
    *,
    nlp: Language | None = None,
    batch_size: int = 16,
    explain: bool = False,
) -> Iterator[Extraction | tuple[Extraction, Any]]:
    """Find the claims of many articles, in their order.

    Each of `texts` is a text; a mapping with "text" and any of "id", "title", "path" and "url", which are kept in the
    extraction (other keys are not read); or a tuple of a text and a context of any kind, which is answered by a tuple
    of the extraction and that context. Ids that are not given count from "1". Raises as `extract` does, and
    `InputError` for anything else, with its number.
    """
    nlp = nlp or _own()
    for doc, (article, context) in nlp.pipe(_articles(texts, nlp), as_tuples=True, batch_size=batch_size):
        extraction = to_extraction(
            doc, nlp, id=article.id, title=article.title, path=article.path, url=article.url, explain=explain
        )
        yield (extraction, *context) if context else extraction


def _articles(texts: Iterable, nlp: Language) -> Iterator[tuple[str, tuple[Article, tuple]]]:
    """Text, article, and the context in a tuple (an empty one without) of each item."""
    if isinstance(texts, (str, bytes, Mapping)):
        raise InputError.not_many(type(texts).__name__)
    for number, item in enumerate(texts, 1):
        content, *context = item if isinstance(item, tuple) and len(item) == 2 else (item,)
        article = _article_of(content, number)
        article.check_length(min(MAX_CHARS, nlp.max_length))
        yield article.text, (article, tuple(context))


def _article_of(item: Any, number: int) -> Article:
    if isinstance(item, str):
        return Article(str(number), item)
    if not isinstance(item, Mapping):
        raise InputError.no_article(number, f"is a {type(item).__name__}")
    told = {key: item[key] for key in ("text", "title", "path", "url") if item.get(key) is not None}
    if "text" not in told:
        raise InputError.no_article(number, 'has no "text"')
    if isinstance(told.get("path"), PathLike):
        told["path"] = str(told["path"])
    for key, value in told.items():
        if not isinstance(value, str):
            raise InputError.no_article(number, f'has a "{key}" that is a {type(value).__name__}')
    return Article(str(number if item.get("id") is None else item["id"]), **told)


_lock = Lock()


def _own() -> Language:
    """The pipeline of `extract` and `extract_many`, which nobody else gets to see."""
    with _lock:
        return _loaded()


@cache
def _loaded() -> Language:
    return load()


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
    return ModelInfo(name=f"{nlp.lang}_{nlp.meta['name']}", version=nlp.meta["version"])
