"""A tokenizer whose cost is linear: spaCy's, given no more than some hundred characters without a blank at a time.

spaCy's tokenizer strips marks off a stretch of text one by one and copies the rest each time, so that the cost of ten
thousand marks in a row is that of a hundred million. No word is longer than `LONGEST`; what is gets cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import spacy
import srsly
from cymem.cymem import Pool
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import ensure_path
from spacy.vocab import Vocab

#: Characters without white space that are left whole, and those of the pieces of what is longer.
LONGEST, PIECE = 200, 50
_LONG = re.compile(rf"\S{{{LONGEST + 1},}}")


@spacy.registry.tokenizers("claimx.BoundedTokenizer.v1")
def create_tokenizer() -> Callable[[Language], BoundedTokenizer]:
    """For the config of a pipeline: spaCy's tokenizer of its language, bounded."""
    inner = spacy.registry.tokenizers.get("spacy.Tokenizer.v1")()
    return lambda nlp: BoundedTokenizer(make=lambda: inner(nlp), vocab=nlp.vocab)


def english_tokenizer() -> BoundedTokenizer:
    """spaCy's tokenizer of English, bounded: that of the trained pipeline."""
    nlp = spacy.blank("en")  # first: with it spaCy registers its own tokenizer
    return create_tokenizer()(nlp)


class BoundedTokenizer:
    """Calls `inner` with pieces of what is too long; the tokens of all other texts are those of `inner`.

    With `make` in its place, `inner` is made when it is first needed: the thirteen hundred exceptions of English take
    more time than all else of a pipeline whose network is loaded.
    """

    def __init__(
        self,
        inner: Callable[[str], Doc] | None = None,
        *,
        make: Callable[[], Callable[[str], Doc]] | None = None,
        vocab: Vocab | None = None,
    ) -> None:
        self._inner, self._make, self._vocab = inner, make, vocab
        self._lock = Lock()

    @property
    def inner(self) -> Callable[[str], Doc]:
        """The tokenizer that does the work."""
        if self._inner is None:
            with self._lock:
                if self._inner is None:
                    self._inner = self._make()
        return self._inner

    @contextmanager
    def memory_zone(self, mem: Pool) -> Iterator[Pool]:
        """What spaCy's `Language.memory_zone` enters: a tokenizer that is made in a zone goes with its words."""
        before = self._inner
        try:
            yield mem
        finally:
            if before is None and self._make:
                self._inner = None

    @property
    def vocab(self) -> Vocab:
        """The vocabulary of the Docs."""
        return self.inner.vocab if self._inner or self._vocab is None else self._vocab

    def __call__(self, text: str) -> Doc:
        if not _LONG.search(text):
            return self.inner(text)
        docs = [self.inner(piece) for piece in _pieces(text)]
        words = [token.text for doc in docs for token in doc]
        spaces = [bool(token.whitespace_) for doc in docs for token in doc]
        return Doc(self.inner.vocab, words, spaces)

    def pipe(self, texts: Iterable[str], batch_size: int = 1000) -> Iterator[Doc]:
        """The Docs of texts, one by one."""
        return map(self, texts)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # asked for while it is unpickled
            raise AttributeError(name)
        return getattr(self.inner, name)

    def __reduce__(self) -> tuple:
        return BoundedTokenizer, (self.inner,)

    def to_bytes(self, **options) -> bytes:
        """What `inner` makes of itself."""
        return self.inner.to_bytes(**options)

    def from_bytes(self, data: bytes, **options) -> BoundedTokenizer:
        """Read what `to_bytes` returned."""
        if self._inner is None and _is_tokenizer(data):
            self._make = lambda: Tokenizer(self._vocab).from_bytes(data, **options)
        else:
            self.inner.from_bytes(data, **options)
        return self

    def to_disk(self, path: str | Path, **options) -> None:
        """Write `inner`."""
        self.inner.to_disk(path, **options)

    def from_disk(self, path: str | Path, **options) -> BoundedTokenizer:
        """Read what `to_disk` wrote."""
        return self.from_bytes(ensure_path(path).read_bytes(), **options)


@lru_cache(maxsize=4)
def _is_tokenizer(data: bytes) -> bool:
    """Whether bytes can be those of a tokenizer; raises where they are damaged."""
    return isinstance(srsly.msgpack_loads(data), dict)


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces, cut in stretches that are too long and behind the white space after them."""
    last = 0
    for match in _LONG.finditer(text):
        for cut in range(match.start() + PIECE, match.end(), PIECE):
            yield text[last:cut]
            last = cut
    if last < len(text):
        yield text[last:]
