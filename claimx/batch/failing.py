"""What errors of writing mean for a batch."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator

from claimx.errors import BatchError


@contextlib.contextmanager
def failing(path: str) -> Iterator[None]:
    """Tells errors of writing `path` as `BatchError`."""
    try:
        yield
    except FileNotFoundError as error:
        raise BatchError.gone(os.path.dirname(os.path.abspath(path))) from error
    except (OSError, sqlite3.Error) as error:
        raise BatchError.write_failed(path, error) from error
