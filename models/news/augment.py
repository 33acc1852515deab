"""Text augmentation that keeps annotation: other quotation styles, other names, other paragraphs, other casing.

    python news/augment.py CONFIG PREPARED.jsonl OUT.jsonl

Training augments as it goes, every article anew each time. The command writes each training article of PREPARED once
as training may see it, in the same format, for a look.
"""

from __future__ import annotations

import json
import random
import re
from bisect import bisect_right

from articles import PARTS, load_articles
from settings import arguments

from claimx.pipeline.quotations.marks import find_quotations

_CURLY = {"“": "open", "”": "close"}
STYLES = [("“", "”"), ('"', '"'), ("‘", "’"), ("'", "'"), ("''", "''"), ("``", "''"), ("«", "»"), ("„", "“")]
STYLE_WEIGHTS = [3, 4, 3, 2, 0.7, 0.7, 0.5, 0.3]


def apply_edits(text: str, edits: list[tuple[int, int, str]], spans: list[tuple[int, int]]):
    """Apply non-overlapping (start, end, replacement) edits; return the new text and where each span went."""
    edits = sorted(edits)
    out, position, anchors = [], 0, []  # anchors: (old start, old end, new start, new end)
    length = 0
    for start, end, new in edits:
        if start < position:
            continue
        out += [text[position:start], new]
        length += start - position
        anchors.append((start, end, length, length + len(new)))
        length += len(new)
        position = end
    out.append(text[position:])

    starts = [a[0] for a in anchors]

    def move(offset: int, closing: bool) -> int:
        i = bisect_right(starts, offset - (1 if closing else 0)) - 1
        if i < 0:
            return offset
        old_start, old_end, new_start, new_end = anchors[i]
        if offset >= old_end:
            return new_end + offset - old_end
        return new_end if closing else new_start

    return "".join(out), [(move(s, False), move(e, True)) for s, e in spans]


def quotation_edits(text: str, quotations, rng: random.Random) -> list[tuple[int, int, str]]:
    """Rewrite every outer and inner mark in another style."""
    outer = rng.choices(STYLES, STYLE_WEIGHTS)[0]
    single = outer[0] in "‘'"
    inner = (
        ("“", "”")
        if outer[0] == "‘"
        else ('"', '"')
        if outer[0] == "'"
        else ("'", "'")
        if outer[0] == '"'
        else ("‘", "’")
    )
    edits = []
    for q in quotations:
        left, right = outer if q.depth % 2 == 0 else inner
        size = 2 if text[q.start : q.start + 2] in ("``", "''") else 1
        edits.append((q.start, q.start + size, left))
        if q.closed:
            size = 2 if text[q.end - 2 : q.end] == "''" else 1
            if single and q.depth == 0 and rng.random() < 0.7 and text[q.end - 1 - size : q.end - size] == ",":
                # British: the comma goes outside
                edits.append((q.end - size - 1, q.end, right + ","))
            else:
                edits.append((q.end - size, q.end, right))
    if outer[0] in "\"'":
        edits += [(m.start(), m.end(), "'") for m in re.finditer(r"(?<=\w)’(?=\w)", text)]
    elif outer[0] in "“‘" and rng.random() < 0.7:
        edits += [(m.start(), m.end(), "’") for m in re.finditer(r"(?<=\w)'(?=\w)", text)]
    return edits


def paragraph_edits(text: str, rng: random.Random) -> list[tuple[int, int, str]]:
    """Join some paragraphs, split some at sentence ends, vary the break."""
    edits = []
    brk = rng.choice(["\n\n", "\n\n", "\n"])
    rate = rng.choice([0.0, 0.05, 0.2])
    for m in re.finditer(r"\s*\n\s*", text):
        if m.start() == 0 or m.end() == len(text):
            continue
        join = rng.random() < rate and text[m.start() - 1] in '.?!”"' and text[m.end()] not in "“\"'‘«`"
        edits.append((m.start(), m.end(), " " if join else brk))
    if rng.random() < 0.3:
        for m in re.finditer(r"(?<=[a-z]\.) (?=[A-Z])", text):
            if rng.random() < 0.08:
                edits.append((m.start(), m.end(), brk))
    return edits


