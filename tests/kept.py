"""Count what an object keeps, for tests that it does not grow: things, and bytes of arrays."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

#: What cannot hold anything else, or belongs to nobody in particular.
PLAIN = (str, bytes, int, float, complex, bool, type, type(None))


@dataclass(frozen=True)
class Kept:
    """How many things can be reached, each counted once, and how many bytes their arrays have."""

    things: int
    n_bytes: int


def count_kept(*roots: object, leaving_out: tuple[type, ...] = ()) -> Kept:
    """Count all that can be reached through attributes and containers, except through objects of some types.

    Numbers and words count where they stand in a container. Of a view into an array its whole base counts.
    """
    waiting, seen, things, n_bytes = deque[object](roots), set[int](), 0, 0
    while waiting:
        each = waiting.pop()
        if isinstance(each, PLAIN):
            things += 1
            continue
        if id(each) in seen or isinstance(each, leaving_out):
            continue
        seen.add(id(each))
        things += 1
        if isinstance(each, np.ndarray):
            n_bytes += each.nbytes if each.base is None else 0
            waiting.extend([] if each.base is None else [each.base])
        else:
            waiting.extend(_parts(each))
    return Kept(things, n_bytes)


def _parts(each: object) -> Iterable[object]:
    """List what an object holds."""
    if isinstance(each, Mapping):
        return [part for pair in cast(Mapping[object, object], each).items() for part in pair]
    if isinstance(each, list | tuple | set | frozenset | deque):
        return list(cast(Iterable[object], each))
    slots = [name for kind in type(each).__mro__ for name in getattr(kind, "__slots__", ())]
    return [*getattr(each, "__dict__", {}).values(), *(getattr(each, name, None) for name in slots)]
