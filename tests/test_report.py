"""The HTML report: what it holds, and in a browser how it behaves."""

import io
import json
import re

import pytest
from browser import open_browser
from conftest import articles
from lxml import html

import claimx
from claimx.schema import Reading
from claimx.writers.html import to_html, write_html

HOSTILE = (
    "<script>window.hacked=1</script> “<img src=x onerror=window.hacked=2> is safe,” engineer "
    'Tomas <b onmouseover="window.hacked=3">Lindqvist</b> said. “</script><script>window.hacked=4</script>,” '
    'Ann "><svg onload=window.hacked=5> Hale said. “<!--<script>” Bo Hill said. '
    "“{{7*7}} &lt;b&gt; javascript:alert(1)” said Al </pre></article>-->Green."
)


def reading_of(nlp, text, **options) -> Reading:
    return Reading(claimx.extract(text, nlp=nlp, **options), text)


@pytest.fixture(scope="module")
def readings(nlp):
    return [reading_of(nlp, text, id=name, title=name.replace("-", " ").title()) for name, text, _ in articles()]


@pytest.fixture(scope="module")
def hostile(nlp):
    evil = "</title><script>window.hacked=6</script>"
    return reading_of(nlp, HOSTILE, id="a'\"><script>window.hacked=7</script>", title=evil, url="javascript:hacked=8")


def test_the_page_holds_the_article_word_for_word(readings):
    for reading in readings:
        page = html.fromstring(to_html([reading]))
        paragraphs = ["".join(p.itertext()) for p in page.cssselect(".text p")]
        assert len(paragraphs) > 8 and paragraphs == re.split(r"\n\s*\n", reading.text)
        assert "".join("".join(paragraphs).split()) == "".join(reading.text.split())


def test_every_part_of_every_claim_is_marked(readings):
    for reading in readings:
        page, extraction = html.fromstring(to_html([reading])), reading.extraction
        for claim in extraction.claims:
            nodes = [node for node in page.cssselect("[data-c]") if claim.id in node.get("data-c").split()]
            marked = "".join("".join("".join(n.itertext()) for n in nodes).split())
            parts = [
                *claim.spans,
                *(claim.cue.spans if claim.cue else ()),
                *(claim.source.spans if claim.source else ()),
            ]
            assert marked == "".join("".join(reading.text[start:end] for start, end in sorted(parts)).split())


def test_a_page_of_a_thousand_words_is_small(nlp):
    text, words = "", 0
    for _, article, _ in articles() * 3:
        if words < 1000:
            text, words = f"{text}{article}\n\n", words + len(article.split())
    assert 1000 <= words < 2000
    assert len(to_html([reading_of(nlp, text)]).encode()) < 200_000


def test_nothing_is_fetched(readings):
    page = to_html(readings)
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//|url\(|@import|fetch\(|XMLHttpRequest""", page)


def test_reports_are_the_same_bytes_each_time(readings):
    assert to_html(readings) == to_html(readings)


def test_articles_are_written_as_they_come(readings):
    """A report of many does not hold them all."""
    stream, lengths = io.StringIO(), []

    def source():
        for reading in readings:
            lengths.append(len(stream.getvalue()))
            yield reading

    write_html(source(), stream)
    assert lengths[2] < lengths[3] < lengths[4]


def test_no_articles_make_a_report_that_says_so(nlp):
    assert "claimx report" in to_html([], many=True)
    assert "no claims" in to_html([reading_of(nlp, "Nothing.")])


def test_no_markup_of_an_article_is_markup_of_the_page(hostile, readings):
    for page in (to_html([hostile]), to_html([hostile, readings[0]])):
        tree = html.fromstring(page)
        scripts = [s for s in tree.iter("script") if s.get("type") is None]
        assert len(scripts) == 1 and "hacked" not in scripts[0].text
        assert not tree.cssselect("img, svg, [onload], [onerror], [onmouseover]")
        assert not [a for a in tree.iter("a") if (a.get("href") or "").startswith("javascript")]
        index = json.loads(tree.get_element_by_id("index").text)
        assert index["articles"][0][0] == hostile.extraction.id


# ---- in a browser ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    driver = open_browser()
    yield driver
    driver.quit()


@pytest.fixture
def page(browser, tmp_path):
    """A function that opens a report; in the end the console must be silent, and nothing asked for but the file."""

    def go(readings, fragment="", **options):
        browser.get_log("browser"), browser.get_log("performance")
        path = tmp_path / "report.html"
        with open(path, "w", encoding="utf-8", newline="") as stream:
            write_html(readings, stream, **options)
        browser.get("about:blank")
        browser.get(f"{path.as_uri()}{fragment}")
        return browser

    yield go
    assert [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")] == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = {e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"}
    assert {url for url in asked if not url.startswith((tmp_path.as_uri(), "data:", "about:"))} == set()


def css(browser, selector):
    return browser.find_elements("css selector", selector)


def press(browser, *keys):
    from selenium.webdriver import ActionChains

    ActionChains(browser).send_keys(*keys).perform()


