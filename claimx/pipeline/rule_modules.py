"""The modules that read rules, with other rules than those of the package.

They keep what they read from rule files in constants of the module. A pipeline that was saved with other rule files
gets modules of its own, made from the same source, in which ``claimx.rules.load`` reads its files. Pipelines with the
package's rules, which are nearly all, get the modules that everybody imports.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import sys
from functools import lru_cache
from threading import RLock
from types import ModuleType, SimpleNamespace

from claimx.rules import RuleFiles

_FOLDER = "claimx.pipeline."
#: The modules whose results depend on rule files, of their own or of a module that they import.
READERS = frozenset(
    _FOLDER + name
    for name in (
        "lexicon", "speaker_names",
    )
)  # fmt: skip


def module(name: str, rules: RuleFiles) -> ModuleType:
    """The module `name` of ``claimx.pipeline``, reading `rules`."""
    return _copies(rules)(_FOLDER + name) if rules else importlib.import_module(_FOLDER + name)


@lru_cache(maxsize=16)
def _copies(rules: RuleFiles) -> Copies:
    return Copies(rules)


class Copies:
    """Copies of the modules of `READERS` that read `rules` and import each other; other modules are shared."""

    def __init__(self, rules: RuleFiles) -> None:
        self._rules = SimpleNamespace(load=rules.load)
        self._made: dict[str, ModuleType] = {}
        self._lock = RLock()

    def __call__(self, name: str) -> ModuleType:
        with self._lock:
            if name not in self._made:
                self._made[name] = self._copy(name)
            return self._made[name]

    def _copy(self, name: str) -> ModuleType:
        spec = importlib.import_module(name).__spec__
        copy = importlib.util.module_from_spec(spec)
        copy.__builtins__ = vars(builtins) | {"__import__": self._import}
        spec.loader.exec_module(copy)
        return copy

    def _import(self, name: str, globals=None, locals=None, fromlist=(), level: int = 0):
        if fromlist and name == "claimx.rules":
            return self._rules
        if fromlist and name in READERS:
            return self(name)
        found = importlib.import_module(name)
        return found if fromlist else sys.modules[name.partition(".")[0]]
