"""Makes what in ``claimx/docs`` comes from the program: the reference of the commands, and the pictures.

python tests/docs.py             # the reference; a test checks that it is up to date
python tests/docs.py --pictures  # the pictures, too (needs Chromium with chromedriver)
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path

import click
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))

from claimx.cli import main
from claimx.cli.settings import options_of

DOCS = Path(__file__).parent.parent / "claimx" / "docs"
ARTICLE, SHORT = DOCS / "ferry.txt", DOCS / "bridge.txt"
LONG = Path(__file__).parent / "articles" / "harbor-bridge.txt"


def reference_of(name: str) -> str:
    """The page of a command: its help word for word, and how its options are set otherwise."""
    command = main.commands[name]
    help = CliRunner().invoke(main, ["--config", "none", name, "--help"], prog_name="claimx", terminal_width=100).output
    page = [
        f"# claimx {name}",
        "",
        "Made by `python tests/docs.py` from the command itself.",
        "",
        "```text",
        help.rstrip(),
        "```",
    ]
    if name not in ("config", "schema"):
        page += ["", "| option | in claimx.toml | variables |", "|---|---|---|"]
        for key, option in options_of(command):
            variables = " or ".join(f"`{variable}`" for variable in option.envvar)
            page.append(f"| `{', '.join(option.opts)}` | `{_example(key, option)}` | {variables} |")
        page += ["", f"Keys stand at the top of the file, for all commands, or in its table `[{name}]`."]
    return "\n".join(page) + "\n"


def _example(key: str, option: click.Option) -> str:
    """A line of claimx.toml."""
    if option.is_flag:
        return f"{key} = true"
    kind = option.type
    if hasattr(kind, "choices"):
        return f'{key} = "{kind.choices[0]}"'.replace("|", "\\|")
    numbers = {click.FloatRange: "0.5", click.IntRange: "2"}
    example = next((number for sort, number in numbers.items() if isinstance(kind, sort)), None)
    if example is None:
        example = f'"{key}.toml"' if isinstance(kind, click.Path) and kind.exists else '"…"'
    if option.multiple:
        example = f"[{example}]"
    return f"{key} = {example}"


def write_reference() -> None:
    for name in main.commands:
        (DOCS / "reference" / f"{name}.md").write_text(reference_of(name), encoding="utf-8")


def write_pictures() -> None:
    """terminal.svg, text.svg, report.png"""
    from browser import open_browser
    from rich.console import Console

    from claimx.writers import save
    from claimx.writers.terminal import print_view

    for view, name in (("list", "terminal"), ("text", "text")):
        console = Console(record=True, width=84, file=io.StringIO(), force_terminal=True)
        print_view([_reading(SHORT, None)], view, console)
        svg = console.export_svg(
            title=f"claimx extract {SHORT.name}{' --view text' * (view == 'text')}", unique_id=name
        )
        svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # fonts of another site
        (DOCS / f"{name}.svg").write_text("\n".join(map(str.rstrip, svg.splitlines())) + "\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        save([_reading(LONG, "Harbor bridge")], f"{folder}/report.html", many=False)
        browser = open_browser(1100, 780)
        try:
            browser.get(f"file://{folder}/report.html")
            browser.execute_script("document.querySelectorAll('mark')[2].focus()")
            browser.save_screenshot(str(DOCS / "report.png"))
        finally:
            browser.quit()


def _reading(path: Path, title: str | None):
    import claimx
    from claimx.schema import Reading

    text = path.read_text("utf-8")
    return Reading(claimx.extract(text, id=path.name, title=title), text)


if __name__ == "__main__":
    write_reference()
    if "--pictures" in sys.argv[1:]:
        write_pictures()
