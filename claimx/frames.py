"""Claims as data frames of pandas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claimx.errors import OutputError
from claimx.schema import Extraction

if TYPE_CHECKING:
    from pandas import DataFrame


def to_frame(extractions: Extraction | Iterable[Extraction]) -> DataFrame:
    """One row a claim, of one extraction or of many: the rows of `Extraction.to_rows`, with the columns of the CSV.

    Raises `OutputError` where pandas is not installed.
    """
    try:
        import pandas
    except ModuleNotFoundError as error:
        if error.name != "pandas":
            raise
        raise OutputError.no_pandas() from error
    from claimx.writers.text import COLUMNS

    several = [extractions] if isinstance(extractions, Extraction) else extractions
    return pandas.DataFrame([row for extraction in several for row in extraction.to_rows()], columns=[*COLUMNS])
