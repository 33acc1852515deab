"""Kinds of claims that the network alone gets wrong: (text, [(source, cue, content)]).

Each kind has rows that change and rows that look alike and must stay.
"""

import json
from dataclasses import replace

import pytest
from conftest import claims_of

import claimx
from claimx.pipeline.annotations import Attribution
from claimx.pipeline.attributions.corrections import Corrections
from claimx.pipeline.attributions.cue_lexicon import CueLexicon
from claimx.pipeline.quotations.marks import find_quotations
from claimx.rules import RuleFiles, load

PASSIVES = [
    ("Residents were told that the well was clean.", [(None, "were told", "that the well was clean")]),
    ("Marta Lind has been informed that her permit had expired.",
     [(None, "has been informed", "that her permit had expired")]),
    ("Drivers were warned by the harbour master that the quay was icy.",
     [("the harbour master", "were warned by", "that the quay was icy")]),
    ("The pilot was assured by two mechanics that the valve held.",
     [("two mechanics", "was assured by", "that the valve held")]),
    ("Ferry passengers have repeatedly been told the crossing is safe.",
     [(None, "have repeatedly been told", "the crossing is safe")]),
    ("The widow, who was told that the file was lost, went home.", [(None, "was told", "that the file was lost")]),
    ("Pupils had been advised that the exam was moved.", [(None, "had been advised", "that the exam was moved")]),
    ("“The line is dead,” Harald Moe was told.", [(None, "was told", "“The line is dead,”")]),
    ("“You will get your money,” the widow was told by the bank.",
     [("the bank", "was told by", "“You will get your money,”")]),
    ("The tunnel was said to be unsafe.", [(None, "was said", "The tunnel / to be unsafe")]),
    # whoever is quoted or heard does speak
    ("Otto Brandt was quoted as saying that the brakes had failed.",
     [("Otto Brandt", "was quoted as saying", "that the brakes had failed")]),
    ("Edna Rowe was heard to say that the choir was flat.",
     [("Edna Rowe", "was heard to say", "that the choir was flat")]),
    ("The tenants told the court that the boiler had burst.",
     [("The tenants", "told", "that the boiler had burst")]),
    ("Mr Ek was asked to leave.", []),
    # written when the rules were there
    ("The drivers weren’t told the road was closed.", [(None, "weren’t told", "the road was closed")]),
    ("The teachers were promised that the roof would be fixed by May.",
     [(None, "were promised", "that the roof would be fixed by May")]),
    ("Investors have been assured by the bank’s chairman, Olof Krantz, that no deposit was at risk.",
     [("the bank’s chairman, Olof Krantz", "have been assured by", "that no deposit was at risk")]),
    ("Lina Ek was informed by letter that her licence had lapsed.",
     [(None, "was informed", "that her licence had lapsed")]),
    ("Told that the road was closed, the drivers turned back.", [(None, "Told", "that the road was closed")]),
    ("Mr Ek had been drinking, the court was told.", [(None, "was told", "Mr Ek had been drinking")]),
    ("“We were told that the flat was gone,” Lina Ek said.",
     [("Lina Ek", "said", "“We were told that the flat was gone,”")]),
    ("The captain is reported to have said that the engine was fine.",
     [("The captain", "is reported to have said", "that the engine was fine")]),
    ("The clerk said she was told that the vault was empty.",
     [("The clerk", "said", "she was told that the vault was empty")]),
]  # fmt: skip
QUOTED_AS = [
    ("The Harbour Gazette quoted harbour master Sven Aune as saying that the crane would be sold.",
     [("harbour master Sven Aune", "quoted", "that the crane would be sold")]),
    ("Radio Nord quoted one resident as saying “the roof just went”.",
     [("one resident", "quoted", "“the roof just went”")]),
    ("Petra Holm was quoted by the agency as saying that talks had stalled.",
     [("Petra Holm", "was quoted by the agency as saying", "that talks had stalled")]),
    ("The broadcaster cited an engineer as saying the dam was sound.",
     [("an engineer", "cited", "the dam was sound")]),
    ("State television quoted Colonel Ahmed Sali, a spokesman for the army, as saying that the road was open.",
     [("Colonel Ahmed Sali, a spokesman for the army", "quoted", "that the road was open")]),
    ("The Monday edition quoted him as telling staff that the plant was safe.",
     [("him", "quoted", "that the plant was safe")]),
    ("“It was a mess,” the paper quoted a neighbour as saying.", [("a neighbour", "quoted", "“It was a mess,”")]),
    ("Interfax quoted a source in the ministry as saying, “We will not wait.”",
     [("a source in the ministry", "quoted", "“We will not wait.”")]),
    ("“The port will close,” Mr Ek was quoted by the Tribune as saying.",
     [("Mr Ek", "was quoted by the Tribune as saying", "“The port will close,”")]),
    ("The Tribune quoted Mr Ek as calling the port “a ruin”.", [("Mr Ek", "quoted", "calling the port “a ruin”")]),
    # nobody but the subject speaks
    ("Quoting two officials, the weekly said the vote was rigged.", [("the weekly", "said", "the vote was rigged")]),
    ("The bishop, quoting a psalm, said that the tower would stand.",
     [("The bishop", "said", "that the tower would stand")]),
    ("In March the minister was quoted as saying that no school would shut.",
     [("the minister", "was quoted as saying", "that no school would shut")]),
]  # fmt: skip
PARTITIVES = [
    ("The ferry should be scrapped, said two of the deckhands.",
     [("two of the deckhands", "said", "The ferry should be scrapped")]),
    ("“We ran,” said some of the children.", [("some of the children", "said", "“We ran,”")]),
    ("The lift had stuck twice, said one of four cleaners who were inside.",
     [("one of four cleaners who were inside", "said", "The lift had stuck twice")]),
    ("None of the witnesses said they had seen a gun.",
     [("None of the witnesses", "said", "they had seen a gun")]),
    ("None of six people interviewed said the alarm had rung.",
     [("None of six people interviewed", "said", "the alarm had rung")]),
    ("Most of the growers said the rain came late.", [("Most of the growers", "said", "the rain came late")]),
    ("According to one of the nurses, the ward was empty.",
     [("one of the nurses", "According to", "the ward was empty")]),
    ("The tests were rushed, one of the chemists said.",
     [("one of the chemists", "said", "The tests were rushed")]),
    ("Rents will double, said many of those at the meeting.",
     [("many of those at the meeting", "said", "Rents will double")]),
    ("The dam is weak, say two-thirds of those who live below it.",
     [("two-thirds of those who live below it", "say", "The dam is weak")]),
    ("The ferry should be scrapped, said one of the deckhands, a man of sixty.",
     [("one of the deckhands, a man of sixty", "said", "The ferry should be scrapped")]),
    # the content may have a partitive of its own
    ("A farmer from Skara said one of the cows had swum home.",
     [("A farmer from Skara", "said", "one of the cows had swum home")]),
    ("It was one of the worst storms in years, said the forecaster.",
     [("the forecaster", "said", "It was one of the worst storms in years")]),
    ("The storm, he said, was one of the worst.", [("he", "said", "The storm / was one of the worst")]),
    ("It was, she said, one of the best days of her life.",
     [("she", "said", "It was / one of the best days of her life")]),
]  # fmt: skip
EMPTY = [
    ("The bishop denied it.", []),
    ("The club backs him.", []),
    ("Critics say so.", []),
    ("He was asked about it.", []),
    ("The senator endorsed both women.", []),
    ("The board confirmed this.", []),
    ("The company denied that it had known.", [("The company", "denied", "that it had known")]),
    ("The union supports the ban on night work.", [("The union", "supports", "the ban on night work")]),
    ("Ines Roth called it a disgrace.", [("Ines Roth", "called", "it a disgrace")]),
    ("The dean backed them, and opposed it.", []),
    ("The dean said as much.", []),
    ("The plan that Ines Roth backs is to raise the dike.", []),
    ("“So?” said the mayor.", [("the mayor", "said", "“So?”")]),
]
QUESTIONS = [
    ("Asked whether he would run, Per Dahl laughed.", []),
    ("A reporter asked why the gate was locked.", [("A reporter", "asked", "why the gate was locked")]),
    ("Otto Brandt was asked whether the brakes had failed.", []),
    (
        "Gus Hale asked the clerk how many ballots were missing.",
        [("Gus Hale", "asked", "how many ballots were missing")],
    ),
    ("“Why is the gate locked?” asked the reporter.", [("the reporter", "asked", "“Why is the gate locked?”")]),
    ("Nobody knows why the gate was locked.", [("Nobody", "knows", "why the gate was locked")]),
    ("The parish asked that the bells be silent.", [("The parish", "asked", "that the bells be silent")]),
    ("Asked about the gate, the mayor said it was locked.", [("the mayor", "said", "it was locked")]),
]
POSSESSIVES = [
    ("Miners at Tolland Pit walked out on Monday, their union said.",
     [("their union", "said", "Miners at Tolland Pit walked out on Monday")]),
    ("The plant will close in June, its owner said.", [("its owner", "said", "The plant will close in June")]),
    ("Anglers on Loch Ard want a ban, their club says.", [("their club", "says", "Anglers on Loch Ard want a ban")]),
    ("Two pilots of Aerolinea Sur were suspended, their airline said.",
     [("their airline", "said", "Two pilots of Aerolinea Sur were suspended")]),
    ("Pupils at St Anne’s School were sent home, the head teacher said.",
     [("the head teacher", "said", "Pupils at St Anne’s School were sent home")]),
    ("The bridge is closed, according to its operator.",
     [("its operator", "according to", "The bridge is closed")]),
    ("Guards at Redhill Prison have voted for action, a union official said.",
     [("a union official", "said", "Guards at Redhill Prison have voted for action")]),
    ("“They were tired,” their lawyer said of the crew.", [("their lawyer", "said", "“They were tired,”")]),
]  # fmt: skip
DISPUTED = [
    ("“The tanks were never inspected.” Ivo Sand rejects that.", []),
    ("“Nobody was hurt,” the report says. Dana Ruiz disputes this.", [("the report", "says", "“Nobody was hurt,”")]),
    ("“The money is gone.” The treasurer denied this.", []),
    ("“He hit me with a chair.” Karl Voss denies the charge.", [("Karl Voss", "denies", "the charge")]),
    ("“The bread was stale.” Olga Brandt called that nonsense.", [("Olga Brandt", "called", "that nonsense")]),
    ("“The pumps are sound,” the firm wrote. The inspector doubts it.",
     [("the firm", "wrote", "“The pumps are sound,”")]),
    ("“The dam is sound.”\n\nIlse Kern called this a lie.", [("Ilse Kern", "called", "this a lie")]),
    ("“We never saw the letter.” The union rejects this, saying it was sent in May.",
     [("The union", "saying", "it was sent in May")]),
    ("“The dam is sound,” the owner insists. Ilse Kern denies the claim.",
     [("the owner", "insists", "“The dam is sound,”"), ("Ilse Kern", "denies", "the claim")]),
    # what follows a denial is the denier's, and so is what stands in one sentence with it
    ("Ivo Sand denies this. “The tanks were clean and we have the photographs.”",
     [("Ivo Sand", "denies", "“The tanks were clean and we have the photographs.”")]),
    ("“I deny that,” said Ivo Sand.", [("Ivo Sand", "said", "“I deny that,”")]),
    ("“The tanks were clean,” said Ivo Sand. “That is a fact.”",
     [("Ivo Sand", "said", "“The tanks were clean,” / “That is a fact.”")]),
    ("Ivo Sand disputes that the tanks were clean.", [("Ivo Sand", "disputes", "that the tanks were clean")]),
]  # fmt: skip
INTERPRETERS = [
    ("“We had no water,” Yusuf Demir said through an interpreter.",
     [("Yusuf Demir", "said", "“We had no water,”")]),
    ("“We had no water,” he said through his interpreter, Ada Ilic.",
     [("he", "said", "“We had no water,”")]),
    ("Speaking through an interpreter, Yusuf Demir said that the well was dry.",
     [("Yusuf Demir", "said", "that the well was dry")]),
    ("The welder said through a court interpreter that he had seen no one.",
     [("The welder", "said through a court interpreter", "that he had seen no one")]),
    ("“The foreman locked the gate,” she told the court via an interpreter.",
     [("she", "told", "“The foreman locked the gate,”")]),
    ("Ada Ilic, an interpreter, said that the court paid late.",
     [("Ada Ilic, an interpreter", "said", "that the court paid late")]),
    ("“I saw two cars,” his interpreter quoted him as saying.", [("him", "quoted", "“I saw two cars,”")]),
    ("“I saw two cars,” the witness said, according to the interpreter.",
     [("the witness", "said", "“I saw two cars,”")]),
    ("“The oven was broken,” the baker told us with the help of an interpreter.",
     [("the baker", "told", "“The oven was broken,”")]),
]  # fmt: skip
KINDS = {name: value for name, value in globals().items() if name.isupper()}
ROWS = [pytest.param(*row, id=f"{name.lower()}: {row[0]}") for name, rows in KINDS.items() for row in rows]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_claims(extract, text, expected):
    found = [(source, cue, content) for content, cue, source in claims_of(extract(text), text)]
    assert found == expected


