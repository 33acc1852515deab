"""Cue frames: the constructions in which a cue takes its content, matched on the dependency parse.

The constructions are DependencyMatcher patterns in ``rules/frames.json``. A match is turned into a `Candidate`: a cue
word, the frame in which it stands (``clause:that``, ``object``, ``prep:for`` …), its content and its source as token
ranges. Whether the candidate is an attribution is for ``rules/cues.json`` to say, which knows the frames of each cue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from spacy.matcher import DependencyMatcher
from spacy.tokens import Doc, Token

from claimx.pipeline.lexicon import WORDS, is_role
from claimx.rules import load

Range = tuple[int, int]

_KINDS = {kind: frozenset(load("kinds.json")[kind]) for kind in ("organization", "document", "group")}
_WH = WORDS["wh"]
_SUBJECTS = frozenset(("nsubj", "csubj"))
_ADDRESSED = WORDS["addressed"]  # "Asked whether it was so, she": she is asked, by whom remains unsaid
_RAISING = WORDS["raising"]  # what seems, seems to nobody in particular
_AUXILIARIES = frozenset(("aux", "auxpass", "neg", "advmod", "prt"))
_AUXILIARY_WORDS = WORDS["auxiliaries"]
_PRONOUNS = WORDS["source_pronouns"]
_NOMINAL = frozenset(("NOUN", "PROPN", "PRON", "ADJ", "NUM"))
_FINITE = frozenset(("VBD", "VBZ", "VBP"))
_EDGE_PUNCT = frozenset(",;:.–—―-()[]!?")
_MANNER_NOUNS = frozenset(load("cue_tails.json")["nouns"])
_MANNER_PREPS = frozenset(load("cue_tails.json")["prepositions"])


@dataclass(slots=True)
class Candidate:
    """One possible attribution; ranges are token indices, end exclusive."""

    cue: int
    root: int
    lemma: str
    frame: str
    content: list[Range]
    source: Range | None
    cue_range: Range
    context: tuple[str, ...]


class Frames:
    """Matches the frames of ``rules/frames.json`` on parsed Docs."""

    def __init__(self, vocab) -> None:
        self.frames = {frame["frame"]: frame for frame in load("frames.json")}
        self.matcher = DependencyMatcher(vocab)
        for name, frame in self.frames.items():
            self.matcher.add(name, [frame["pattern"]])
        self.names = {vocab.strings[name]: name for name in self.frames}
        self.nodes = {name: [node["RIGHT_ID"] for node in frame["pattern"]] for name, frame in self.frames.items()}

    def candidates(self, doc: Doc, keep: Callable[[str, str], bool] | None = None) -> Iterator[Candidate]:
        """Yield a candidate for every frame match; with `keep`, for those of which keep(lemma, frame) is true."""
        for match_id, indices in self.matcher(doc):
            name = self.names[match_id]
            nodes = dict(zip(self.nodes[name], indices, strict=True))
            cue = doc[nodes["cue"]]
            lemma = cue.lemma_.lower()
            if lemma in _RAISING and name != "seeming":
                continue
            candidate = self._candidate(doc, name, cue, lemma, nodes, keep)
            if candidate:
                yield candidate

    def _candidate(self, doc: Doc, name: str, cue: Token, lemma: str, nodes: dict[str, int], keep) -> Candidate | None:
        frame = self.frames[name]
        if frame.get("phrase"):
            return _according(doc, cue, doc[nodes["prep"]], doc[nodes["source"]])
        content = [doc[nodes[node]] for node in frame["content"]]
        if name == "prep":
            said = _quoted_as_saying(doc, cue, content[0])
            if said:
                return said
        key = name + _marker(name, cue, content, nodes, doc)
        if keep and not keep(lemma, key):
            return None
        last = nodes["prep"] if frame.get("via") and content[0].i > nodes["prep"] else cue.i
        passive = any(child.dep_ in ("auxpass", "nsubjpass") for child in cue.lefts) or (
            cue.tag_ == "VBN" and cue.dep_ == "acl"
        )
        fronted = (
            cue.tag_ in ("VBN", "VBD") and cue.is_title and (cue.i == 0 or doc[cue.i - 1].is_space or cue.is_sent_start)
        )
        noun = frame.get("noun")
        by_agent = passive or frame.get("passive") or fronted and lemma in _ADDRESSED
        source = agent_of(cue) if by_agent else noun_source(cue) if noun else source_of(cue)
        cue_range = (cue.i, last + 1) if noun else cue_extent(doc, cue, last)
        # a verb taken for a noun, "audit files show that", or a verb whose subject the parse does not show
        verb_as_noun = noun and cue.tag_ == "NNS" and cue.dep_ in ("ROOT", "nsubj", "compound")
        subject_missed = not noun and not by_agent and cue.tag_ in ("VBD", "VBZ", "VBP")
        if source is None and (verb_as_noun or subject_missed):
            source = source_before(doc, cue_range)
        if frame.get("around"):
            inner = (cue.left_edge.i, cue.right_edge.i + 1)
            pieces = _subtract([subtree_range(content[0])], inner)
            if inner[0] <= content[0].left_edge.i and not key.endswith(":as"):
                return None
        else:
            pieces = [subtree_range(node) for node in content]
            if fronted:
                pieces = [_to_comma(doc, piece) for piece in pieces]  # "Asked whether it was so, she replied that …"
            pieces = _subtract(pieces, cue_range)
            if source:
                pieces = _subtract(pieces, source)
        pieces = _tidy(doc, pieces)
        if not pieces:
            return None
        source = tidy_source(doc, source)
        return Candidate(
            cue.i,
            content[0].i,
            lemma,
            key,
            pieces,
            source,
            cue_range,
            tuple(_context(doc, cue, source, pieces, passive)),
        )


def _quoted_as_saying(doc: Doc, cue: Token, saying: Token) -> Candidate | None:
    """was quoted as saying that …: whoever is quoted says it"""
    if saying.tag_ != "VBG" or saying.lemma_ != "say" or cue.lemma_ not in ("quote", "cite", "report"):
        return None
    content = next((child for child in saying.rights if child.dep_ in ("ccomp", "dobj")), None)
    source = next((child for child in cue.lefts if child.dep_ in ("nsubjpass", "nsubj")), None)
    pieces = _tidy(doc, [subtree_range(content)]) if content is not None else []
    if not pieces:
        return None
    extent = cue_extent(doc, cue, cue.i)[0], saying.i + 1
    who = tidy_source(doc, subtree_range(source)) if source is not None else None
    return Candidate(cue.i, content.i, "quote as saying", "clause", pieces, who, extent, ())


def _according(doc: Doc, cue: Token, prep: Token, source: Token) -> Candidate | None:
    phrase = (cue.i, source.right_edge.i + 1)
    head = cue.head
    if head.i == cue.i:
        return None
    while head.dep_ in ("prep", "pobj", "amod", "npadvmod") and head.head.i != head.i:
        head = head.head
    pieces = _tidy(doc, _subtract([subtree_range(head)], phrase))
    start = cue.i
    while start > 0 and doc[start - 1].dep_ in ("advmod",) and doc[start - 1].head.i == cue.i:
        start -= 1
    pieces = _tidy(doc, _subtract(pieces, (start, cue.i)))
    if not pieces:
        return None
    source_range = tidy_source(doc, subtree_range(source))
    return Candidate(cue.i, head.i, "according to", "according", pieces, source_range, (start, prep.i + 1), ())


def _marker(name: str, cue: Token, content: list[Token], nodes: dict[str, int], doc: Doc) -> str:
    """The word that introduces the content, as part of the frame's name."""
    first = content[0]
    if name in ("clause", "noun", "adjective"):
        if first.dep_ == "relcl":
            return ":relative"
        if any(child.lower_ == "that" and child.dep_ == "mark" for child in first.lefts):
            return ":that"
        if first.left_edge.lower_ in _WH:
            return ":wh"
        if any(child.tag_ == "TO" for child in first.lefts):
            return ":to"
        if first.tag_ in ("VBG", "VBN"):
            return ":" + ("ing" if first.tag_ == "VBG" else "participle")
        return ":before" if first.i < cue.i else ":bare"
    if name == "infinitive":
        return ":to" if any(child.tag_ == "TO" for child in first.lefts) else ":ing" if first.tag_ == "VBG" else ":bare"
    if "prep" in nodes:
        return ":" + doc[nodes["prep"]].lower_
    if len(content) > 1 and content[1].dep_ == "prep":
        return ":" + content[1].lower_
    if name == "parenthetical":
        if any(child.lower_ == "as" and child.dep_ == "mark" for child in cue.lefts):
            return ":as"
        return ":" + cue.dep_ + (":after" if cue.left_edge.i > first.i else ":before")
    if name == "object":
        return ":pronoun" if first.pos_ == "PRON" else ""
    return ""