def _latin(names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if ord(name[0]) < 0x250]


class NameSwapper:
    """Swaps the names of people and organizations, consistently over an article, for names from everywhere."""

    def __init__(self, seed: int = 0) -> None:
        from faker import Faker

        locales = [
            "en_GB",
            "en_US",
            "en_IN",
            "en_NZ",
            "de_DE",
            "fr_FR",
            "es_ES",
            "es_MX",
            "it_IT",
            "pt_BR",
            "pt_PT",
            "nl_NL",
            "pl_PL",
            "cs_CZ",
            "sv_SE",
            "no_NO",
            "fi_FI",
            "da_DK",
            "tr_TR",
            "id_ID",
            "ro_RO",
            "hu_HU",
            "hr_HR",
            "yo_NG",
            "ig_NG",
            "zu_ZA",
            "en_KE",
            "vi_VN",
            "fr_QC",
            "de_AT",
            "tw_GH",
            "ga_IE",
            "es_AR",
        ]
        self.pools = []
        for locale in locales:
            try:
                fake = Faker(locale)
                fake.seed_instance(seed)
                first = [fake.first_name() for _ in range(300)]
                last = [fake.last_name() for _ in range(300)]
                city = [fake.city() for _ in range(60)]
            except Exception:
                continue
            first, last, city = _latin(first), _latin(last), _latin(city)
            if len(first) > 20 and len(last) > 20:
                self.pools.append((first, last, city or ["Lakeside"]))
        asian = (
            [
                "Wei",
                "Jun",
                "Min-ji",
                "Hiroshi",
                "Yuki",
                "Xiaoming",
                "Ji-woo",
                "Akira",
                "Lan",
                "Somchai",
                "Haruka",
                "Seung",
                "Mei",
            ],
            [
                "Chen",
                "Kim",
                "Tanaka",
                "Nguyen",
                "Wang",
                "Park",
                "Suzuki",
                "Li",
                "Zhang",
                "Lee",
                "Takahashi",
                "Tran",
                "Choi",
                "Sato",
            ],
            ["Busan", "Shenzhen", "Osaka", "Hanoi", "Taipei", "Chiang Mai"],
        )
        arabic = (
            [
                "Ahmed",
                "Fatima",
                "Omar",
                "Layla",
                "Khalid",
                "Noor",
                "Hassan",
                "Mariam",
                "Youssef",
                "Rania",
                "Ali",
                "Samira",
                "Reza",
                "Farah",
            ],
            [
                "al-Masri",
                "Haddad",
                "bin Salman",
                "Khalil",
                "El-Sayed",
                "Rahimi",
                "Khan",
                "Hosseini",
                "Al Jaber",
                "Mansour",
                "Abdi",
                "Karimi",
            ],
            ["Amman", "Alexandria", "Basra", "Lahore", "Tripoli", "Shiraz"],
        )
        self.pools += [asian] * 3 + [arabic] * 3

    def edits(self, text: str, entities: list[tuple[int, int, str]], rng: random.Random) -> list[tuple[int, int, str]]:
        mapping: dict[str, str] = {}
        edits = []
        mixed = rng.random() < 0.5
        pool = rng.choice(self.pools)
        orgs = self._organizations(rng)
        for start, end, label in entities:
            surface = text[start:end]
            if label == "PER":
                words = list(re.finditer(r"[\w'’.\-]+", surface))
                for i, m in enumerate(words):
                    word = m.group()
                    core = word[:-2] if word.endswith(("'s", "’s")) else word
                    if core.endswith(".") or not core[:1].isupper() or len(core) < 2:
                        continue
                    if core not in mapping:
                        chosen = rng.choice(self.pools) if mixed else pool
                        mapping[core] = rng.choice(chosen[0] if i == 0 and len(words) > 1 else chosen[1])
                        if core.isupper() and len(core) > 2:
                            mapping[core] = mapping[core].upper()
                    edits.append((start + m.start(), start + m.start() + len(core), mapping[core]))
            elif label in ("ORG", "LOC"):
                core = surface[:-2] if surface.endswith(("'s", "’s")) else surface
                if core not in mapping:
                    if label == "ORG":
                        mapping[core] = next(orgs)
                        if core.lower().startswith("the "):
                            mapping[core] = core[:4] + mapping[core]
                    else:
                        chosen = rng.choice(self.pools)
                        mapping[core] = rng.choice(chosen[2])
                edits.append((start, start + len(core), mapping[core]))
        return edits

    def _organizations(self, rng: random.Random):
        kinds = [
            "University of {c}",
            "{l} & Sons",
            "Ministry of {t}",
            "{c} City Council",
            "{l} Institute",
            "{c} United",
            "{t} Agency",
            "{l} Group",
            "{c} Police",
            "National {t} Board",
            "{l} Foundation",
            "Bank of {c}",
            "{a}",
            "{c} Hospital",
            "{t} Workers' Union",
            "{c} {t} Association",
            "Department of {t}",
            "{l} Corp.",
            "{l} Airlines",
            "Court of {c}",
            "{c} Herald",
            "{l}",
            "{c} FC",
        ]
        topics = [
            "Health",
            "Energy",
            "Transport",
            "Fisheries",
            "Finance",
            "Education",
            "Rail",
            "Water",
            "Housing",
            "Justice",
            "Sports",
            "Food",
        ]
        while True:
            pool = rng.choice(self.pools)
            initials = "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVW") for _ in range(rng.choice([3, 3, 4])))
            yield rng.choice(kinds).format(
                l=rng.choice(pool[1]), c=rng.choice(pool[2]), t=rng.choice(topics), a=initials
            )


