"""Claims as a Parquet table: the columns of the CSV, typed; roles and organizations are lists, the unknown null."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claimx.writers import check_installed
from claimx.writers.text import COLUMNS, typed_row_of

if TYPE_CHECKING:
    from claimx.schema import Extraction

_INTEGERS, _REALS, _LISTS = ("start", "end"), ("confidence", "speaker_confidence"), ("roles", "organizations")
_ROW_GROUP = 20_000


def write_parquet(extractions: Iterable[Extraction], path: str) -> None:
    """Write one row a claim to the file `path`, a group of rows at a time. Raises `OutputError` without pyarrow."""
    check_installed(path, "parquet")
    import pyarrow
    import pyarrow.parquet as parquet

    types = dict.fromkeys(COLUMNS, pyarrow.string()) | dict.fromkeys(_INTEGERS, pyarrow.int64())
    types |= dict.fromkeys(_LISTS, pyarrow.list_(pyarrow.string())) | dict.fromkeys(_REALS, pyarrow.float64())
    types["negated"] = pyarrow.bool_()
    schema = pyarrow.schema(types)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        rows: list[dict] = []
        for row in (typed_row_of(extraction, claim) for extraction in extractions for claim in extraction.claims):
            rows.append(row)
            if len(rows) == _ROW_GROUP:
                writer.write_table(pyarrow.Table.from_pylist(rows, schema))
                rows = []
        if rows:
            writer.write_table(pyarrow.Table.from_pylist(rows, schema))
