"""The parts of the encoder that are not trained: features, windows, decoding, calibration."""

from pathlib import Path

import en_claimx_news
import numpy as np
import pytest

from claimx.pipeline.encoder.calibration import TRAITS, Calibration
from claimx.pipeline.encoder.cues import CueCandidate, find_cues
from claimx.pipeline.encoder.decoding import DecodedClaim, Decoder, find_spans
from claimx.pipeline.encoder.features import features, load_tokenizer
from claimx.pipeline.encoder.sections import MARGIN, sections
from claimx.pipeline.encoder.tags import ENTITY_TAGS, FLAT_TAGS, LINK_TAGS
from claimx.pipeline.encoder.windows import windows
from claimx.pipeline.quotations.marks import find_quotations


@pytest.fixture(scope="module")
def read():
    [path] = Path(en_claimx_news.__file__).parent.glob("*/claimx_attribution/tokenizer.json")
    tokenizer = load_tokenizer(path.read_bytes())
    return lambda text: features(text, tokenizer, find_quotations(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The bridge is safe.", ["The", "bridge", "is", "safe", "."]),
        ("“It’s well-kept,” she said.", ["“", "It’s", "well-kept", ",", "”", "she", "said", "."]),
        ("\ufeffZoë\u00a0paid £4.5m", ["Zoë", "paid", "£", "4.5m"]),
        ("\U0001f600 ok", ["\U0001f600", "ok"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_words_have_the_offsets_of_the_text(read, text, words):
    assert [text[start:end] for start, end in read(text).words] == words


def test_casing_quotation_and_paragraphs_are_features(read):
    found = read("Bridge closed\n\nAnn LEE said: “Go, ‘he’ said.”\n\nIt ended.")
    by_word = {
        found.text[start:end]: (int(found.case[i]), int(found.quote[i]), int(found.gap[i]))
        for (start, end), i in zip(found.words, found.first, strict=True)
    }
    assert by_word["Bridge"] == (1, 0, 3)  # title case, outside, first
    assert by_word["LEE"] == (2, 0, 1)  # upper case, spaced
    assert by_word["said"][1] == 1  # the second "said" stands inside
    assert (by_word["“"][1], by_word["”"][1]) == (2, 3)
    assert by_word["he"][1] == 4  # nested
    assert by_word["It"][2] == 2  # a new paragraph


def test_a_line_break_in_wrapped_text_is_no_paragraph(read):
    line = "The mayor said on Monday that the bridge would be closed to trucks and\n"
    found = read(f"{line * 4}\n{line * 4}")
    assert (found.gap == 2).sum() == 2  # the first paragraph, which is no headline, and the second


def test_a_text_without_a_headline_is_led_in(read):
    assert read("Ann Hale said no.").lead is not None
    assert read("Bridge to close\n\nAnn Hale said no.").lead is None


@pytest.mark.parametrize("text", ["字" * 3000, "a." * 3000, "x" * 10000, "“" * 3000, "1-" * 3000])
def test_no_word_is_too_long_for_a_window(read, text):
    found = read(text)
    for window in windows(found):
        stop = found.first[window.end] if window.end < len(found.first) else len(found.ids)
        assert stop - found.first[window.start] <= 512


@pytest.mark.parametrize("sentences", [1, 9, 20, 21, 60, 500])
def test_every_word_is_read_once_with_context_on_both_sides(read, sentences):
    found = read(" ".join(["The mayor said the bridge was closed to trucks."] * sentences))
    cut = windows(found, size=256, context=32)
    assert [word for window in cut for word in range(window.first, window.last)] == list(range(len(found.words)))
    for window in cut:
        assert window.start <= window.first < window.last <= window.end
        if window.first:
            assert 28 <= found.first[window.first] - found.first[window.start] <= 32
        if window.last < len(found.words):
            assert 28 <= found.first[window.end] - found.first[window.last] <= 32
            assert found.first[window.end] - found.first[window.start] <= 256


def test_a_cut_is_made_between_paragraphs_where_one_is_near(read):
    sentence = "The mayor said that the bridge was closed to trucks. "
    found = read("\n\n".join([sentence * 3] * 12))
    for window in windows(found)[1:]:
        assert found.gap[found.first[window.first]] == 2


def test_a_long_text_is_cut_between_paragraphs_outside_quotations(read):
    plain = "The mayor said that the bridge was closed to trucks."
    text = "\n\n".join([plain] * 10 + ["“It was closed."] + ["“It was closed again."] * 9 + ["“It is.”"] + [plain] * 40)
    cut = sections(read(text), find_quotations(text), size=100)
    words = np.concatenate([section.whole.words[section.first : section.last] for section in cut])
    assert (words == read(text).words).all()
    assert len(cut) > 3
    starts = [text[section.whole.words[section.first][0] :] for section in cut]
    assert all(start.startswith(("The mayor", "“It was closed.")) for start in starts)


@pytest.mark.parametrize("text", ["so " * 900, "“" + "so " * 900 + "”", "“no” " * 900])
def test_a_text_without_paragraphs_is_cut_too(read, text):
    cut = sections(read(text), find_quotations(text), size=100)
    assert sum(section.last - section.first for section in cut) == len(read(text).words)
    assert max(section.last - section.first for section in cut) <= 200
    assert max(len(section.features.words) for section in cut) <= 200 + 2 * MARGIN


def tagged(read, text: str, tags: str, cues: list[tuple[str, str, str]]):
    """Decode a text whose words have the flat `tags` (one letter a word: s, c, x for parts, else .).

    A cue is given as (its word, word of its source, words of its content).
    """
    found = read(text)
    words = [text[start:end] for start, end in found.words]
    flat = np.full((len(words), len(FLAT_TAGS)), 0.01)
    inside = {"s": 2, "c": 4, "x": 6, ".": 0}
    letters = [letter for letter in tags if letter != " "]
    for i, letter in enumerate(letters):
        begins = letter != "." and (i == 0 or letters[i - 1] != letter)
        flat[i, inside[letter] - begins] = 0.9
    candidates, links = [], []
    for cue, source, content in cues:
        at = words.index(cue)
        candidates.append(CueCandidate(at, at + 1, 0.9))
        link = np.full((len(words), len(LINK_TAGS)), 0.01)
        for i, word in enumerate(words):
            link[i, 2 if word in source.split() else 4 if word in content.split() else 0] = 0.9
        links.append(link)
    decoder = Decoder(found, flat, candidates, np.zeros(len(cues), int), np.array(links), find_quotations(text))
    return [
        (
            " / ".join(text[s:e] for s, e in claim.content),
            text[slice(*claim.cue)],
            claim.source and text[slice(*claim.source)],
        )
        for claim in decoder.claims()
    ]


@pytest.mark.parametrize(
    ("text", "tags", "cues", "expected"),
    [
        ("Ann said it rained .", "s c x x .", [("said", "Ann", "it rained")], [("it rained", "said", "Ann")]),
        (
            "“It rains,” Ann said. “It pours.”",
            "x x x x x s c . x x x x x",
            [("said", "Ann", "“ It rains , ” pours .")],
            [("“It rains,” / “It pours.”", "said", "Ann")],
        ),
        # two cues: each segment to the one that takes it
        (
            "Ann said yes and Bob denied guilt .",
            "s c x . s c x .",
            [("said", "Ann", "yes"), ("denied", "Bob", "guilt")],
            [("yes", "said", "Ann"), ("guilt", "denied", "Bob")],
        ),
        # a quotation is not torn, though one word of it was tagged as nothing
        (
            "Ann said “it rains and pours”.",
            "s c x x x . x x .",
            [("said", "Ann", "“ it rains pours ”")],
            [("“it rains and pours”", "said", "Ann")],
        ),
        # no source
        (
            "It is said that it rains .",
            ". . c x x x .",
            [("said", "-", "that it rains")],
            [("that it rains", "said", None)],
        ),
    ],
)
def test_decoding(read, text, tags, cues, expected):
    assert tagged(read, text, tags, cues) == expected


def test_cues_are_runs_of_likely_words():
    flat = np.zeros((6, len(FLAT_TAGS)))
    flat[:, 0] = 1
    flat[1, 3], flat[2, 4] = 0.9, 0.8  # has said
    flat[4, 3] = 0.3  # never likely enough
    assert [(cue.start, cue.end) for cue in find_cues(flat)] == [(1, 3)]


def test_names_are_runs_of_one_label():
    tags = ["B-PER", "I-PER", "O", "I-ORG", "B-ORG", "I-PER"]
    probabilities = np.eye(len(ENTITY_TAGS))[[ENTITY_TAGS.index(tag) for tag in tags]]
    assert find_spans(probabilities, ENTITY_TAGS) == [(0, 2, "PER"), (3, 4, "ORG"), (4, 5, "ORG"), (5, 6, "PER")]


def test_confidence_grows_with_the_certainty_of_every_part():
    calibrate = Calibration([1.0] * len(TRAITS), 0.0)

    def claim(cue, content, source):
        return DecodedClaim([(0, 1)], (2, 3), (4, 5), cue, content, source, "indirect")

    least = calibrate(claim(0.5, 0.5, 0.5))
    assert least == pytest.approx(0.5)
    assert all(calibrate(claim(*sure)) > least for sure in [(0.9, 0.5, 0.5), (0.5, 0.9, 0.5), (0.5, 0.5, 0.9)])
    assert 0 < calibrate(claim(0.0, 0.0, 0.0)) < calibrate(claim(1.0, 1.0, 1.0)) < 1


@pytest.mark.parametrize(
    ("text", "tags", "source"),
    [
        ("Ann Hale (D-Ward 4) said it rained .", "s s s s s . c x x .", "Ann Hale (D-Ward 4)"),
        ("Ann Hale (left) said it rained .", "s s s s s c x x .", "Ann Hale (left)"),
        ("(Ann Hale) said it rained .", ". s s . c x x .", "Ann Hale"),  # the bracket opens before the source
    ],
)
def test_a_source_ends_behind_its_closing_bracket(read, text, tags, source):
    inside = source.strip("()").replace("(", " ( ")
    [(_, _, found)] = tagged(read, text, tags, [("said", inside, "it rained")])
    assert found == source