def search(browser, words):
    from selenium.webdriver.support.wait import WebDriverWait

    field = css(browser, "#q")[0]
    before = css(browser, ".status")[0].text
    field.clear()
    field.send_keys(words)
    WebDriverWait(browser, 5).until(lambda b: css(b, ".status")[0].text != before)


def shown(browser) -> set[str]:
    """The ids of the claims that are highlighted."""
    nodes = css(browser, "mark[data-c]:not(.off)")
    return {id for node in nodes for id in node.get_attribute("data-c").split()}


def test_a_speaker_filters_the_claims(page, readings):
    browser = page(readings[2:3])
    extraction = readings[2].extraction
    speaker = extraction.speakers[0]
    assert shown(browser) == {claim.id for claim in extraction.claims}
    button = css(browser, f'.speakers button[data-s="{speaker.id}"]')[0]
    button.click()
    own = {claim.id for claim in extraction.claims if claim.speaker == speaker.id}
    assert shown(browser) == own and button.get_attribute("aria-pressed") == "true"
    assert css(browser, ".status")[0].text == f"{len(own)} of {len(extraction.claims)} claims"
    button.click()
    assert len(shown(browser)) == len(extraction.claims)


def test_kinds_filter_the_claims(page, readings):
    browser = page(readings[2:3])
    css(browser, '.kinds input[value="indirect"]')[0].click()
    extraction = readings[2].extraction
    assert shown(browser) == {claim.id for claim in extraction.claims if claim.kind != "indirect"}


def test_pointing_at_a_claim_tells_who_says_it(page, readings):
    from selenium.webdriver import ActionChains

    browser, extraction = page(readings[2:3]), readings[2].extraction
    for claim in extraction.claims[:4]:
        mark = next(m for m in css(browser, "mark") if claim.id in m.get_attribute("data-c").split())
        heading = css(browser, "h2")[0]
        ActionChains(browser).move_to_element(heading).move_to_element(mark).perform()
        [card] = css(browser, "#card")
        speaker = extraction.speaker_of(claim)
        assert speaker.name in card.text and f"{claim.kind} {claim.type}" in card.text and "0.9" in card.text
        for affiliation in speaker.affiliations:
            assert affiliation.role in card.text
        rectangle, width = card.rect, browser.execute_script("return document.documentElement.clientWidth")
        assert rectangle["x"] >= 0 and rectangle["x"] + rectangle["width"] <= width


def test_search_finds_words_of_claims_and_speakers(page, readings):
    browser, extraction = page(readings[2:3]), readings[2].extraction
    search(browser, "BRANDT")
    named = {s.id for s in extraction.speakers if s.name == "Ada Brandt"}
    assert {claim.id for claim in extraction.claims if claim.speaker in named} <= shown(browser)
    search(browser, "calendar picture")
    assert len(shown(browser)) == 1
    press(browser, "\ue00c")  # Escape
    assert len(shown(browser)) == len(extraction.claims)


def test_what_is_negated_and_who_is_doubtful_are_seen_and_found(page, readings):
    reading = readings[2]
    extraction = reading.extraction.model_copy(deep=True)
    for n, claim in enumerate(extraction.claims):
        claim.negated, claim.speaker_confidence = n == 1, 0.6 if n == 1 else 0.9
    browser = page([Reading(extraction, reading.text)])
    before = "return [...document.querySelectorAll('mark')].map(m => getComputedStyle(m, '::before').content)"
    assert browser.execute_script(before).count('"negated"') == 1
    press(browser, "j", "j")
    assert "negated" in css(browser, "#card")[0].text and "60%" in css(browser, "#card")[0].text
    browser.execute_script("location.hash = 'claims'")
    [tag], [doubt] = css(browser, "#view-claims .tag"), css(browser, "#view-claims .doubt")
    assert (tag.text, doubt.text) == ("negated", "60%")
    search(browser, "negated")
    assert len(css(browser, "#view-claims tbody tr")) == 1


def test_the_keyboard_does_it_all(page, readings):
    browser, claims = page(readings[2:3]), readings[2].extraction.claims
    press(browser, "j", "j")
    active = browser.switch_to.active_element
    assert active.get_attribute("data-c").split()[-1] == claims[1].id
    assert css(browser, "#card")[0].is_displayed()
    assert active.get_attribute("aria-describedby") == "card"
    press(browser, "k")
    assert browser.switch_to.active_element.get_attribute("data-c") == claims[0].id
    press(browser, "\ue00c")
    assert not css(browser, "#card")[0].is_displayed()
    press(browser, "/")
    assert browser.switch_to.active_element.get_attribute("id") == "q"
    press(browser, "jj")
    assert css(browser, "#q")[0].get_attribute("value") == "jj"


