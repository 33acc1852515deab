"""Rules of one's own: what they change, and what is wrong with them."""

import json
import pickle

import pytest

import claimx
from claimx.errors import ConfigError
from claimx.user_rules import UserRules, read_rules


@pytest.fixture
def load(tmp_path):
    """A function from the text of a file of rules to a pipeline."""

    def make(rules: str, **options):
        path = tmp_path / "rules.toml"
        path.write_text(rules, encoding="utf-8")
        return claimx.load(rules=path, **options)

    return make


def found(text, nlp):
    extraction = claimx.extract(text, nlp=nlp)
    return [
        (c.cue and c.cue.text, c.cue and c.cue.lemma, c.type, c.text, (s := extraction.speaker_of(c)) and s.name)
        for c in extraction.claims
    ]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Ann Hale spitballs that the road is open.", ("spitballs", "spitball", "belief")),
        ("Ann Hale spitballed that the road is open.", ("spitballed", "spitball", "belief")),
        ("Ann Hale went on record that the road is open.", ("went on record that", "go on record that", "assertion")),
        ("Ann Hale goes on record that the road is open.", ("goes on record that", "go on record that", "assertion")),
    ],
)
def test_cues_in_any_form_with_their_type(load, text, cue):
    nlp = load("[cues]\nassertion = ['Go on record that']\nbelief = ['spitball']\n")
    [(*claim, content, speaker)] = found(text, nlp)
    assert (tuple(claim), speaker) == (cue, "Ann Hale")
    assert "the road is open" in content


def test_other_cues_are_as_they_were(load, nlp):
    text = "“No,” Ann Hale said. The mayor thinks it is over."
    assert found(text, load("[cues]\nassertion = ['spitball']\n")) == found(text, nlp)
    assert found(text, load("")) == found(text, nlp)


def test_titles_make_a_name_and_a_role(load):
    text = "“We will not go,” Bigwig Tandu Mbeki said on Friday. The Bigwig Tandu Mbeki is 40."
    extraction = claimx.extract(text, nlp=load("[titles]\nwords = ['bigwig']\n"))
    [speaker] = extraction.speakers
    assert speaker.name == "Tandu Mbeki"
    assert [affiliation.role for affiliation in speaker.affiliations] == ["Bigwig"]


def test_names_are_merged_under_the_first(load):
    rules = "[names.merge]\n'Robert Quill' = ['Bob Vane', 'R. Quill']\n"
    text = "Bob Vane said it was late. R. Quill denied that it was. Carla Moss agreed that it rained."
    extraction = claimx.extract(text, nlp=load(rules))
    assert [speaker.name for speaker in extraction.speakers] == ["Robert Quill", "Carla Moss"]
    assert [claim.speaker for claim in extraction.claims] == ["s1", "s1", "s2"]


def test_names_are_kept_apart(load, nlp):
    text = "Ann Hale said the road was open. Anne Hale said it was not."
    assert len(claimx.extract(text, nlp=nlp).speakers) == 1
    apart = claimx.extract(text, nlp=load("[names]\napart = [['Ann Hale', 'Anne Hale']]\n"))
    assert [speaker.name for speaker in apart.speakers] == ["Ann Hale", "Anne Hale"]


def test_organizations_are_merged_and_kept_apart(load, nlp):
    text = "Velar Group said sales fell. Velar said profits rose. Ostra Holding said nothing would change."
    assert len(claimx.extract(text, nlp=nlp).speakers) == 2
    apart = claimx.extract(text, nlp=load("[names]\napart = [['Velar', 'Velar Group']]\n"))
    assert [speaker.name for speaker in apart.speakers] == ["Velar Group", "Velar", "Ostra Holding"]
    merged = claimx.extract(text, nlp=load("[names.merge]\n'Velar Group' = ['Ostra Holding']\n"))
    assert [speaker.name for speaker in merged.speakers] == ["Velar Group"]


def test_patterns_are_ignored(load):
    text = "“No,” Ann Hale said.\n\nRead more: “Yes,” Bob Vane said.\n\n“Maybe,” Carla Moss said."
    nlp = load("[ignore]\npatterns = ['Read more:.*']\n")
    assert [row[3] for row in found(text, nlp)] == ["“No,”", "“Maybe,”"]


def test_rules_go_with_the_pipeline(load, tmp_path):
    import spacy

    nlp = load("[cues]\nassertion = ['spitball']\n")
    text = "Ann Hale spitballed that the road is open."
    expected = found(text, nlp)
    nlp.to_disk(tmp_path / "saved")
    assert found(text, spacy.load(tmp_path / "saved")) == expected
    again = spacy.blank("en").from_config(nlp.config).from_bytes(nlp.to_bytes())
    assert found(text, again) == expected


def test_rules_survive_json_and_pickle(tmp_path):
    path = tmp_path / "r.toml"
    path.write_text("[names]\napart = [['A B', 'C B']]\n[names.merge]\n'A B' = ['D']\n")
    rules = read_rules(path)
    assert UserRules.model_validate_json(rules.model_dump_json()) == rules == pickle.loads(pickle.dumps(rules))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[cues]\nassertoin = ['x']\n", "line 2: cues.assertoin is no key"),
        ("[cues]\nbelief = 'x'\n", "line 2: cues.belief must be a list"),
        ("[cues]\nbelief = [\n  'x',\n  5,\n]\n", "cues.belief must be a word"),
        ("[cues]\nbelief = ['']\n", "line 2: cues.belief is empty"),
        ("\n\n[ignore]\npatterns = [\n  'fine',\n  '(',\n]\n", "line 6: ignore.patterns is not a regular expression"),
        ("[names]\napart = [['Ann Hale']]\n", "line 2: names.apart needs two names"),
        ("[names.merge]\n'A B' = 'C'\n", "line 2: names.merge.A B must be a list"),
        ("[titel]\nwords = []\n", "line 1: titel is no key"),
        ("titles = ['x']\n", "line 1: titles must be a table"),
        ("[cues\n", "line 1"),
    ],
)
def test_errors_name_line_and_key(tmp_path, content, told):
    path = tmp_path / "my.toml"
    path.write_text(content)
    with pytest.raises(ConfigError) as error:
        read_rules(path)
    assert str(path) in str(error.value) and told in str(error.value)


def test_the_command_line_takes_rules(tmp_path):
    from click.testing import CliRunner

    from claimx.cli import main

    (tmp_path / "r.toml").write_text("[cues]\nassertion = ['spitball']\n")
    (tmp_path / "a.txt").write_text("Ann Hale spitballed that the road is open.")
    runner = CliRunner()
    target = tmp_path / "out.jsonl"
    for command in (["extract", str(tmp_path / "a.txt")], ["batch", str(tmp_path / "a.txt"), "--workers", "1", "-q"]):
        done = runner.invoke(main, [*command, "--rules", str(tmp_path / "r.toml"), "-o", str(target)])
        assert done.exit_code == 0, done.output
        [claim] = json.loads(target.read_text())["claims"]
        assert claim["cue"]["lemma"] == "spitball"
        target.unlink()
    (tmp_path / "r.toml").write_text("[cues]\nx = 1\n")
    done = runner.invoke(main, ["extract", str(tmp_path / "a.txt"), "--rules", str(tmp_path / "r.toml")])
    assert done.exit_code == 2 and "line 2" in done.output