def subtree_range(token: Token) -> Range:
    return token.left_edge.i, token.right_edge.i + 1


def cue_extent(doc: Doc, cue: Token, last: int) -> Range:
    """The cue with its auxiliaries, negation, adverbs and particles; `last` is a preposition that belongs to it."""
    start = end = cue.i
    while start > 0:
        previous = doc[start - 1]
        if (
            previous.dep_ in _AUXILIARIES
            and previous.pos_ not in ("PROPN", "NOUN")
            and not (previous.lower_ == "will" and cue.tag_ in _FINITE)
            and (previous.head.i == cue.i or previous.head.i >= start)
            and previous.tag_ != "TO"
        ):
            start -= 1
        elif (
            previous.tag_ in ("VBZ", "VBD", "VBP", "VB") and previous.i == cue.head.i and cue.dep_ in ("acomp", "oprd")
        ):
            start -= 1
            cue = previous
        else:
            break
    if last > end and last - end <= 3:
        end = last
    while end + 1 < len(doc) and doc[end + 1].head.i == cue.i and doc[end + 1].dep_ in ("prt", "neg"):
        end += 1
    end = _manner(doc, end)
    return start, end + 1


def _manner(doc: Doc, end: int) -> int:
    """Take "in a statement", "by e-mail", "on Twitter" after the cue into the cue."""
    if end + 2 < len(doc) and doc[end + 1].lower_ in _MANNER_PREPS:
        for index in range(end + 2, min(end + 6, len(doc))):
            token = doc[index]
            if token.lower_ in _MANNER_NOUNS:
                return index
            if token.pos_ not in ("DET", "ADJ", "NOUN", "PROPN", "PRON", "NUM"):
                break
    return end