def test_the_index_sorts_filters_and_leads_to_the_claim(page, readings):
    browser = page(readings)
    total = sum(len(reading.extraction.claims) for reading in readings)
    assert css(browser, ".status")[0].text == f"{total} claims"
    first = "#view-claims tbody tr td:first-child"

    def names():
        return browser.execute_script(f"return [...document.querySelectorAll('{first}')].map(c => c.firstChild.data)")

    assert len(names()) == total
    css(browser, "#view-claims th button")[0].click()
    ascending = names()
    known = [name for name in ascending if name != "—"]
    assert known == ascending[: len(known)]  # who is not known comes last
    assert known == browser.execute_script("return arguments[0].slice().sort(new Intl.Collator('en').compare)", known)
    assert css(browser, "#view-claims th")[0].get_attribute("aria-sort") == "ascending"
    css(browser, "#view-claims th button")[0].click()
    assert names()[0] == ascending[-1]
    search(browser, "calendar")
    [link] = css(browser, "#view-claims td.said a")
    link.click()
    assert css(browser, "#view-article h2")[0].text == "Harbor Bridge"
    assert "calendar" in browser.switch_to.active_element.text
    assert css(browser, "#card")[0].is_displayed()


def test_speakers_of_all_articles_lead_to_their_claims(page, readings):
    browser = page(readings, "#speakers")
    rows = css(browser, "#view-speakers tbody tr")
    counts = [int(row.find_elements("css selector", "td")[3].text) for row in rows]
    assert counts == sorted(counts, reverse=True)
    button = rows[0].find_element("css selector", "button")
    name = button.text
    button.click()
    found = css(browser, "#view-claims tbody tr")
    assert len(found) == counts[0] and all(row.text.startswith(name) for row in found)
    css(browser, ".chip")[0].click()
    assert len(css(browser, "#view-claims tbody tr")) == sum(len(reading.extraction.claims) for reading in readings)


def test_a_long_table_shows_more_when_asked(page, readings):
    browser = page(readings * 3)
    assert len(css(browser, "#view-claims tbody tr")) == 200
    css(browser, ".more")[0].click()
    assert len(css(browser, "#view-claims tbody tr")) > 300
    assert not css(browser, ".more")[0].is_displayed()


@pytest.mark.parametrize("many", [False, True])
def test_a_hostile_article_executes_nothing(page, hostile, many):
    from selenium.webdriver import ActionChains

    browser = page([hostile], "#a0", many=many)
    assert "<script>window.hacked=1</script>" in css(browser, ".text")[0].text
    for mark in css(browser, "mark, .src"):
        ActionChains(browser).move_to_element(mark).perform()
    press(browser, "j", "j", "j")
    for view in ("claims", "speakers", "articles"):
        browser.execute_script(f"location.hash = '{view}'")
        for n in range(len(css(browser, f"#view-{view} th button"))):
            css(browser, f"#view-{view} th button")[n].click()
    assert browser.execute_script("return window.hacked === undefined")
    assert css(browser, "img, svg") == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("fragment", ["", "#claims", "#speakers"])
def test_accessibility(page, readings, theme, fragment):
    """axe-core's rules of WCAG 2 A and AA, contrast among them."""
    from axe_core_python.selenium import Axe

    browser = page(readings[2:3] if not fragment else readings[2:4], fragment)
    browser.execute_script(f"document.documentElement.dataset.theme = '{theme}'")
    if not fragment:
        press(browser, "j")
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    found = Axe().run(browser, options=rules)
    assert [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found["violations"]] == []
    assert any(rule["id"] == "color-contrast" for rule in found["passes"])


def test_every_hue_is_readable(page, readings):
    """Contrast of at least 4.5 (text on marks, sources on the page), whatever the speaker's colour."""
    browser = page(readings[2:3])
    script = """
      const mark = document.querySelector('mark[style]'), source = document.querySelector('.src[style]');
      mark.style.transition = 'none';
      const numbers = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
      const found = [];
      for (let hue = 0; hue < 360; hue++) {
        for (const node of [mark, source]) node.style.setProperty('--h', hue);
        const page = getComputedStyle(document.body);
        found.push([getComputedStyle(mark).color, getComputedStyle(mark).backgroundColor,
                    getComputedStyle(source).color, page.backgroundColor].map(numbers));
      }
      return found;"""
    for theme in ("light", "dark"):
        browser.execute_script(f"document.documentElement.dataset.theme = '{theme}'")
        for text, back, source, paper in browser.execute_script(script):
            assert contrast(text, back) >= 4.5 and contrast(source, paper) >= 4.5


def contrast(a, b) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""

    def luminance(colour):
        parts = [c / 255 for c in colour]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_print_and_narrow_pages_keep_the_article(browser, page, readings):
    browser = page(readings[2:3])
    browser.set_window_size(380, 800)
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    browser.set_window_size(1200, 900)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not css(browser, ".bar")[0].is_displayed() and css(browser, ".text")[0].is_displayed()
        after = "return getComputedStyle(document.querySelector('mark[data-who]'), '::after').content"
        assert "Lindqvist" in browser.execute_script(after)
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_motion_is_only_for_those_who_like_it(browser, page, readings):
    browser = page(readings[2:3])
    style = "return getComputedStyle(document.querySelector('mark')).transitionDuration"
    for preference, wanted in (("reduce", {"0s"}), ("no-preference", {"0.15s"})):
        features = [{"name": "prefers-reduced-motion", "value": preference}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        assert set(browser.execute_script(style).split(", ")) == wanted
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
