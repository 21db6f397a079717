"""Which kind of JSON a value is, in words that a type checker follows."""

from typing import Any, TypeGuard

Json = Any


def is_table(value: Json) -> TypeGuard[dict[str, Json]]:
    """Tell whether a value is a JSON object."""
    return isinstance(value, dict)


def is_list(value: Json) -> TypeGuard[list[Json]]:
    """Tell whether a value is a JSON array."""
    return isinstance(value, list)