def casing_edits(text: str, rng: random.Random) -> list[tuple[int, int, str]]:
    """Change the casing of the first line, as headlines come in all styles."""
    end = text.find("\n")
    if not 0 < end < 160:
        return []
    style = rng.choice(["upper", "title", "sentence", "lower"])
    head = text[:end]
    new = {"upper": str.upper, "title": str.title, "lower": str.lower}.get(style, lambda s: s[:1] + s[1:].lower())(head)
    return [(0, end, new)] if len(new) == len(head) else []


class Augmenter:
    """Applies a random choice of changes; `shares` holds the share of articles that each is made to."""

    def __init__(self, shares: dict[str, float], seed: int) -> None:
        self.shares, self.swapper = shares, NameSwapper(seed)

    def __call__(self, text: str, spans: list[tuple[int, int]], labels: list[str], rng: random.Random):
        """Return the new text and where each span went; `labels[i]` is the entity label of `spans[i]`, or ""."""
        if rng.random() < self.shares["names"]:
            named = zip(spans, labels, strict=True)
            entities = [(start, end, label) for (start, end), label in named if label in ("PER", "ORG", "LOC")]
            text, spans = apply_edits(text, self.swapper.edits(text, entities, rng), spans)
        if rng.random() < self.shares["quotation_marks"]:
            text, spans = apply_edits(text, quotation_edits(text, find_quotations(text), rng), spans)
        if rng.random() < self.shares["paragraphs"]:
            text, spans = apply_edits(text, paragraph_edits(text, rng), spans)
        if rng.random() < self.shares["casing"]:
            text, spans = apply_edits(text, casing_edits(text, rng), spans)
        return text, spans


def main() -> None:
    args, config = arguments(__doc__, "prepared", "out")
    seed = config["train"]["seed"]
    augmenter, rng = Augmenter(config["augment"], seed), random.Random(seed)
    with args.out.open("w", encoding="utf-8") as out:
        for row in load_articles(args.prepared):
            text, spans = augmenter(row["text"], row["spans"], row["labels"], rng)
            attributions = row["attributions"] and [
                {part: [spans[i] for i in given[part]] for part in PARTS} for given in row["attributions"]
            ]
            entities = [(*span, label) for span, label in zip(spans, row["labels"], strict=True) if label]
            line = {"text": text, "attributions": attributions, "entities": entities}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
