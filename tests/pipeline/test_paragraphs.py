import pytest

from claimx.pipeline.quotations.paragraphs import paragraphs

WRAPPED = (
    "The council met on Tuesday evening to discuss the repairs that the\n"
    "engineers had asked for, and it put off the decision again until the\n"
    "survey is finished in June or later.\n\n"
    "Nobody spoke against the motion, which passed with eight votes and\n"
    "one abstention."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\nTwo.", ["One.", "Two."]),
        ("  One. \n\n\n \n Two.\n", ["One.", "Two."]),
        ("", []),
        (" \n\t\n", []),
        (WRAPPED, WRAPPED.split("\n\n")),
    ],
)
def test_paragraphs(text, expected):
    assert [text[start:end] for start, end in paragraphs(text)] == expected