def source_of(verb: Token, hops: int = 4) -> Range | None:
    """The subject of `verb`, shared with the verbs it is coordinated with, raised from or modified by."""
    for child in verb.children:
        if child.dep_ in _SUBJECTS and child.lower_ != "there":
            return subtree_range(child)
    head = verb.head
    if hops == 0 or head.i == verb.i:
        return None
    if verb.dep_ in ("acomp", "oprd", "conj", "xcomp", "advcl", "pcomp", "prep", "dep", "attr"):
        if any(child.dep_ == "nsubjpass" for child in head.lefts):
            return next(subtree_range(child) for child in head.lefts if child.dep_ == "nsubjpass")
        if verb.dep_ == "prep" and head.pos_ in ("NOUN", "PROPN") and head.head.pos_ in ("VERB", "AUX"):
            return source_of(head.head, hops - 1)  # "adopted an attack … by labeling"
        return source_of(head, hops - 1)
    if verb.dep_ in ("acl", "relcl") and head.pos_ in ("NOUN", "PROPN", "PRON"):
        if verb.tag_ == "VBG" and head.dep_ in ("dobj", "pobj") and _class_of(head) in ("noun", "plural noun"):
            verb_above = head.head if head.dep_ == "dobj" else head.head.head
            found = source_of(verb_above, hops - 1) if verb_above.pos_ in ("VERB", "AUX") else None
            if found:  # "gave a speech denouncing …": the one who gave it
                return found
        return head.left_edge.i, verb.left_edge.i
    return None


