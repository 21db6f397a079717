"""`to_frame`: a recording, a set, an analysis or a cohort as a frame of pandas or Polars."""

from collections.abc import Callable
from typing import Any

from firingorder_signal.results import SetResult

from ..cohort.run import Cohort
from ..judging.analysis import Analysis
from ..recordings.recording import Recording
from .columns import Columns, UnknownTable, make_frame
from .results import analysis_columns, cohort_columns, set_columns
from .samples import TABLES, Span, recording_columns

_OF_RESULT = ("lifts", "sets", "onsets")
#: Kind of result, its tables (the first is meant where none is named), and what makes their columns.
_RESULTS: tuple[tuple[type[object], tuple[str, ...], Callable[[Any, str], Columns]], ...] = (
    (Analysis, _OF_RESULT, analysis_columns),
    (SetResult, _OF_RESULT, set_columns),
    (Cohort, ("sets", "lifts", "failures"), cohort_columns),
)


def to_frame(
    thing: Recording | Analysis | SetResult | Cohort,
    table: str | None = None,
    *,
    library: str = "pandas",
    between_s: Span | None = None,
) -> Any:
    """Turn samples or results into a frame.

    Parameters
    ----------
    thing
        From `read`, `analyze` (or one of its `sets`), or `run_cohort`.
    table
        Of a recording `emg` (default), `imu` or `analog`: a row a sample and channel, or a row a sample of a motion
        sensor, each at its own time, in seconds from the recording's origin; nothing is interpolated, NaN = a lost
        sample. Of results `lifts` (default), `sets` or `onsets`, of a cohort `sets` (default), `lifts` or `failures`:
        the columns are those of a cohort's tables, and what is not known is missing.
    library
        `pandas` or `polars`.
    between_s
        Only samples of this stretch, `(start, stop)`; of a recording alone.

    Returns
    -------
    DataFrame
        Of that library.

    Raises
    ------
    ExtraMissing
        The library is not installed (extra `notebook`).
    UnknownTable
        There is no such table or library, or the recording has no such samples.
    TypeError
        `thing` is none of these: a mistake of the caller.

    Examples
    --------
    >>> import firingorder as fo
    >>> recording = fo.read("fixtures/five-lifts.fo")
    >>> fo.to_frame(recording, "emg", between_s=(4.0, 4.5)).groupby("site", observed=True).size().to_dict()
    {'gluteus_maximus/right': 1000, 'hamstring_lateral/right': 1000}
    """
    if isinstance(thing, Recording):
        return make_frame(recording_columns(thing, _choose(table, TABLES), between_s), library)
    if between_s is not None:
        raise TypeError("between_s is for samples; pick rows of results by their times")
    for kind, known, columns in _RESULTS:
        if isinstance(thing, kind):
            return make_frame(columns(thing, _choose(table, known)), library)
    raise TypeError(f"expected a Recording, an Analysis, a SetResult or a Cohort; got {type(thing).__name__}")


def _choose(table: str | None, known: tuple[str, ...]) -> str:
    """Return the table meant; raise UnknownTable where there is none of that name."""
    if table is not None and table not in known:
        raise UnknownTable(f"there is no table {table!r}; expected one of {', '.join(known)}")
    return table or known[0]