def test_a_question_that_somebody_puts_has_a_type_of_its_own(extract):
    types = [claim.type for claim in extract("A reporter asked why the gate was locked. It was rust, he said.").claims]
    assert types == ["question", "assertion"]


def test_options_keep_questions_and_empty_claims():
    text = "Otto Brandt was asked whether the brakes had failed. He denied it."
    assert claims_of(claimx.extract(text, nlp=claimx.load()), text) == []
    nlp = claimx.load()
    nlp.get_pipe("claimx_attribution").questions = nlp.get_pipe("claimx_attribution").empty = True
    assert claims_of(claimx.extract(text, nlp=nlp), text) == [
        ("whether the brakes had failed", "was asked", None),
        ("it", "denied", "He"),
    ]


def claim(text, source, cue, *content, **other):
    """A claim as the network might find it."""

    def span(words):
        return words and (text.index(words), text.index(words) + len(words))

    values = {
        "lemma": CueLexicon().lemma_of(cue),
        "type": "assertion",
        "kind": "",
        "confidence": 0.9,
        "rule": "model",
    } | other
    return Attribution([span(piece) for piece in content], span(cue), span(source), **values)


def shown(found, text):
    return [
        (a.source and text[slice(*a.source)], text[slice(*a.cue)], *(text[slice(*piece)] for piece in a.content))
        for a in found
    ]


