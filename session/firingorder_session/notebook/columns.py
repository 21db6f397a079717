"""Columns on their way into a frame, of pandas or of Polars: the same names, types and missing values in both.

What is not known is missing in the library's own way (NA, null). In samples NaN stays NaN: a sample was lost there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.errors import FiringOrderError

from ..cohort.tables import NUMBER, TEXT, WHOLE, YES_NO, Row
from .extra import load_extra

#: The libraries a frame can be of.
LIBRARIES = ("pandas", "polars")
#: Type of a column -> what pandas calls it, with missing values, where it has one of its own.
_PANDAS = {TEXT: "string", WHOLE: "Int64", YES_NO: "boolean"}
_POLARS = {TEXT: "String", WHOLE: "Int64", YES_NO: "Boolean", NUMBER: "Float64"}


class UnknownTable(FiringOrderError):
    """No such table, or no such library to make it with."""


@dataclass(frozen=True)
class Names:
    """A column of few names, many times over: a number for each row, and what the numbers stand for."""

    numbers: NDArray[np.uint32]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Values:
    """A column of values that may be missing (None), and its type as in `cohort.tables`."""

    kind: str
    values: Sequence[Any]


Columns = Mapping[str, Names | Values | NDArray[Any]]


def columns_of(rows: Sequence[Row], kinds: Mapping[str, str]) -> Columns:
    """Turn rows of a table into its columns; those that `kinds` does not name are left out."""
    return {name: Values(kind, [row[name] for row in rows]) for name, kind in kinds.items()}


def make_frame(columns: Columns, library: str) -> Any:
    """Make a frame of pandas or Polars.

    Raises
    ------
    UnknownTable
        `library` is neither.
    ExtraMissing
        It is not installed.
    """
    if library not in LIBRARIES:
        raise UnknownTable(f"no frames are made with {library!r}; expected one of {', '.join(LIBRARIES)}")
    module = load_extra(library)
    make = _pandas_column if library == "pandas" else _polars_column
    return module.DataFrame({name: make(module, column) for name, column in columns.items()})


def _pandas_column(pandas: Any, column: Names | Values | NDArray[Any]) -> Any:
    """Make one column."""
    if isinstance(column, Names):
        return pandas.Categorical.from_codes(column.numbers, list(column.names))
    if isinstance(column, Values):
        if column.kind == NUMBER:
            return np.array([np.nan if value is None else value for value in column.values], dtype=np.float64)
        return pandas.array(list(column.values), dtype=_PANDAS[column.kind])
    return column


def _polars_column(polars: Any, column: Names | Values | NDArray[Any]) -> Any:
    """Make one column."""
    if isinstance(column, Names):
        return polars.Series(values=list(column.names), dtype=polars.Enum(list(column.names))).gather(column.numbers)
    if isinstance(column, Values):
        return polars.Series(values=list(column.values), dtype=getattr(polars, _POLARS[column.kind]))
    return polars.Series(values=column)
