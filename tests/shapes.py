"""Texts of every shape and length, made by code: ordinary news, and what nobody would call news."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice

from made_articles import made

_RANDOM = 7


def _repeat(piece: str) -> Callable[[int], str]:
    return lambda length: (piece * (length // len(piece) + 1))[:length]


def ordinary(length: int) -> str:
    """Articles of `tests/made_articles.py`, one after another."""
    parts, size = [], 0
    for text in made(length // 1000 + 1):
        parts.append(text)
        size += len(text) + 2
        if size >= length:
            break
    return "\n\n".join(parts)[:length]


def one_line(length: int) -> str:
    return " ".join(ordinary(length).split())


def capitals(length: int) -> str:
    return ordinary(length).upper()


def no_capitals(length: int) -> str:
    return ordinary(length).lower()


def one_sentence(length: int) -> str:
    return _repeat("the mayor of the town and the head of the board, who spoke to the men near the old mill, and ")(
        length
    )


def many_people(length: int) -> str:
    """Every sentence has a person of its own."""
    syllables = [
        "ba",
        "do",
        "ki",
        "lu",
        "mer",
        "nov",
        "pal",
        "ros",
        "sel",
        "tan",
        "vor",
        "wim",
        "zed",
        "har",
        "gil",
        "fen",
    ]

    def name(number: int) -> str:
        made = ""
        for _ in range(4):
            number, rest = divmod(number, len(syllables))
            made += syllables[rest]
        return made.capitalize()

    def sentences() -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield f"{name(number)} {name(number * 7 + 3)} said the road was closed.\n\n"

    return "".join(islice(sentences(), length // 45 + 1))[:length]


def one_name(length: int) -> str:
    return _repeat("Hale said no. Ann Hale said yes. ")(length)


def transcript(length: int) -> str:
    return _repeat("MODERATOR: What do you think of the plan?\nSEN. ANN HALE: I think it is wrong, and I said so.\n")(
        length
    )


def table(length: int) -> str:
    return _repeat("| Town | 2023 | 2024 | Change |\n| Northfield\t12.5 | 13.1 | +4.8% |\n")(length)


def lyrics(length: int) -> str:
    return _repeat("Oh, the river runs\nand the river said\nlay down your head\n\n")(length)


def nested(length: int) -> str:
    half = length // 4
    return "“‘" * half + "’”" * half


def unclosed_paragraphs(length: int) -> str:
    return _repeat("“The bridge is safe and it will stay open, Ann Hale said.\n\n")(length)


def continued_paragraphs(length: int) -> str:
    """One quotation over all paragraphs, each of which opens with a mark again."""
    return _repeat("“The bridge is safe, and it will stay open.\n\n")(length - 30) + "“That is all,” Ann Hale said."


def random_marks(length: int) -> str:
    return "".join(random.Random(_RANDOM).choices("“”‘’\"'«»„ a.\n", k=length))


def random_text(length: int) -> str:
    """Code points from everywhere but surrogates and NUL."""
    chosen = random.Random(_RANDOM)
    return "".join(
        chr(c if not 0xD800 <= c < 0xE000 else 0x20) for c in (chosen.randrange(1, 0x110000) for _ in range(length))
    )


SHAPES: dict[str, Callable[[int], str]] = {
    "ordinary": ordinary,
    "one line": one_line,
    "capitals": capitals,
    "no capitals": no_capitals,
    "one sentence": one_sentence,
    "many people": many_people,
    "one name": one_name,
    "transcript": transcript,
    "table": table,
    "lyrics": lyrics,
    "straight marks": _repeat('"'),
    "opening marks": _repeat("“"),
    "closing marks": _repeat("”"),
    "single marks": _repeat("'"),
    "guillemets": _repeat("«»"),
    "marks and letters": _repeat('"a" '),
    "marks of all sorts": random_marks,
    "nested marks": nested,
    "unclosed paragraphs": unclosed_paragraphs,
    "continued paragraphs": continued_paragraphs,
    "tiny paragraphs": _repeat("a\n\n"),
    "line ends": _repeat("\n"),
    "blanks": _repeat(" "),
    "one word": _repeat("a"),
    "one number": _repeat("7"),
    "full stops": _repeat("."),
    "brackets": _repeat("("),
    "hyphens": _repeat("a-"),
    "apostrophes": _repeat("o'o"),
    "address": _repeat("http://a.b/c?d="),
    "said": _repeat("said "),
    "he said that": _repeat("he said that "),
    "quoted words": _repeat("“Yes,” he said. "),
    "emoji": _repeat("🚒👩‍🚒🏳️‍🌈 "),
    "combining marks": _repeat("a" + "\u0301" * 40),
    "zero width": _repeat("a\u200b"),
    "no-break spaces": _repeat("a\u00a0b\u202fc "),
    "bidi": _repeat("\u202ea\u202c\u2066b\u2069"),
    "controls": _repeat("a\x01\x02\x1b[31m"),
    "chinese": _repeat("市长说，桥是安全的。“我们会开放它，”他说。"),
    "arabic": _repeat("قال رئيس البلدية إن الجسر آمن. "),
    "thai": _repeat("นายกเทศมนตรีกล่าวว่าสะพานปลอดภัย"),
    "hindi": _repeat("मेयर ने कहा कि पुल सुरक्षित है। "),
    "german": _repeat("„Die Brücke ist sicher“, sagte Frau Möller. "),
    "anything": random_text,
}
