"""Statements that layout ascribes: (text, [(content, cue, source)]), in the order of the text."""

import pytest

from claimx.pipeline.attributions.layout import Layout, find_signed
from claimx.pipeline.quotations.marks import find_quotations
from claimx.pipeline.quotations.paragraphs import paragraphs
from claimx.rules import RuleFiles


def read(find, text):
    found = find(text, paragraphs(text), find_quotations(text))
    return [(text[slice(*a.content[0])], text[slice(*a.cue)], text[slice(*a.source)]) for a in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "DUNN: Is it closed?\n\nMAYOR HALE: Since May.\n\nDUNN: And why?",
            [("Is it closed?", ":", "DUNN"), ("Since May.", ":", "MAYOR HALE"), ("And why?", ":", "DUNN")],
        ),
        # a transcript that is quoted as a whole
        (
            "He told the radio:\n\n“DUNN: Is it closed?\n\n“HALE: Since May.”",
            [("Is it closed?", ":", "DUNN"), ("Since May.”", ":", "HALE")],
        ),
        # one paragraph makes no transcript, nor do labels
        ("NOTE: The road is closed.\n\nPHOTOS: The road in May.", []),
        ("Hale: The road is closed.\n\nIt was closed in May.", []),
    ],
)
def test_transcript_turns(text, expected):
    assert read(Layout().turns, text) == expected


def test_labels_are_those_of_the_rules():
    text = "Watch: The road is closed.\n\nHale: Since May.\n\nWatch: It is open.\n\nHale: No.\n\nHale: Never."
    assert {source for *_, source in read(Layout().turns, text)} == {"Hale"}
    none = Layout(RuleFiles({"words.json": '{"line_labels": []}'}))
    assert {source for *_, source in read(none.turns, text)} == {"Watch", "Hale"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“The road is closed.” — Ann Hale, driver", [("“The road is closed.”", "—", "Ann Hale, driver")]),
        ("“The road is closed.”\n\n― Ann Hale\n\nIt rained.", [("“The road is closed.”", "―", "Ann Hale")]),
        ("“The road is closed.” -- Ann Hale.", [("“The road is closed.”", "--", "Ann Hale")]),
        # words before the quotation, a scare quote, and a dash that goes on with the sentence sign nothing
        ("The sign read “The road is closed.” — Ann Hale", []),
        ("“Closed” — Ann Hale", []),
        ("“The road is closed” — and nobody knows when it will open.", []),
    ],
)
def test_signed_quotations(text, expected):
    assert read(find_signed, text) == expected