#: text, what the network found (source, cue, *content), what is made of it: without the network.
MADE = [
    ("The crew was told that it rained.", ("The crew", "was told", "that it rained"),
     [(None, "was told", "that it rained")]),
    ("The crew was told by Ann that it rained.", ("Ann", "was told", "The crew", "that it rained"),
     [("Ann", "was told by", "that it rained")]),
    ("The crew was told by text message that it rained.", ("The crew", "was told", "that it rained"),
     [(None, "was told", "that it rained")]),
    ("The crew is assured of a win.", ("The crew", "is assured of", "a win"), [("The crew", "is assured of", "a win")]),
    ("Ann was pressed to explain the leak.", ("Ann", "was pressed to explain", "the leak"),
     [("Ann", "was pressed to explain", "the leak")]),
    ("The mast had, Ann (D-Nev.) told them, snapped.", ("Ann (D-Nev.)", "told", "The mast had", "snapped"),
     [("Ann (D-Nev.)", "told", "The mast had", "snapped")]),
    ("The Sun quoted Ann Lee as saying it rained.", ("The Sun", "quoted", "Ann Lee as saying it rained"),
     [("Ann Lee", "quoted", "it rained")]),
    ("Ann Lee was quoted as saying it rained.", ("Ann", "was quoted as", "Lee", "saying it rained"),
     [("Ann Lee", "was quoted as saying", "it rained")]),
    ("It rained, said two of us.", (None, "said", "It rained", "two of us"), [("two of us", "said", "It rained")]),
    ("It rained, said two of us.", ("It", "said", "rained", "two of us"), [("two of us", "said", "It rained")]),
    ("It was, said Ann, one of two.", ("Ann", "said", "It was", "one of two"),
     [("Ann", "said", "It was", "one of two")]),
    ("“It rained.” Ann denies that.", ("Ann", "denies", "“It rained.”", "that"), []),
    ("“It rained.” Ann denies that. “It is dry.”", ("Ann", "denies", "“It rained.”", "that. “It is dry.”"),
     [("Ann", "denies", "“It is dry.”")]),
    ("“It rained,” Ann says of that.", ("Ann", "says of", "“It rained,”", "that"),
     [("Ann", "says of", "“It rained,”", "that")]),
    ("Ann backed both men.", ("Ann", "backed", "both men"), []),
    ("Ann backed both plans.", ("Ann", "backed", "both plans"), [("Ann", "backed", "both plans")]),
    ("Ann was asked whether it rained.", (None, "was asked", "whether it rained"), []),
    ("Ann asked whether it rained.", ("Ann", "asked", "whether it rained"), [("Ann", "asked", "whether it rained")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found", "expected"), MADE)
def test_corrections_without_the_network(text, found, expected):
    assert shown(Corrections().corrected([claim(text, *found)], text, find_quotations(text)), text) == expected


def test_the_cues_that_a_user_gave_stay():
    text = "The crew was told it."
    own = claim(text, "The crew", "was told", "it")
    assert Corrections().corrected([own], text, [], given={own.cue}) == [replace(own, kind="indirect")]


def test_the_kind_is_that_of_the_content_that_is_left():
    text = "“It rained.” Ann calls that a lie."
    [found] = Corrections().corrected(
        [claim(text, "Ann", "calls", "“It rained.”", "that a lie")], text, find_quotations(text)
    )
    assert (found.content, found.kind) == ([(23, 33)], "indirect")


def test_what_the_network_found_is_left_as_it_was():
    text = "The crew was told that it rained."
    before = claim(text, "The crew", "was told", "that it rained")
    Corrections().corrected([before], text, [])
    assert before == claim(text, "The crew", "was told", "that it rained")


def test_a_linguist_can_add_a_word():
    """A pipeline with rule files of its own reads them."""
    rules = load("corrections.json")
    rules = rules | {"empty": rules["empty"] | {"people": ["plans"]}}
    own = Corrections(RuleFiles({"corrections.json": json.dumps(rules)}))
    text = "Ann backed both plans."
    assert own.corrected([claim(text, "Ann", "backed", "both plans")], text, []) == []
