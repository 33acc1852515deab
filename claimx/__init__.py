"""claimx reads news articles and says who claims what, and in what capacity."""

__version__ = "0.1.0"
DEFAULT_MODEL = "en_core_web_sm"


def load_base(model=DEFAULT_MODEL):
    import spacy
    return spacy.load(model)
