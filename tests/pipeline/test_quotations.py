"""Quotations are found by their marks alone: (text, [quotations, nested ones after their outer one])."""

import pytest
import spacy

from claimx.pipeline.quotations.marks import find_quotations


def found(text):
    return [text[q.start : q.end] for q in find_quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It is safe,” he said. “For now.”", ["“It is safe,”", "“For now.”"]),
        ('"It is safe," he said. "For now."', ['"It is safe,"', '"For now."']),
        ("‘It is safe,’ he said. ‘For now.’", ["‘It is safe,’", "‘For now.’"]),
        ("'It is safe,' he said. 'For now.'", ["'It is safe,'", "'For now.'"]),
        ("``It is safe,'' he said. ''For now.''", ["``It is safe,''", "''For now.''"]),
        ("«It is safe», he said.", ["«It is safe»"]),
        ("»It is safe«, he said.", ["»It is safe«"]),
        ("„It is safe“, he said. „For now”, she said.", ["„It is safe“", "„For now”"]),
        ('“It is safe," he said. "For now.”', ['“It is safe,"', '"For now.”']),
        ('" It is safe , " he said .', ['" It is safe , "']),
        ("He called it “a mess” and “a joke”.", ["“a mess”", "“a joke”"]),
    ],
)
def test_marks_of_all_styles(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The farmers' market won't open, the Joneses' son said.",
        "'Tis the season, and the '90s are back: rock 'n' roll, get 'em while you can.",
        "Goin' home to James' house o' mud.",
        'He is 6\'2" tall and jumped 5\'10" from a 12" pipe.',
        "The farmers’ market won’t open, the Joneses’ son said, ’cause it’s ’90s day.",
    ],
)
def test_apostrophes_and_inches_are_no_marks(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("‘The farmers’ market is open,’ he said.", ["‘The farmers’ market is open,’"]),
        ("'The farmers' market won't open,' he said.", ["'The farmers' market won't open,'"]),
        ("'Goin' home,' he said, 'is nice.'", ["'Goin' home,'", "'is nice.'"]),
        ('"He is 6\'2" tall," she said. "Yes."', ['"He is 6\'2" tall,"', '"Yes."']),
    ],
)
def test_apostrophes_inside_quotations_do_not_close_them(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“He told me ‘no’ twice,” she said.", ["“He told me ‘no’ twice,”", "‘no’"]),
        ("‘He told me “no” twice,’ she said.", ["‘He told me “no” twice,’", "“no”"]),
        ("“‘Stop,’ he said. ‘Now.’”", ["“‘Stop,’ he said. ‘Now.’”", "‘Stop,’", "‘Now.’"]),
        ('"I told him "go away" and left," she said.', ['"I told him "go away" and left,"', '"go away"']),
        ("“I went to the [farmers’] market … twice,” she said.", ["“I went to the [farmers’] market … twice,”"]),
    ],
)
def test_nested_marks(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“One.\n\n“Two.\n\n“Three,” he said.", ["“One.", "“Two.", "“Three,”"]),
        ("‘One.\n\n‘Two,’ he said.", ["‘One.", "‘Two,’"]),
        ("“One.\nNo mark here.\n“Two,” he said.", ["“Two,”"]),
        ("He never closed “the door.\n\nShe did: “Shut.”", ["“Shut.”"]),
        ("“Never closed. Then “closed” and more.", ["“closed”"]),
        ("", []),
        ("“", []),
        ("”", []),
    ],
)
def test_unclosed_marks_swallow_nothing_unless_the_next_paragraph_opens_again(text, expected):
    assert found(text) == expected


def test_pieces_over_paragraphs_share_a_group():
    pieces = find_quotations("“One.\n\n“Two.\n\n“Three,” he said. “Four.”")
    assert [piece.group == pieces[0].group for piece in pieces] == [True, True, True, False]
    assert [piece.closed for piece in pieces] == [False, False, True, True]


def test_hard_wrapped_lines_are_one_paragraph():
    text = (
        "“It was a long road and we walked every mile of it with the\n"
        "children on our backs and the old people in the one cart that\n"
        "still had two wheels,” said the woman who had led them over the\n"
        "pass.\n\nThe second paragraph follows here and it is wrapped at the same\nwidth as the first one."
    )
    assert len(found(text)) == 1


def test_component_needs_no_model():
    nlp = spacy.blank("en")
    nlp.add_pipe("claimx_quotations")
    doc = nlp("“It is safe,” he said.")
    assert [span.text for span in doc.spans["claimx_quotations"]] == ["“It is safe,”"]
    assert doc._.claimx_quotations[0].end == 13


@pytest.mark.parametrize("mark", ["“", '"', "'", "''", "‘", "«"])
def test_any_number_of_marks_is_read(mark):
    assert isinstance(find_quotations(f"{mark} a" * 3000), list)
