"""The trained claim pipeline of claimx: ``spacy.load("en_claimx_news")``. The model card is the package's README.md."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spacy.util import get_model_meta, load_model_from_init_py

if TYPE_CHECKING:
    from spacy.language import Language

__version__ = get_model_meta(Path(__file__).parent)["version"]


def load(**overrides) -> Language:
    """Load the pipeline; `overrides` are those of `spacy.load`: `config`, `disable`, `enable`, `exclude`, `vocab`."""
    return load_model_from_init_py(__file__, **overrides)
