"""Whether a claim is negated: (text with [source], <cue> and {content} marked, expected)."""

import re

import pytest

from claimx.pipeline.attributions.negation import Negation
from claimx.rules import load

_MARKED = re.compile(r"\[(?P<source>[^\]]*)\]|<(?P<cue>[^>]*)>|\{(?P<content>[^}]*)\}")


def negated(marked: str) -> bool:
    text, last, places = "", 0, {"source": [], "cue": [], "content": []}
    for match in _MARKED.finditer(marked):
        text += marked[last : match.start()]
        places[match.lastgroup].append((len(text), len(text) + len(match[match.lastgroup])))
        text += match[match.lastgroup]
        last = match.end()
    text += marked[last:]
    [cue], source = places["cue"], places["source"]
    return Negation().is_negated(text, cue, source[0] if source else None, places["content"])


@pytest.mark.parametrize(
    "marked",
    [
        # not and its kin, in the cue or right before it
        "[The baker] <did not say> {that the oven was cold}.",
        "[The baker] <didn’t say> {that the oven was cold}.",
        "[She] <has never claimed> {to have won}.",
        "[The clerk] <would not say whether> {the files were shut}.",
        "[The union] <no longer believes> {that the mill will reopen}.",
        "[They] <cannot confirm> {that the well is dry}.",
        "[He] did not <mention> {a second boat}.",
        "[The board] has not yet <decided> {to sell}.",
        "[The ferry firm] <has yet to say> {who was on watch}.",
        "[The pilot] <was unable to say> {how high he flew}.",
        "[The report] <made no mention of> {the leak}.",
        "[Ms Aldous] <said nothing about> {the missing boxes}.",
        "[The firm] <has no plans> {to close the yard}.",
        "[He] left <without saying> {why he had come}.",
        "[The diver] <stopped short of saying> {that the hull was cracked}.",
        "[The council] <by no means accepts> {that the bridge is lost}.",
        # the subject, and what stands before it
        "[No one] <said> {the pool was safe}.",
        "[Neither sister] <thinks> {the will is real}.",
        "[None of the drivers] <had heard> {that the road was closed}.",
        "{“The pool is safe,”} <said> [nobody].",
        "Nor did [the mayor] <say> {that it would open}.",
        "At no point has [the bank] <admitted> {that it knew}.",
        # a refusal to say
        "[The trust] <refused to say> {how much it paid}.",
        "[The trust] <declined> {to comment}.",
        "[The trust] <declined at first to discuss> {the price}.",
        "[The keeper] refused to <explain> {the alarm}.",
        "[The inspector] <failed to mention> {the crack}.",
        "[Her] <refusal> {to sign}",
        "[Both] <declined comment on> {the sale}.",
        # verbs and nouns that deny
        "[Corrigan] <denied> {that the shop was closing}.",
        "[Corrigan] <denied> {taking the money}.",
        "[Corrigan] <has strongly denied> {the allegations}.",
        "[His] <denial that> {the pumps had failed}",
        "[The lab] <disputes> {the figures}.",
        "[The lab] <doubts> {that the sample was clean}.",
        "[The envoy] <ruled out> {talks before spring}.",
        "[The envoy] <flatly rejected> {the claim that he was paid}.",
        "[The envoy] <rejected the suggestion> {that he was paid}.",
        "[The envoy] <dismissed as nonsense> {reports of a second treaty}.",
        "[The aide] <expressed doubts about> {claims that wages had risen}.",
        "{“They would have drowned.”} [Her brother] <disagreed>.",
        "[The lab] <has rejected> {the finding}.",
        "[Its] <unwillingness> {to pay}",
        # two verbs
        "[The palace] <would neither confirm nor deny> {that the king was ill}.",
        "[The palace] <refused to confirm or deny> {that the king was ill}.",
        "[The palace] <did not comment and denied> {that the king was ill}.",
        "[She] <is not afraid> {that it will rain}.",
    ],
)
def test_negated(marked):
    assert negated(marked) is True


