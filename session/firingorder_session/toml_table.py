"""A table of a TOML file read strictly: a key that is missing, unknown or impossible is one line that says so."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeGuard, cast

from .errors import ProtocolRefused

Pair = tuple[float, float]


class TomlTable:
    """Read a table key by key; `finish` refuses every key that was not asked for.

    Parameters
    ----------
    where
        The file, for messages.
    path
        What the table is called in it, "" for the top.
    """

    def __init__(self, values: Mapping[str, Any], where: str, path: str = "") -> None:
        self._values, self._where, self._path = values, where, path
        self._known: set[str] = set()

    def __contains__(self, key: str) -> bool:
        """Whether the file has a key."""
        return key in self._values

    def keys(self) -> Sequence[str]:
        """All keys of the table, in the order of the file."""
        return tuple(self._values)

    def refuse(self, key: str, expected: str) -> ProtocolRefused:
        """Make the error of a key: what was expected, and what is there."""
        name = f"{self._path}.{key}" if self._path else key
        found = f"got {self._values[key]!r}" if key in self._values else "it is missing"
        return ProtocolRefused(self._where, f"{name}: expected {expected}; {found}")

    def text(self, key: str, expected: str = "some words") -> str:
        """Return a text that is not empty."""
        value = self._take(key, expected)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, expected)
        return value.strip()

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """Return one of several words."""
        expected = f"one of {', '.join(repr(each) for each in choices)}"
        if default is not None and key not in self._values:
            self._known.add(key)
            return default
        value = self._take(key, expected)
        if value not in choices:
            raise self.refuse(key, expected)
        return cast(str, value)

    def choices(self, key: str, choices: Sequence[str]) -> tuple[str, ...]:
        """Return a list of words, each one of several."""
        expected = f"a list of {', '.join(repr(each) for each in choices)}"
        words = _list_of(self._take(key, expected))
        if not words or not all(each in choices for each in words):
            raise self.refuse(key, expected)
        return tuple(map(str, words))

    def number(self, key: str, limits: Pair, unit: str) -> float:
        """Return a number within limits."""
        expected = f"a number of {unit} from {limits[0]:g} to {limits[1]:g}"
        value = self._take(key, expected)
        if not _is_number(value) or not limits[0] <= value <= limits[1]:
            raise self.refuse(key, expected)
        return float(value)

    def count(self, key: str, most: int) -> int:
        """Return a whole number from 1 to `most`."""
        expected = f"a whole number from 1 to {most}"
        value = self._take(key, expected)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise self.refuse(key, expected)
        return value

    def pair(self, key: str, limits: Pair, unit: str) -> Pair:
        """Return a range, its lower end first."""
        expected = f"two numbers of {unit}, [lowest, highest], from {limits[0]:g} to {limits[1]:g}"
        numbers = [float(each) for each in _list_of(self._take(key, expected)) if _is_number(each)]
        if len(numbers) != 2 or not limits[0] <= numbers[0] <= numbers[1] <= limits[1]:
            raise self.refuse(key, expected)
        return numbers[0], numbers[1]

    def table(self, key: str) -> "TomlTable":
        """Return a table within this one; an empty one where there is none."""
        self._known.add(key)
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise self.refuse(key, f"a table, [{key}]")
        path = f"{self._path}.{key}" if self._path else key
        return TomlTable(cast(dict[str, Any], value), self._where, path)

    def tables(self, key: str) -> "tuple[TomlTable, ...]":
        """Return a list of tables within this one: at least one."""
        expected = f"tables, [[{key}]]"
        values = _list_of(self._take(key, expected))
        if not values or not all(isinstance(each, dict) for each in values):
            raise self.refuse(key, expected)
        path = f"{self._path}.{key}" if self._path else key
        each_one = enumerate(cast("list[dict[str, Any]]", values), 1)
        return tuple(TomlTable(each, self._where, f"{path}[{number}]") for number, each in each_one)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, none of them empty."""
        expected = "a list of texts"
        values = _list_of(self._take(key, expected))
        if not values or not all(isinstance(each, str) and each.strip() for each in values):
            raise self.refuse(key, expected)
        return tuple(str(each).strip() for each in values)

    def finish(self) -> None:
        """Refuse the first key that nobody asked for."""
        for key in self._values:
            if key not in self._known:
                near = get_close_matches(key, sorted(self._known), 1)
                name = f"{self._path}.{key}" if self._path else key
                known = f"expected {near[0]!r}" if near else f"expected one of {', '.join(sorted(self._known))}"
                raise ProtocolRefused(self._where, f"{name}: there is no such key; {known}")

    def _take(self, key: str, expected: str) -> Any:
        """Return what stands at a key."""
        self._known.add(key)
        if key not in self._values:
            raise self.refuse(key, expected)
        return self._values[key]


def _list_of(value: object) -> list[object]:
    """Return a list's values; none of what is no list."""
    return cast("list[object]", value) if isinstance(value, list) else []


def _is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a number, which `true` and `nan` are not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value