def source_before(doc: Doc, cue_range: Range) -> Range | None:
    """The noun phrase before the cue, for a finite cue whose subject the parse does not show."""
    end = cue_range[0]
    if end == 0:
        return None
    before = doc[end - 1]
    if before.text == ",":
        return _phrase_before_commas(doc, end - 1)
    name = before.is_title and before.lower_ == "will"  # the columnist, not the auxiliary
    if not name and before.pos_ not in _NOMINAL or before.dep_ == "pobj" and before.pos_ != "NUM":
        return None
    start = end - 1
    while start > 0 and doc[start - 1].pos_ in _NOMINAL | {"DET"} and not doc[start - 1].is_space:
        start -= 1
    if before.pos_ == "NUM" and start > 1 and doc[start - 1].lower_ in ("in", "of") and doc[start - 2].pos_ == "NUM":
        start -= 2  # "about 4 in 10"
    return start, end


def _phrase_before_commas(doc: Doc, comma: int) -> Range | None:
    """ "Clinton, without naming him, accused …": the noun phrase that the bracketed parts before the cue belong to."""
    found, end, i = None, comma, comma - 1
    while i >= 0 and comma - i < 50:
        if i == 0 or doc[i - 1].text in (",", ";", ":") or doc[i - 1].is_space or doc[i].is_sent_start:
            segment = doc[i:end]
            nominal = doc[i].pos_ in _NOMINAL | {"DET"} and not any(
                t.pos_ == "VERB" and t.tag_ in _FINITE for t in segment
            )
            if nominal and doc[i].lower_ not in _WH:
                found = i
            elif found is not None:
                break
            if i == 0 or doc[i].is_sent_start or doc[i - 1].text != ",":
                break
            end = i - 1
        i -= 1
    return (found, comma) if found is not None else None


def agent_of(verb: Token) -> Range | None:
    for child in verb.children:
        if child.dep_ == "agent":
            for grandchild in child.children:
                if grandchild.dep_ == "pobj":
                    return subtree_range(grandchild)
    return None


def noun_source(noun: Token) -> Range | None:
    """Whose warning it is: a possessive, an agent ("by", "from"), or the subject of the verb that gives it."""
    for child in noun.lefts:
        if child.dep_ == "poss":
            start, end = subtree_range(child)
            return (start, end - 1) if child.right_edge.dep_ == "case" else (start, end)
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in ("by", "from", "among") and child.i == noun.i + 1:
            for grandchild in child.children:
                if grandchild.dep_ == "pobj":
                    return subtree_range(grandchild)
    if noun.dep_ in ("dobj", "attr") and noun.head.pos_ in ("VERB", "AUX"):
        return source_of(noun.head)
    if noun.dep_ == "pobj" and noun.head.head.pos_ in ("VERB", "AUX") and noun.head.lower_ in ("with", "in", "of"):
        return source_of(noun.head.head)
    return None


def _context(doc: Doc, cue: Token, source: Range | None, content: list[Range], passive: bool) -> Iterable[str]:
    """What around a cue speaks for or against an attribution, as the feature names of ``rules/context.json``."""
    yield "form:" + cue.tag_
    yield "relation:" + cue.dep_
    if passive:
        yield "passive"
    for child in cue.lefts:
        if child.dep_ == "aux":
            if child.lower_ in _AUXILIARY_WORDS:
                yield "auxiliary:" + child.lower_
        elif child.dep_ == "neg":
            yield "negated"
        elif child.dep_ == "mark" and child.lower_ == "if":
            yield "if"
    yield "source:" + _source_class(doc, source)
    words = sum(end - start for start, end in content)
    yield "content:" + ("1-2" if words < 3 else "3-5" if words < 6 else "6-11" if words < 12 else "12+")
    first = doc[content[0][0]]
    if content[0][1] - content[0][0] <= 6 and doc[content[0][1] - 1].ent_type_ in ("PERSON", "ORG", "GPE"):
        yield "content:name"
    if first.text in ('"', "“", "''", "``", "‘", "'"):
        yield "content:quoted"