@pytest.mark.parametrize(
    "marked",
    [
        "[The baker] <said> {that the oven was not cold}.",
        "[The baker] <said> {no oven was cold}.",
        "[The baker], who had not slept, <said> {the oven was cold}.",
        "[The baker], asked why he never denied it, <said> {the oven was cold}.",
        "<According to> [the notary], {there was no will}.",
        "[Ann Hale]<:> {We never close.}",
        # two negations
        "[Corrigan] <did not deny> {that the shop was closing}.",
        "[Corrigan] never <denied> {that the shop was closing}.",
        "[No one] <denies> {that the road is bad}.",
        "[Nobody] <disputed> {the bill}.",
        "[The envoy] <did not rule out> {talks before spring}.",
        "[They] <have no doubt that> {the dam will hold}.",
        "[They] <don’t doubt> {the dam will hold}.",
        "[The lab] <neither denied nor disputed> {that it was late}.",
        "[The lab] <did not refuse> {to open its books}.",
        # what only looks like a negation
        "[He] <not only said> {the tower leaned but measured it}.",
        "[He] <did not say only> {that the tower leaned}.",
        "[He] <did not just claim> {that the tower leaned}.",
        "[She] <could not help thinking> {that the guests were bored}.",
        "[She] <did not hesitate to say> {that the guests were bored}.",
        "[She] <made no secret of> {her wish to leave}.",
        "[She] <did not hide> {that she was tired}.",
        "[She] <said in no uncertain terms> {that the guests were bored}.",
        "[She] <claimed without any evidence> {that the guests were paid}.",
        "[The judge] <could not agree more that> {the law is old}.",
        "Not until Friday did [the firm] <admit> {that it knew}.",
        "[No. 10] <said> {the visit was off}.",
        "[No 10] <said> {the visit was off}.",
        "[No fewer than six people] <said> {the siren was broken}.",
        "[None other than the mayor] <said> {the siren was broken}.",
        "The aide did not reply to [his] <questions about> {the gate}.",
        "Oyelaran is not [the only nurse] <to say> {that the ward is cold}.",
        # what is rejected is no statement
        "[The council] <rejected> {the offer}.",
        "[The council] <refused> {the gift}.",
        "[The council] <refused> {the offer to sell}.",
        "[The court] <dismissed> {the case}.",
        "[The court] <denied> {the motion}.",
        "[The ministry] <denied> {her second request for a visa}.",
        "[The coach] <challenged> {him to a race}.",
        "[The coach] <disagrees with> {the referee}.",
        "[The neighbours] <are in dispute over> {a hedge}.",
        "[The fans] <raised doubts about> {the new stand}.",
        "[Gomez] <forgot> {that the gate was locked}.",
    ],
)
def test_not_negated(marked):
    assert negated(marked) is False


def test_a_claim_without_a_cue_is_not_negated():
    assert Negation().is_negated("“No.”", None, None, [(0, 5)]) is False


def test_every_list_of_the_rules_is_of_plain_lower_case_words():
    rules = load("negation.json")
    entries = [entry for name, values in rules.items() if name != "read_by" for entry in values]
    assert all(re.fullmatch(r"[a-z-]+( [a-z-]+)*", entry) for entry in entries)
    lists = {name: values for name, values in rules.items() if isinstance(values, list)}
    assert {name: values for name, values in lists.items() if len(set(values)) < len(values)} == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Paul Renner denied that the crews had been warned.", [True]),
        ("Paul Renner said that the crews had been warned.", [False]),
        ("The mayor would not say whether the pool would open again.", [True]),
        ("Paul Renner did not deny that the crews had been warned.", [False]),
    ],
)
def test_the_pipeline_tells_it(extract, text, expected):
    assert [claim.negated for claim in extract(text).claims] == expected
