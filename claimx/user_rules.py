"""Rules of one's own in a TOML file: cues, titles, names, and what to leave alone.

[cues]                                      # words and phrases that ascribe, in any form of their first word
assertion = ["crow", "go on record that"]   # likewise belief, fact, eventuality
[titles]
words = ["lord provost", "oba"]             # before a name; they are roles
[names]
apart = [["Ann Hale", "Anne Hale"]]         # never one person
[names.merge]
"Bill Gates" = ["William Gates"]            # one, under the first name
[ignore]
patterns = ["Read more:.*"]                 # regular expressions; no claim touches what they match
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from claimx.errors import ConfigError
from claimx.toml_files import line_of, read_toml


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is not a regular expression ({error})") from error
    return pattern


Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Pattern = Annotated[str, StringConstraints(min_length=1), AfterValidator(_compiles)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CueRules(_Table):
    """Cues by the attribution type of the claims that they make."""

    assertion: list[Phrase] = []
    belief: list[Phrase] = []
    fact: list[Phrase] = []
    eventuality: list[Phrase] = []


class TitleRules(_Table):
    words: list[Phrase] = []


class NameRules(_Table):
    merge: dict[Phrase, list[Phrase]] = {}
    apart: list[Annotated[list[Phrase], Field(min_length=2)]] = []


class IgnoreRules(_Table):
    patterns: list[Pattern] = []


class UserRules(_Table):
    """What a file of rules says; all of it may be left out."""

    cues: CueRules = CueRules()
    titles: TitleRules = TitleRules()
    names: NameRules = NameRules()
    ignore: IgnoreRules = IgnoreRules()


def read_rules(path: str | Path) -> UserRules:
    """Read a file of rules. Raises `ConfigError`, which names the line and the key of what is wrong."""
    content, text = read_toml(Path(path))
    try:
        return UserRules.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        keys, value = first["loc"], first["input"]
        keys = [key for key in keys if key != "[key]"]
        why = _WHY.get(first["type"]) or first["msg"].removeprefix("Value error, ")
        shown = ".".join(str(key) for key in keys if isinstance(key, str))
        raise ConfigError.bad_value(str(path), line_of(text, keys, value), shown, why) from error


_WHY = {
    "extra_forbidden": "is no key of a file of rules",
    "list_type": "must be a list of words in quotation marks",
    "string_type": "must be a word or a phrase in quotation marks",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "string_too_short": "is empty",
    "too_short": "needs two names and more",
}
