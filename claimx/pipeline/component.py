"""What the components have in common: a name, options, and the rule files that decide what they find."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import srsly
from spacy.util import ensure_path

from claimx.rules import PACKAGED, RuleFiles

_OPTIONS, _RULES = "options.json", "rules/"


class RuleComponent:
    """Base of the components. All that decides a result is saved: options, rule files, and what a component adds.

    `rule_files` are the package's until a saved pipeline brings its own; what a component makes of them it makes in
    `use_rules`. An option that was set on the live component is saved as it stands, and comes back unless the config
    of the pipeline that is loaded says something else.
    """

    #: Options that are saved: attributes, and arguments of the constructor.
    OPTIONS: ClassVar[tuple[str, ...]] = ()
    #: The files of ``claimx/rules`` that the component reads, itself or through other modules.
    RULES: ClassVar[tuple[str, ...]] = ()
    #: Other files that are saved.
    SAVED: ClassVar[tuple[str, ...]] = ()

    def __init__(self, name: str) -> None:
        self.name = name
        self._configured: dict[str, Any] | None = None
        self.use_rules(PACKAGED)

    def configured(self):
        """Note that the options are those of a pipeline's config, and return the component."""
        self._configured = self._options()
        return self

    def use_rules(self, rules: RuleFiles) -> None:
        """Take rule files in the place of those there were."""
        self.rule_files = rules

    def files(self) -> dict[str, bytes]:
        """All that is saved, as files by their names."""
        found = {_RULES + name: self.rule_files.text(name).encode() for name in self.RULES}
        if self.OPTIONS:
            told = {"options": self._options(), "config": self._configured}
            found[_OPTIONS] = json.dumps(told, indent=2).encode()
        return found

    def set_files(self, files: Mapping[str, bytes]) -> None:
        """Take what `files` gave; rule files that are missing are the package's."""
        texts = {name: files[_RULES + name].decode() for name in self.RULES if _RULES + name in files}
        if texts:
            self.use_rules(RuleFiles(texts))
        if _OPTIONS in files:
            told = json.loads(files[_OPTIONS])
            for name in self.OPTIONS:
                config = (told["config"] or {}).get(name)
                if name in told["options"] and (self._configured is None or self._configured[name] == config):
                    setattr(self, name, told["options"][name])

    def _options(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.OPTIONS}

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write all that decides a result to the folder `path`."""
        path = ensure_path(path)
        for name, content in self.files().items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()):
        """Read what `to_disk` wrote, and return the component."""
        path = ensure_path(path)
        names = (_OPTIONS, *self.SAVED, *(_RULES + name for name in self.RULES))
        self.set_files({name: (path / name).read_bytes() for name in names if (path / name).is_file()})
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The files of `to_disk` in one string of bytes."""
        return srsly.msgpack_dumps(self.files())

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()):
        """Read what `to_bytes` returned, and return the component."""
        if data:
            self.set_files(srsly.msgpack_loads(data))
        return self
