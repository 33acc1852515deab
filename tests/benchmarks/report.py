"""How fast a report of many articles opens and filters in Chromium: python tests/benchmarks/report.py [COUNT]"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from browser import open_browser
from made_articles import made

import claimx
from claimx.schema import Reading
from claimx.writers import save

#: From the start of loading until the table is drawn; from a key until the table is drawn again.
_OPENED = "return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
_FILTER = """
const [words, done] = arguments, field = document.querySelector('#q'), section = document.querySelector('#view-claims');
const start = performance.now();
new MutationObserver((_, observer) => {
  observer.disconnect();
  section.offsetHeight;
  requestAnimationFrame(() => done(performance.now() - start));
}).observe(section, {childList: true});
field.value = words;
field.dispatchEvent(new Event('input'));
"""
_SORT = """
const start = performance.now();
document.querySelector('#view-claims th button').click();
document.querySelector('#view-claims').offsetHeight;
return performance.now() - start;
"""


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    nlp = claimx.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        begun = time.perf_counter()
        save(_readings(nlp, wanted), str(path), many=True)
        print(f"{wanted} articles: {path.stat().st_size / 1e6:.1f} MB, made in {time.perf_counter() - begun:.0f} s")
        browser = open_browser()
        try:
            opened, first, later, sort = [], [], [], []
            for _ in range(5):
                browser.get("about:blank")
                browser.get(path.as_uri())
                opened.append(browser.execute_script(_OPENED))
                first.append(browser.execute_async_script(_FILTER, "said the"))
                later.append(browser.execute_async_script(_FILTER, "bridge"))
                browser.execute_async_script(_FILTER, "")
                sort.append(browser.execute_script(_SORT))
        finally:
            browser.quit()
    for name, values in (("opens", opened), ("first filter", first), ("later filters", later), ("sorts", sort)):
        print(f"{name}: {statistics.median(values):.0f} ms (slowest of five {max(values):.0f})")


def _readings(nlp, wanted: int):
    for number, text in enumerate(made(wanted)):
        yield Reading(claimx.extract(text, nlp=nlp, id=f"article-{number}", title=text.split("\n")[0]), text)


if __name__ == "__main__":
    main()
