"""The documentation says what the program does."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from docs import ARTICLE, DOCS, reference_of
from spacy import displacy

import claimx
from claimx.cli import main
from claimx.writers import FORMATS

README = DOCS.parent.parent / "README.md"


@pytest.mark.parametrize("name", list(main.commands))
def test_the_reference_is_what_help_says(name):
    assert (DOCS / "reference" / f"{name}.md").read_text("utf-8") == reference_of(name)


def test_the_reference_holds_help_word_for_word():
    """As a user sees it, in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "claimx", "extract", "--help"], capture_output=True, text=True)
    page = " ".join((DOCS / "reference" / "extract.md").read_text("utf-8").split())
    assert " ".join(done.stdout.split()).replace("python -m claimx", "claimx") in page


def test_every_format_and_command_is_documented():
    formats = (DOCS / "formats.md").read_text("utf-8")
    assert [name for name in FORMATS if f"`{name}`" not in formats] == []
    readme = README.read_text("utf-8")
    assert [name for name in main.commands if f"claimx {name}" not in readme] == []
    assert [name for name in main.commands if f"reference/{name}.md" not in readme] == []


@pytest.mark.parametrize("page", [README, *sorted(DOCS.glob("*.md"))], ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)|<img[^>]*src=\"([^\"]+)\"", page.read_text("utf-8")):
        target = "".join(target)
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_the_worked_article_is_decided_as_the_page_says(nlp):
    page = (DOCS / "how-it-decides.md").read_text("utf-8")
    text = ARTICLE.read_text("utf-8")
    assert text.strip() in page
    extraction = claimx.extract(text, nlp=nlp, explain=True)
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", page, flags=re.MULTILINE)
    shown = [row for row in rows if row[0].isdigit()]
    assert len(shown) == len(extraction.claims)
    for (_, cue, content, speaker, rule), claim in zip(shown, extraction.claims, strict=True):
        assert (cue, content) == (claim.cue.text, claim.text)
        assert speaker == extraction.speaker_of(claim).name
        assert rule.split(",")[0] == claim.evidence.rule


def test_the_python_of_the_readme_runs(tmp_path, monkeypatch, capsys):
    """Block by block, in one namespace, as somebody would paste it into a notebook."""
    ipython = ModuleType("IPython.display")  # which a notebook brings
    ipython.IFrame = lambda src, width, height: (Path(src).read_text("utf-8"), width, height)
    monkeypatch.setitem(sys.modules, "IPython", ModuleType("IPython"))
    monkeypatch.setitem(sys.modules, "IPython.display", ipython)
    served, shown = [], []
    monkeypatch.setattr("spacy.displacy.serve", lambda doc, **options: served.append(displacy.render(doc, **options)))
    monkeypatch.chdir(tmp_path)
    shutil.copy(ARTICLE, tmp_path / "article.txt")
    readme = README.read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL)
    assert len(blocks) >= 5
    namespace = {"display": lambda *things: shown.extend(things)}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), namespace)
    claims, frame = shown
    assert len(claims) == len(claimx.extract(ARTICLE.read_text("utf-8")).claims) + 1
    assert frame[0].startswith("<!")
    assert "CONTENT" in served[0]
    assert "went on record that" in capsys.readouterr().out


def test_the_example_of_rules_is_one(tmp_path):
    from claimx.user_rules import read_rules

    [example] = re.findall(r"```toml\n(\[cues\].*?)```", README.read_text("utf-8"), flags=re.DOTALL)
    (tmp_path / "my.toml").write_text(example, encoding="utf-8")
    assert read_rules(tmp_path / "my.toml").cues.assertion
