"""Words that names, roles and speakers are recognised by, read from the rule files."""

from __future__ import annotations

from functools import cached_property, lru_cache

from claimx.rules import PACKAGED, RuleFiles

#: Words whose singular and the like is remembered: more than an article has, so that common ones are looked at once.
_REMEMBERED = 1 << 14
#: Lexicons of as many sets of rule files are kept.
_KEPT = 16


class Lexicon:
    """The words of `FILES`. Get one by `lexicon_of`, which makes it once for equal rule files.

    `honorifics` and `titles` lead to the gender and the long form that each tells, `nicknames` to the full forename,
    `synonyms` to the other words for a role, `person_nouns` and `gendered` (pronouns) to a gender, `pronouns` to what
    each tells: number, gender, whether it is relative.
    """

    FILES = (
        "forenames.txt",
        "kinds.json",
        "pronouns.json",
        "role_words.json",
        "roles.txt",
        "titles.json",
        "words.json",
    )

    def __init__(self, rules: RuleFiles = PACKAGED) -> None:
        titles, of_roles, words, kinds = map(rules.load, ("titles.json", "role_words.json", "words.json", "kinds.json"))
        self._rules = rules
        self.honorifics: dict[str, str] = titles["honorifics"]
        self.titles: dict[str, str] = titles["titles"]
        self.synonyms: dict[str, list[str]] = titles["synonyms"]
        self.suffixes = frozenset(titles["suffixes"])
        self.particles = frozenset(titles["particles"])
        self.nicknames = {short: full for full, shorts in titles["nicknames"].items() for short in shorts}
        self.roles: frozenset[str] = rules.load("roles.txt")
        self._not_roles = frozenset((*of_roles["not_roles"], *of_roles["kinship"]))
        self._role_suffixes = tuple(of_roles["suffixes"])
        #: Verbs that tell a post: heads, chairs, founded.
        self.heading_verbs = frozenset(of_roles["heading_verbs"])
        self.parties = frozenset(of_roles["parties"])
        #: Words for what is over, or not yet: former, acting, outgoing.
        self.temporal = frozenset(of_roles["temporal"])
        self._demonyms = frozenset(of_roles["demonyms"])
        #: What names of nationalities end with.
        self.demonym_endings = tuple(of_roles["demonym_endings"])
        #: Names of one thing that share no word: GOP, Republicans.
        self.same_names = [frozenset(tuple(name.split()) for name in names) for names in words["same_names"]]
        self._classes = {
            name: frozenset(members)
            for name, members in words.items()
            if isinstance(members, list) and name != "same_names"
        }
        self.person_nouns: dict[str, str] = words["person_nouns"]
        self.gendered: dict[str, str] = words["gendered"]
        #: Nouns that may stand for one another: company, firm; study, paper.
        self.noun_sorts = [frozenset(n) for name in ("same_document", "same_organization") for n in kinds[name]]
        self.pronouns: dict[str, dict] = rules.load("pronouns.json")
        self.is_role = lru_cache(_REMEMBERED)(self._is_role)
        self.singular_of = lru_cache(_REMEMBERED)(self._singular_of)
        self.words_of = lru_cache(self._words_of)

    @cached_property
    def forenames(self) -> dict[str, str]:
        """Forenames and the gender that each tells: "m", "f" or "" for both."""
        return dict(line.rsplit(" ", 1) for line in self._rules.load("forenames.txt"))

    def _words_of(self, *classes: str) -> frozenset[str]:
        """All words of some of the closed classes of ``words.json``, which are named by what they do in the rules."""
        return frozenset().union(*(self._classes[name] for name in classes))

    def _is_role(self, word: str) -> bool:
        """Whether a lower-case word names a role: director, spokeswoman, epidemiologists."""
        if word in self.roles or word in self.titles and word.endswith("."):
            return True
        singular = self.singular_of(word)
        has_suffix = len(singular) > 7 and singular.endswith(self._role_suffixes)
        return singular in self.roles or singular not in self._not_roles and has_suffix

    def _singular_of(self, word: str) -> str:
        """The singular of a lower-case noun, never empty."""
        if word in self.roles or len(word) < 3 or not word.endswith(("s", "men")):
            return word
        if word.endswith("men"):
            return word[:-3] + "man"
        if word.endswith("ies"):
            return word[:-3] + "y"
        return word[:-1]

    def full_forename(self, forename: str) -> str:
        """The forename that a nickname is short for; others stay."""
        return self.nicknames.get(forename, forename)

    def is_demonym(self, noun: str) -> bool:
        """Whether a lower-case noun means somebody by where he is from: the Dane."""
        return noun in self._demonyms

    def title_of(self, word: str) -> str:
        """The long form of a lower-case title, with or without its dot: sen -> senator; "" for other words."""
        return self.titles.get(word) or self.titles.get(word + ".", "")

    def is_title(self, word: str) -> bool:
        """Whether a lower-case word is a title, with or without its dot."""
        return word in self.titles or word + "." in self.titles

    def noun_gender(self, noun: str) -> str:
        """What a lower-case noun tells of the gender of the person it means: "m", "f" or ""."""
        of_ending = "f" if noun.endswith("woman") else "m" if noun.endswith("man") else ""
        return self.person_nouns.get(noun, "") or of_ending


@lru_cache(maxsize=_KEPT)
def lexicon_of(rules: RuleFiles) -> Lexicon:
    """The words of some rule files; the same object for equal files."""
    return Lexicon(rules)
