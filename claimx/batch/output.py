"""Where a batch writes: its data set, the file of errors, the manifest, and the folder of what is not finished yet."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from claimx.batch.failing import failing
from claimx.batch.journal import entries_of
from claimx.batch.ledger import Ledger
from claimx.errors import BatchError, OutputError
from claimx.filenames import compression_of, is_remote
from claimx.schema import Extraction
from claimx.writers import FORMATS
from claimx.writers.files import bytes_into, text_into

Segments = list[tuple[int, Path]]


class Output:
    """The places of the output `path`, a file or with `partition` a folder of shards, in `format`.

    A local output has its unfinished work beside it, an output elsewhere (s3://…) in the working folder.
    """

    def __init__(self, path: str, format: str, partition: bool, escape: bool = True) -> None:
        self.escape = escape
        self.path, self.format, self.partition = path.rstrip("/") if partition else path, format, partition
        self.errors, self.manifest = f"{self.path}.errors.jsonl", f"{self.path}.manifest.json"
        self.work = Path((Path(self.path).name if is_remote(self.path) else self.path) + ".partial")

    def shard(self, number: int) -> str:
        return f"{self.path}/part-{number:05}.{self.format}{compression_of(self.path)}"

    def read_manifest(self) -> dict[str, Any] | None:
        """What the last batch that wrote here was; None where there was none. Raises `BatchError`."""
        try:
            if is_remote(self.manifest):
                store, place = _store(self.manifest)
                if not store.exists(place):
                    return None
                found = json.loads(store.cat_file(place))
            elif not os.path.exists(self.manifest):
                return None
            else:
                found = json.loads(Path(self.manifest).read_text(encoding="utf-8"))
            if not isinstance(found, dict) or not {"complete", "settings", "inputs", "model", "counts"} <= set(found):
                raise ValueError(self.manifest)
        except (OSError, ValueError):
            raise BatchError.bad_manifest(self.manifest) from None
        return found

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        made = self.work / "manifest"
        with failing(self.manifest):
            made.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
            self.publish(made, self.manifest)

    def exists(self) -> bool:
        if is_remote(self.path):
            store, place = _store(self.path)
            return store.exists(place)
        return os.path.lexists(self.path)

    def publish(self, made: Path, target: str) -> None:
        """Put a finished file in its place, at once."""
        if is_remote(target):
            store, place = _store(target)
            store.put_file(str(made), place)
            made.unlink()
            return
        with open(made, "rb") as stream:
            os.fsync(stream.fileno())
        os.replace(made, target)

    def begin(self) -> None:
        """Make the folder of unfinished work."""
        if not self.work.parent.is_dir():
            raise BatchError.no_folder(self.path, str(self.work.parent))
        with failing(self.path):
            self.work.mkdir(exist_ok=True)

    def forget(self, *, results: bool = False, but: Container[str] = ()) -> None:
        """Remove unfinished work, all files of it `but` some, and with `results` what an earlier batch wrote."""
        with failing(self.path):
            for path in self.work.iterdir():
                if path.name not in but:
                    path.unlink()
            for target in (self.errors, self.manifest, self.path) if results else ():
                self._remove(target)

    def _remove(self, target: str) -> None:
        if is_remote(target):
            store, place = _store(target)
            if store.exists(place):
                store.rm(place, recursive=self.partition)
        elif os.path.isdir(target):
            for shard in Path(target).glob("part-*"):
                shard.unlink()
        elif os.path.lexists(target):
            os.unlink(target)

    def write_shard(self, number: int, segment: Path, ledger: Ledger) -> None:
        """Make a shard, and its part of the errors, of a finished segment, which is removed."""
        with failing(self.path):
            target = self.shard(number)
            made = self._write([(number, segment)], ledger, self.work / f"errors-{number:05}", Path(target).name)
            if not is_remote(target):
                os.makedirs(self.path, exist_ok=True)
            self.publish(made, target)
            segment.unlink()

    def write_all(self, segments: Segments, ledger: Ledger) -> None:
        """Make the data set of all segments; of shards only the errors are left to be put in their place."""
        with failing(self.path):
            if self.partition:
                for number, segment in segments:
                    self.write_shard(number, segment, ledger)
                parts = sorted(self.work.glob("errors-*"))
                with open(self.work / "errors", "wb") as stream:
                    for part in parts:
                        stream.write(part.read_bytes())
            else:
                self.publish(self._write(segments, ledger, self.work / "errors", Path(self.path).name), self.path)
            self.publish(self.work / "errors", self.errors)

    def finish(self) -> None:
        """Remove what is no longer needed."""
        shutil.rmtree(self.work, ignore_errors=True)

    def _write(self, segments: Segments, ledger: Ledger, errors: Path, name: str) -> Path:
        made = self.work / f"new-{name}"
        made.unlink(missing_ok=True)
        with open(errors, "wb") as failures:
            if self.format == "jsonl":
                with open(made, "wb") as raw, bytes_into(raw, name) as lines:
                    for line, _ in _records(segments, ledger, failures):
                        lines.write(line)
                return made
            extractions = (extraction for _, extraction in _records(segments, ledger, failures))
            chosen = FORMATS[self.format]
            if chosen.made == "file":
                chosen.function()(extractions, str(made))
            else:
                with open(made, "wb") as raw, text_into(raw, name) as text:
                    chosen.function()(extractions, text, escape=self.escape)
        return made


def _records(segments: Segments, ledger: Ledger, failures) -> Iterator[tuple[bytes, Extraction]]:
    """Each record of the segments, as a line and read; failures are written to `failures`, all counted."""
    for number, segment in segments:
        with ledger.segment(number) as count:
            for entry in entries_of(segment):
                extraction = None
                if entry.failed:
                    failures.write(entry.line)
                else:
                    extraction = Extraction.model_validate_json(entry.line)
                    yield entry.line, extraction
                count(entry, extraction)


def _store(path: str):
    """The fsspec file system of an address, and the place in it. Raises `OutputError`."""
    try:
        import fsspec

        return fsspec.core.url_to_fs(path)
    except ImportError as error:
        package = "fsspec" if error.name == "fsspec" else str(error)
        raise OutputError.needs(path, package, "ray") from None
    except ValueError as error:
        raise BatchError.write_failed(path, error) from None
