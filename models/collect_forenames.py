"""Write `claimx/rules/forenames.txt`: forenames and the gender that goes with them, from the locales of Faker (MIT).

    pip install Faker && python models/collect_forenames.py

A name that goes with both genders anywhere is left out: the list speaks only where it can.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from pathlib import Path

import faker.providers.person as person

import claimx

TARGET = Path(claimx.__file__).parent / "rules" / "forenames.txt"


def names_of(provider, attribute: str) -> set[str]:
    values = getattr(provider, attribute, ())
    return {str(name).split()[0].casefold() for name in values if str(name).strip()}


def main() -> None:
    genders: dict[str, set[str]] = defaultdict(set)
    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute, gender in (("first_names_female", "f"), ("first_names_male", "m")):
            for name in names_of(provider, attribute):
                if name.replace("-", "").replace("'", "").isalpha() and len(name) > 1 and ord(name[0]) < 0x250:
                    genders[name].add(gender)
    certain = sorted(f"{name} {next(iter(found))}" for name, found in genders.items() if len(found) == 1)
    header = (
        "# Forenames with the gender they go with. Made by models/collect_forenames.py from Faker's locales (MIT).\n"
    )
    TARGET.write_text(header + "\n".join(certain) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
