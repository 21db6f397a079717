"""Compare two records of texts: what the second leaves untold, and where its placeholders differ."""

import re
import string
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, cast

#: What words are asked for in: Python, and the templates of HTML and PDF.
SOURCES = (".py", ".j2", ".typ")


def walk(record: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string of nested records, mappings and tuples, with where it stands."""
    if isinstance(record, str):
        yield path, record
    elif isinstance(record, Mapping):
        for key, value in cast(Mapping[Any, object], record).items():
            name: object = (key.value or key.name) if isinstance(key, Enum) else key
            yield from walk(value, f"{path}[{name}]")
    elif isinstance(record, tuple):
        for number, value in enumerate(cast(tuple[object, ...], record)):
            yield from walk(value, f"{path}[{number}]")
    elif is_dataclass(record):
        for field in fields(record):
            yield from walk(getattr(record, field.name), f"{path}.{field.name}".lstrip("."))


def placeholders(text: str) -> list[str]:
    """List what is filled into a text."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def untold(first: object, second: object, same: frozenset[str] = frozenset()) -> list[str]:
    """List where the second record has no words of its own: a string is missing, empty, or still the first's.

    Parameters
    ----------
    same
        Strings that may be alike in both.
    """
    told = dict(walk(second))
    return [
        f"{path}: {text!r}"
        for path, text in walk(first)
        if text and (not told.get(path) or (told[path] == text and text not in same))
    ]


def misfilled(first: object, second: object) -> list[str]:
    """List where other figures would be filled in than in the first record."""
    told = dict(walk(second))
    return [
        f"{path}: {text!r} / {told[path]!r}"
        for path, text in walk(first)
        if path in told and placeholders(text) != placeholders(told[path])
    ]


def unasked(record: object, folder: Path) -> list[str]:
    """List the fields of nested records that no source beside them asks for; records of other folders are theirs."""
    sources = "\n".join(path.read_text("utf-8") for path in folder.iterdir() if path.suffix in SOURCES)
    asked = set(re.findall(r"\.(\w+)", sources))
    return sorted(set(_own_fields(record, folder)) - asked)


def _own_fields(record: object, folder: Path) -> Iterator[str]:
    """Yield the names of the fields of nested records that are declared in a folder."""
    if is_dataclass(record) and Path(str(sys.modules[type(record).__module__].__file__)).parent == folder:
        for field in fields(record):
            yield field.name
            yield from _own_fields(getattr(record, field.name), folder)
