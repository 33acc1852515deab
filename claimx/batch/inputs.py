"""What a batch reads: the files behind its inputs, listed in order before it starts, and the tasks that they make.

The list is a file of JSON lines, so that a million inputs need no memory; its digest is how a batch that goes on knows
that nothing has changed.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from claimx.errors import BatchError, InputError
from claimx.filenames import is_remote, shown
from claimx.readers import ReadOptions
from claimx.readers.records import Record, holds_many, stream_records

_CHUNK = 1 << 20


@dataclass(slots=True)
class Failure:
    """An input that did not become a record, as a line of the error file tells it."""

    id: str
    path: str | None
    stage: str
    error: str
    message: str

    @classmethod
    def of(cls, error: Exception, id: str, path: str | None, stage: str) -> Failure:
        kind = type(error).__name__
        return cls(shown(id), path and shown(path), stage, kind, shown(str(error)) or kind)


@dataclass(slots=True)
class Input:
    """A file to read. `sha256` is that of its bytes, for a remote one what its store has in its place; `many` tells
    that it is a stream of articles; `failure` is why it cannot be read."""

    id: str
    path: str
    size: int = 0
    sha256: str = ""
    many: bool = False
    modified: int = 0
    failure: Failure | None = None

    def to_line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":")) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Input:
        values = json.loads(line)
        failure = values.pop("failure")
        return cls(**values, failure=failure and Failure(**failure))

    @property
    def identity(self) -> str:
        return f"{self.path}\0{self.size}\0{self.sha256}\0{self.failure.error if self.failure else ''}\n"


@dataclass(slots=True)
class Task:
    """What becomes one record or one line of the error file: a file, a record of one, or a failure met on the way.

    `size` is about its length in characters, `read` how many bytes of its input it takes; `warnings` came up on the
    way to it.
    """

    id: str
    path: str | None
    value: Input | Record | Failure
    size: int
    read: int
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Survey:
    """What the inputs of a batch are: how many files and bytes, and the digest of all of them."""

    files: int = 0
    bytes: int = 0
    sha256: str = ""


def survey(names: Iterable[str], pattern: str | None, path: Path, step: Callable[[int], None]) -> Survey:
    """List all files behind `names` in the file `path`; `step` is told how many were found.

    A name is a file, a folder (all its files, but for hidden ones, sorted by their paths; `pattern` picks some by name
    or by path in the folder), a glob, an address for fsspec, or "-" for a list of these on standard input.
    """
    found, digest = Survey(), hashlib.sha256()
    with open(path, "w", encoding="utf-8") as stream:
        for item in _files(_named(names), pattern):
            digest.update(item.identity.encode("utf-8", "surrogatepass"))
            stream.write(item.to_line())
            found.files += 1
            found.bytes += item.size
            step(found.files)
    found.sha256 = digest.hexdigest()
    return found


def listed(path: Path) -> Iterator[Input]:
    """The inputs that `survey` listed."""
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            yield Input.from_line(line)


def first_difference(before: Path, now: Path) -> str:
    """In words, the first input in which two lists differ."""
    old, new = listed(before), listed(now)
    while True:
        was, is_ = next(old, None), next(new, None)
        if was is None or is_ is None:
            return f"{is_.path} is new" if is_ else f"{was.path} has gone" if was else "their order has changed"
        if was.path != is_.path:
            return f"{is_.path} is new" if is_.path < was.path else f"{was.path} has gone"
        if was.identity != is_.identity:
            return f"{is_.path} has changed"


def _named(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name != "-":
            yield name
            continue
        for line in sys.stdin.buffer if sys.stdin else ():
            if line.lstrip().startswith(b"{"):
                raise BatchError.no_list()
            for part in line.rstrip(b"\r\n").split(b"\0"):  # find -print0 parts names by NULs
                if part.strip():
                    yield os.fsdecode(part)


def _files(names: Iterable[str], pattern: str | None) -> Iterator[Input]:
    for name in names:
        if is_remote(name):
            yield from _remote(name, pattern)
        elif os.path.isdir(name):
            above = [os.stat(folder) for folder in Path(os.path.realpath(name)).parents]
            yield from _walk(name, "", pattern, tuple((folder.st_dev, folder.st_ino) for folder in above))
        elif not os.path.lexists(name) and glob.has_magic(name) and (found := sorted(glob.glob(name, recursive=True))):
            yield from _files(found, pattern)
        else:
            yield _input(name, os.path.basename(name))


def _walk(root: str, below: str, pattern: str | None, above: tuple[tuple[int, int], ...]) -> Iterator[Input]:
    folder = os.path.join(root, below)
    try:
        here = os.stat(folder)
        if (here.st_dev, here.st_ino) in above:
            raise InputError.loop(folder)
        names = sorted(os.listdir(folder))
    except (InputError, OSError) as error:
        yield _failed(below or folder, folder, error)
        return
    for name in names:
        path, id = os.path.join(folder, name), f"{below}/{name}" if below else name
        if name.startswith("."):
            continue
        if os.path.isdir(path):
            yield from _walk(root, id, pattern, (*above, (here.st_dev, here.st_ino)))
        elif _fits(id, pattern):
            yield _input(path, id)


def _remote(name: str, pattern: str | None) -> Iterator[Input]:
    try:
        import fsspec
    except ImportError:
        yield _failed(name, name, InputError.needs(name, "fsspec", "ray"))
        return
    try:
        store, root = fsspec.core.url_to_fs(name)
        paths = store.expand_path(root, recursive=True) if glob.has_magic(root) or store.isdir(root) else [root]
        for path in sorted(paths):
            if store.isdir(path):
                continue
            id = path[len(root) :].lstrip("/") if path.startswith(root) and path != root else os.path.basename(path)
            hidden = any(part.startswith(".") for part in id.split("/"))
            if not hidden and _fits(id, pattern):
                full = store.unstrip_protocol(path)
                try:
                    yield Input(id, full, store.size(path) or 0, store.ukey(path), holds_many(full))
                except (InputError, OSError) as error:
                    yield _failed(id, full, error)
    except Exception as error:  # each store has errors of its own
        yield _failed(name, name, InputError.unreadable(name, error))


def _fits(id: str, pattern: str | None) -> bool:
    return pattern is None or fnmatchcase(os.path.basename(id), pattern) or fnmatchcase(id, pattern)


def _input(path: str, id: str) -> Input:
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise InputError.not_a_file(path)
        many, digest = holds_many(path), hashlib.sha256()
        with open(path, "rb", buffering=0) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except (InputError, OSError) as error:
        return _failed(id, path, error)
    return Input(id, path, status.st_size, digest.hexdigest(), many, status.st_mtime_ns)


def _failed(id: str, path: str, error: Exception) -> Input:
    error = InputError.of(path, error) if isinstance(error, OSError) else error
    return Input(id, path, failure=Failure.of(error, id, path, "read"))


@dataclass(slots=True, frozen=True)
class Source:
    """The tasks of the inputs that `survey` listed in the file `path`, all but the first `skip`."""

    path: Path
    options: ReadOptions
    skip: int = 0

    def tasks(self) -> Iterator[Task]:
        """One task for each article, in their order; what cannot be read is a task as well."""
        return islice(tasks(listed(self.path), self.options), self.skip, None)

    def parts(self, size: int) -> Iterator[tuple[list[Input], int]]:
        """Inputs that can be read apart, up to `size` files or one of many articles, and how many tasks to skip."""
        skip = self.skip
        for many, group in groupby(listed(self.path), key=lambda item: item.many):
            while part := list(islice(group, 1 if many else size)):
                count = sum(1 for _ in tasks(part, self.options)) if many and skip else len(part)
                if skip < count:
                    yield part, skip
                skip = max(0, skip - count)


def tasks(inputs: Iterable[Input], options: ReadOptions) -> Iterator[Task]:
    """The tasks of `inputs`: of a file of many articles as many as it holds, of any other one."""
    for item in inputs:
        if item.failure:
            yield Task(item.id, item.path, item.failure, 0, item.size)
        elif not item.many:
            yield Task(item.id, item.path, item, item.size, item.size)
        else:
            yield from _records(item, options)


def _records(item: Input, options: ReadOptions) -> Iterator[Task]:
    read, told = 0, []

    def task(value: Any, id: str, size: int, upto: int) -> Task:
        nonlocal read
        taken, read = max(0, upto - read), max(read, upto)
        warnings = told[:]
        told.clear()
        return Task(id, item.path, value, size, taken, warnings)

    def failed(error: InputError) -> Task:
        return task(Failure.of(error, item.id, item.path, "read"), item.id, 0, read)

    last = None
    changed = [InputError.changed(item.path)]
    for record in stream_records(item.path, options, told.append) if is_same(item) else changed:
        if last is not None:
            yield last
        if isinstance(record, InputError):
            last = failed(record)
        else:
            value = record.value
            text = value.get(options.text_key) if isinstance(value, dict) else value
            size = len(text) if isinstance(text, str) else 0
            last = task(record, f"{item.id}:{record.number}", size, record.read)
    if last is not None:
        last.read += max(0, item.size - read)
        yield last
    if not is_same(item) and not (last and isinstance(last.value, Failure)):
        yield failed(*changed)


def is_same(item: Input) -> bool:
    """Whether a file is still the one that was listed. Of a remote one nothing is known."""
    if is_remote(item.path):
        return True
    try:
        status = os.stat(item.path)
    except OSError:
        return True  # opening it tells more
    return (status.st_size, status.st_mtime_ns) == (item.size, item.modified)
