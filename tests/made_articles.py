"""Articles made by code, from a seed: as many as a test or a benchmark needs, all different, and files broken in
twenty ways.

    python tests/made_articles.py FOLDER --count 10000 --broken 200
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

_FORENAMES = (
    "Ada Amara Bruno Carla Dario Edith Farid Greta Hiro Ines Jonas Kemi Lena Marek Nadia Otto Priya Rosa Tariq Wen"
)
_SURNAMES = (
    "Adeyemi Bartos Castell Dunmore Eklund Farrow Giordano Hallam Ibarra Jansen Kowalczyk Lindqvist Marchetti Novak "
    "Okafor Petrov Quintero Rahman Svensson Tanaka Ulrich Vance Whitlock Yilmaz Zeller"
)
_PLACES = "Northfield|Eastport|Grantham|Lakeside|Millbrook|Port Ferris|Redcliff|Stonebridge|Westmarch|Harlow Bay"
_ORGANIZATIONS = (
    "{place} City Council|{place} Water Authority|University of {place}|{place} Hospital|{place} Transit Agency|"
    "the Ministry of Transport|the Coastal Research Institute|{surname} Industries|the Farmers' Union|Harbor Watch"
)
_ROLES = (
    "mayor|chief engineer|spokeswoman|director|union leader|economist|head of research|finance secretary|professor|"
    "chief executive|campaigner|police chief"
)
_SUBJECTS = (
    "the bridge|the new tram line|the water plant|the school budget|the flood wall|the housing plan|the port expansion|"
    "the wind farm|the hospital merger|the fishing quota"
)
_STATEMENTS = (
    "{subject} would cost more than planned|nobody had been told about {subject}|work on {subject} would begin soon|"
    "{subject} was safe|the vote on {subject} had been a mistake|residents wanted answers about {subject}|"
    "{subject} could not be finished before the end of the year|the money for {subject} had already been spent"
)
_WORDS = (
    "We will not walk away from {subject}|This is the right moment for {subject}|People here have waited for years|"
    "There is no plan B for {subject}|I have seen the figures, and they do not add up|Nobody asked us about {subject}|"
    "It is a matter of trust|The numbers on {subject} speak for themselves"
)
_PLAIN = (
    "The meeting on {subject} lasted until late in the evening.|About {n} people came to the hall on {day}.|"
    "Work was stopped in {month} after cracks were found.|The plan goes back to a vote held {n} years ago.|"
    "{place} has spent {n} million euros on {subject} so far.|Traffic was light on {day}, and the shops stayed open."
)
_SENTENCES = (
    "“{words},” {role} {name} said on {day}.|“{words},” said {surname}. “{words2}.”|{surname} said {statement}.|"
    "{name}, {role} at {organization}, said that {statement}.|According to {organization}, {statement}.|"
    "{Pronoun} added that {statement}.|{surname} denied that {statement}.|Critics warned that {statement}.|"
    "{organization} expects to open a second site, and {surname} called it “a turning point” for {place}.|"
    "Asked about {subject}, {surname} told reporters: “{words}.”|A report by {organization} showed that {statement}.|"
    "The {role} thinks {statement}.|{name} wants {organization} to pay for {subject}."
)
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = ["January", "February", "March", "April", "May", "June", "September", "October", "November"]


def article(seed: int, words: int | None = None) -> str:
    """An article of about `words` words (None: 150 to 1,100, as the seed has it), with headline and paragraphs."""
    rng = random.Random(seed)
    pick = lambda text: rng.choice(text.split("|") if "|" in text else text.split())  # noqa: E731
    place, surname = pick(_PLACES), pick(_SURNAMES)
    people = []
    for _ in range(rng.randint(2, 5)):
        forename, own = pick(_FORENAMES), pick(_SURNAMES)
        people.append((f"{forename} {own}", own, pick(_ROLES), rng.choice(("he", "she"))))
    subject = pick(_SUBJECTS)
    wanted = words or rng.randint(150, 1100)
    paragraphs, count = [f"{place} argues over {subject}"], 0
    while count < wanted:
        sentences = []
        for _ in range(rng.randint(1, 4)):
            name, own, role, pronoun = rng.choice(people)
            filled = {
                "name": name, "surname": own, "role": role, "Pronoun": pronoun.title(), "place": place,
                "subject": subject, "day": rng.choice(_DAYS), "month": rng.choice(_MONTHS), "n": rng.randint(2, 90),
            }  # fmt: skip
            filled["organization"] = pick(_ORGANIZATIONS).format(place=place, surname=surname)
            for key, text in (("statement", _STATEMENTS), ("words", _WORDS), ("words2", _WORDS)):
                filled[key] = pick(text).format(**filled)
            sentence = pick(_SENTENCES if rng.random() < 0.55 else _PLAIN).format(**filled)
            sentences.append(sentence[0].upper() + sentence[1:])
        paragraphs.append(" ".join(sentences))
        count += len(paragraphs[-1].split())
    return "\n\n".join(paragraphs) + "\n"


def broken(folder: Path, number: int) -> None:
    """Put the input `number`, broken in one of twenty ways, into a folder: a name of its own that sorts anywhere."""
    text = article(number, 60)
    record = json.dumps({"id": number, "text": text}).encode()
    suffix, content = _WAYS[number % len(_WAYS)](text, record)
    path = folder / f"{number * 7919 % 10_000:05}-broken-{number}{suffix}"
    if content is None:
        os.symlink(folder / "nowhere", path)
    elif content == b"fifo":
        os.mkfifo(path)
    else:
        path.write_bytes(content)


#: Each makes (suffix, content); no content is a link to nowhere.
_WAYS = (
    lambda text, record: (".txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1"),
    lambda text, record: (".txt", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n\0stream\0" + bytes(range(256))),
    lambda text, record: (".txt", text.encode()[:50] + b"\0" + text.encode()[50:]),
    lambda text, record: (".txt", None),
    lambda text, record: (".txt", b"fifo"),
    lambda text, record: (".txt.gz", gzip.compress(text.encode())[:-20]),
    lambda text, record: (".txt.gz", text.encode()),
    lambda text, record: (".txt.zst", b"\x28\xb5\x2f\xfd" + text.encode()),
    lambda text, record: (".html", b"<html><head><title>x</title></head><body></body></html>"),
    lambda text, record: (".html", b""),
    lambda text, record: (".json", record[:-30]),
    lambda text, record: (".json", b'{"id": 1, "body": "none"}'),
    lambda text, record: (".json", b'{"id": 1, "text": 5}'),
    lambda text, record: (".json", b'{"id": 1, "text": "half a \\ud83d character"}'),
    lambda text, record: (".json", b"[]"),
    lambda text, record: (".jsonl", b""),
    lambda text, record: (".jsonl", record[:-30] + b"\n"),
    lambda text, record: (".csv", b"id,body\n1,none\n"),
    lambda text, record: (".parquet", b"PAR1" + record + b"PAR1"),
    lambda text, record: (".txt", (text[:50] * 200_001)[:5_000_001].encode()),
)


def made(count: int, seed: int = 1) -> Iterator[str]:
    """`count` articles."""
    return (article(seed * 1_000_003 + number) for number in range(count))


def write_folder(folder: Path, count: int, bad: int = 0, seed: int = 1) -> None:
    """Write `count` inputs into a folder, of which `bad` are broken."""
    folder.mkdir(parents=True)
    for number, text in enumerate(made(count - bad, seed)):
        (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
    for number in range(bad):
        broken(folder, number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--broken", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    write_folder(args.folder, args.count, args.broken, args.seed)


if __name__ == "__main__":
    main()
