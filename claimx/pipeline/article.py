"""An article's tokens as plain lists, which the components that read no parse go over many times."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate
from weakref import WeakKeyDictionary

from spacy.tokens import Doc

from claimx.pipeline.annotations import Quotation
from claimx.pipeline.lexicon import HONORIFICS, TITLES, is_role

#: A first paragraph of no more words than these is a headline.
_HEADLINE = 20


_articles: WeakKeyDictionary[Doc, Article] = WeakKeyDictionary()


def article_of(doc: Doc) -> Article:
    """The Article of a Doc, made once for all components unless tokens or roles have changed in between."""
    titles = [(span.start, span.end) for span in doc.spans.get("claimx_titles", ())]
    roles = [(span.start, span.end) for span in doc.spans.get("claimx_roles", ())] + titles
    article = _articles.get(doc)
    if article is None or len(article.words) != len(doc) or article.roles != roles:
        article = _articles[doc] = Article(doc, roles, titles)
    return article


class Article:
    """Tokens of a Doc as plain lists; `roles` are the tokens [start, end) of the roles that a model tagged, `titles`
    those of titles that a user's rules name."""

    def __init__(self, doc: Doc, roles: list[tuple[int, int]], titles: Iterable[tuple[int, int]] = ()) -> None:
        self.text = doc.text
        at = doc.to_array(("IDX", "LENGTH")).tolist()
        self.offsets = [start for start, _ in at]
        self.ends = [start + length for start, length in at]
        self.words = [self.text[start:end] for start, end in zip(self.offsets, self.ends, strict=True)]
        self.lowers = [word.lower() for word in self.words]
        self.lower_seen = frozenset(word for word in self.words if word.islower())
        #: index of the token after the headline, 0 where the article has none
        self.headline = self._headline()
        #: the same, 0 as well where the headline is written like a sentence: elsewhere its capitals tell nothing
        self.capitalised = self.headline if self._is_title_case() else 0
        self.body_words = frozenset(self.words[self.headline :])
        self.is_break = ["\n" in word or word in (".", "?", "!") for word in self.words]

        self.roles = roles
        self._titles = frozenset(i for start, end in titles for i in range(start, end))
        self._role_heads = frozenset(self.head_of(start, end) for start, end in self.roles)

    def is_role(self, i: int) -> bool:
        """Whether the token `i` names a role: by the list of them, or because a model tagged it so."""
        return i in self._role_heads or is_role(self.lowers[i])

    def is_title(self, i: int) -> bool:
        """Whether the token `i` is an honorific or a title: Mr., Sen., Mayor, or one of a user's rules."""
        lower = self.lowers[i]
        return lower in HONORIFICS or lower in TITLES or i in self._titles

    def head_of(self, start: int, end: int) -> int:
        """The head of a role phrase: "director" of "former director of research"."""
        return next((i for i in range(start + 1, end) if self.lowers[i] in ("of", "for")), end) - 1

    def _headline(self) -> int:
        """A short first paragraph with more behind it."""
        end = next((i for i, word in enumerate(self.words) if "\n" in word), len(self.words))
        more = any(word.strip() for word in self.words[end + 1 : end + 8])
        return end + 1 if more and sum(word.isalpha() for word in self.words[:end]) <= _HEADLINE else 0

    def _is_title_case(self) -> bool:
        words = [word for word in self.words[: self.headline] if word.isalpha() and len(word) > 3]
        return sum(word[0].isupper() for word in words) > 0.6 * len(words)

    @cached_property
    def sentence(self) -> list[int]:
        """The number of each token's sentence."""
        return list(accumulate(self.is_break, initial=0))[:-1]

    @cached_property
    def paragraph(self) -> list[int]:
        """The number of each token's paragraph."""
        return list(accumulate(("\n" in word for word in self.words), initial=0))[:-1]

    def tokens(self, start: int, end: int) -> tuple[int, int]:
        """The tokens [low, high) that the code points from `start` to `end` touch."""
        return max(0, bisect_right(self.offsets, start) - 1), bisect_left(self.offsets, end)

    def within(self, quotations: Iterable[Quotation]) -> bytearray:
        """1 for each token inside one of `quotations`, 0 for the others."""
        inside = bytearray(len(self.words))
        for quotation in quotations:
            low, high = self.tokens(quotation.start, quotation.end)
            inside[low:high] = b"\1" * (high - low)
        return inside

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.offsets[start], self.ends[end - 1]

    def slice(self, start: int, end: int) -> str:
        return self.text[self.offsets[start] : self.ends[end - 1]] if start < end else ""


def fold(word: str) -> str:
    """A word of a name as it is compared: without case, accents and the dot of an initial."""
    plain = unicodedata.normalize("NFD", word.replace("’", "'").rstrip("."))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()
