"""A text as words, with their sentences and paragraphs: what mentions, entities, speakers and roles are read from."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from weakref import WeakKeyDictionary

from spacy.tokens import Doc

from claimx.pipeline.annotations import Offsets, Quotation
from claimx.pipeline.encoder.features import WORD
from claimx.pipeline.encoder.reading import reading_of
from claimx.pipeline.lexicon import Lexicon, lexicon_of
from claimx.pipeline.quotations.paragraphs import paragraphs
from claimx.rules import PACKAGED, RuleFiles

#: A first paragraph of no more words than these, with more behind it, is a headline.
_HEADLINE = 25
_ENDS = frozenset(".?!…")
_POSSESSIVE = re.compile(r"[’'][sS]$")


class Words:
    """`spans`: code points of each word, and `words`, `lowers`, `sentence`, `paragraph` of each.

    `lexicon` is what is known of words.
    """

    def __init__(
        self,
        text: str,
        spans: Sequence[Offsets] | None = None,
        quotations: Iterable[Quotation] = (),
        lexicon: Lexicon | None = None,
    ) -> None:
        self.text, self.lexicon = text, lexicon or lexicon_of(PACKAGED)
        self.spans = [match.span() for match in WORD.finditer(text)] if spans is None else spans
        self.starts = [start for start, _ in self.spans]
        self.words = [text[start:end] for start, end in self.spans]
        self.lowers = [word.lower().replace("’", "'") for word in self.words]
        #: words that are written small somewhere
        self.lower_seen = frozenset(word for word in self.words if word.islower())
        blocks = paragraphs(text)
        begins = [start for start, _ in blocks]
        self.paragraph = [bisect_right(begins, start) - 1 for start in self.starts]
        self.sentence = self._sentences()
        self.headline = self._headline(blocks)
        self.quotation = [-1] * len(self.words)
        for quotation in quotations:
            if quotation.depth == 0:
                low, high = self.range_of(quotation.start, quotation.end)
                self.quotation[low:high] = [quotation.group] * (high - low)

    def range_of(self, start: int, end: int) -> Offsets:
        """The words [low, high) that touch the code points from `start` to `end`."""
        low = max(0, bisect_right(self.starts, start) - 1)
        low += low < len(self.spans) and self.spans[low][1] <= start
        return low, max(low, bisect_left(self.starts, end))

    def at(self, start: int) -> int:
        """The word that begins at, or covers, a code point."""
        return max(0, bisect_right(self.starts, start) - 1)

    def span(self, low: int, high: int) -> Offsets:
        return self.spans[low][0], self.spans[high - 1][1]

    def slice(self, low: int, high: int) -> str:
        return self.text[self.spans[low][0] : self.spans[high - 1][1]] if low < high else ""

    def lower(self, i: int) -> str:
        """The lower-cased word `i`, "" beyond the text."""
        return self.lowers[i] if 0 <= i < len(self.lowers) else ""

    def is_capitalised(self, i: int) -> bool:
        return 0 <= i < len(self.words) and self.words[i][:1].isupper()

    def _sentences(self) -> list[int]:
        ends = []
        for i, word in enumerate(self.words):
            last = i + 1 == len(self.words) or self.paragraph[i + 1] != self.paragraph[i]
            ends.append(last or word in _ENDS and not self._is_abbreviation(i))
        return list(accumulate(ends, initial=0))[:-1]

    def _is_abbreviation(self, i: int) -> bool:
        """Whether the dot `i` belongs to what is before it: Sen. Okoro, J. Diaz, Jan. 3."""
        if self.words[i] != "." or not i or self.spans[i - 1][1] != self.spans[i][0]:
            return False
        before, after = self.lowers[i - 1], self.words[i + 1]
        return (
            after[0].islower()
            or len(before) == 1
            or not self.lexicon.honorifics.keys().isdisjoint((before, before + "."))
            or before + "." in self.lexicon.titles
        )

    def _headline(self, blocks: list[Offsets]) -> int:
        """The number of words in the headline, 0 where there is none."""
        if len(blocks) < 2:
            return 0
        end = bisect_left(self.starts, blocks[0][1])
        return end if end <= _HEADLINE else 0


_words: WeakKeyDictionary[Doc, Words] = WeakKeyDictionary()


def words_of(doc: Doc, rules: RuleFiles) -> Words:
    """The words of a Doc, made once for all components with these rules; those that the encoder read, where it did."""
    words, lexicon = _words.get(doc), lexicon_of(rules)
    if words is None or words.text != doc.text or words.lexicon is not lexicon:
        reading = reading_of(doc)
        spans = None if reading is None else list(map(tuple, reading.words.tolist()))
        words = _words[doc] = Words(doc.text, spans, doc._.claimx_quotations, lexicon)
    return words


def without_possessive(text: str) -> str:
    """A name without the ’s of a possessor."""
    return _POSSESSIVE.sub("", text)
