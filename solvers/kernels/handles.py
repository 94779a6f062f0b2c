"""Hands `Data`, `State` and `Snapshot` to compiled code by one pointer.

Numba passes a tuple by all its arrays: a call then costs ten times as much, and compiling twice.
Without compilation (NUMBA_DISABLE_JIT=1) the tuples themselves serve.
"""

from typing import Any

from numba import config
from numba.core import types
from numba.experimental import structref

from solvers.kernels.compiled import entry
from solvers.kernels.layout import Data, Snapshot, State


class _Type(types.StructRef):
    def preprocess_fields(self, fields: Any) -> Any:
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


@structref.register
class DataType(_Type):
    """Compiled form of `Data`."""


@structref.register
class StateType(_Type):
    """Compiled form of `State`."""


@structref.register
class SnapshotType(_Type):
    """Compiled form of `Snapshot`."""


class DataHandle(structref.StructRefProxy):
    """A pointer to a `Data`."""


class StateHandle(structref.StructRefProxy):
    """A pointer to a `State`."""


class SnapshotHandle(structref.StructRefProxy):
    """A pointer to a `Snapshot`."""


structref.define_proxy(DataHandle, DataType, list(Data._fields))
structref.define_proxy(StateHandle, StateType, list(State._fields))
structref.define_proxy(SnapshotHandle, SnapshotType, list(Snapshot._fields))


@entry
def _data(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, i: Any) -> Any:
    return DataHandle(a, b, c, d, e, f, g, h, i)


@entry
def _state(
    a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, i: Any, j: Any, k: Any, m: Any
) -> Any:
    return StateHandle(a, b, c, d, e, f, g, h, i, j, k, m)


@entry
def _snapshot(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
    return SnapshotHandle(a, b, c, d, e, f)


def handle(arrays: Any) -> Any:
    """What entry points take in place of a `Data`, `State` or `Snapshot`; shares its arrays."""
    if config.DISABLE_JIT:  # type: ignore[attr-defined]
        return arrays
    make: Any = {Data: _data, State: _state, Snapshot: _snapshot}[type(arrays)]
    return make(*arrays)