def _source_class(doc: Doc, source: Range | None) -> str:
    return "none" if source is None else _class_of(doc[source[0] : source[1]].root)


def _class_of(root: Token) -> str:
    """What kind of word heads a source: a pronoun, an entity label, a role, an organization, a document, a noun."""
    if root.pos_ == "PRON" or root.tag_ in ("WP", "WDT", "PRP"):
        return root.lower_ if root.lower_ in _PRONOUNS else "pronoun"
    if root.ent_type_ in ("PERSON", "ORG", "NORP", "GPE"):
        return root.ent_type_
    if root.pos_ == "PROPN":
        return "name"
    if root.tag_ not in ("NN", "NNS"):
        return "other"
    if is_role(root.lower_):
        return "role"
    lemma = root.lemma_.lower()
    known = next((kind for kind, words in _KINDS.items() if lemma in words or root.lower_ in words), None)
    return known or ("plural noun" if root.tag_ == "NNS" else "noun")


def _to_comma(doc: Doc, piece: Range) -> Range:
    return piece[0], next((i for i in range(*piece) if doc[i].text == ","), piece[1])


def _subtract(pieces: list[Range], hole: Range) -> list[Range]:
    out = []
    for start, end in pieces:
        if hole[1] <= start or hole[0] >= end:
            out.append((start, end))
            continue
        if start < hole[0]:
            out.append((start, hole[0]))
        if hole[1] < end:
            out.append((hole[1], end))
    return out


def _tidy(doc: Doc, pieces: list[Range]) -> list[Range]:
    """Sort, join neighbours, and trim punctuation and white space at the edges of each piece."""
    joined: list[list[int]] = []
    for start, end in sorted(pieces):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    out = []
    for start, end in joined:
        end = next((i + 1 for i in range(start + 1, end - 1) if _ends_with_amount(doc, i)), end)
        while start < end and (doc[start].text in _EDGE_PUNCT or doc[start].is_space):
            start += 1
        while end > start and (
            doc[end - 1].text in _EDGE_PUNCT and doc[end - 1].text not in "!?)" or doc[end - 1].is_space
        ):
            end -= 1
        if start < end and any(token.text[0].isalnum() for token in doc[start:end]):
            out.append((start, end))
    return out


def _ends_with_amount(doc: Doc, i: int) -> bool:
    """Whether a sentence ends in "£400m." here, whose full stop the tokenizer takes for an abbreviation's."""
    token, before = doc[i], doc[i - 1]
    return (
        token.text[-1] == "."
        and token.text[:-1].isalpha()
        and before.like_num
        and not before.whitespace_
        and doc[i + 1].text[0].isupper()
    )


def tidy_source(doc: Doc, source: Range | None) -> Range | None:
    """Trim marks and white space off a source, and the dateline before it ("LEEDS, May 4 (AP) — ")."""
    if source is None:
        return None
    start, end = source
    for i in range(start + 1, min(end - 1, start + 12)):
        if doc[i].text in ("—", "–", "--", "-") and doc[i].whitespace_ and doc[i - 1].whitespace_:
            if (start == 0 or "\n" in doc[start - 1].text) and all(
                t.text[0].isupper() or not t.is_alpha for t in doc[start:i]
            ):
                start = i + 1
            break
    while start < end and (doc[start].is_punct and doc[start].text not in "“\"'‘(" or doc[start].is_space):
        start += 1
    while end > start and (doc[end - 1].text in _EDGE_PUNCT and doc[end - 1].text not in ")]" or doc[end - 1].is_space):
        end -= 1
    return (start, end) if start < end else None
