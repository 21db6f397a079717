"""`plot`: a recording, a set, an analysis or a cohort, drawn with matplotlib."""

from collections.abc import Callable
from typing import Any

from firingorder_signal.results import SetResult

from ..cohort.run import Cohort
from ..judging.analysis import Analysis
from ..recordings.recording import Recording
from .columns import UnknownTable
from .draw_cohort import draw_cohort
from .draw_recording import draw_recording
from .draw_set import REST_IN, ROW_IN, WIDTH_IN, draw_set
from .look import drawing

#: Of a lift: its rest, its rise and some of its hold.
AROUND_S = 4.0


def plot(
    thing: Recording | Analysis | SetResult | Cohort,
    *,
    ax: Any = None,
    analysis: Analysis | None = None,
    around_s: float | None = None,
    width_s: float = AROUND_S,
) -> Any:
    """Draw samples or results.

    Parameters
    ----------
    thing
        A recording: a lane a muscle, and the thigh's turn rate. A set: each lift's lag with its 90 % interval, and the
        set's own. An analysis: its sets. A cohort: the spread of set lags by test and cue, and left against right.
    ax
        Where to: one of matplotlib's axes for a set, one for each lane of a recording or each set of an analysis. None
        makes a figure.
    analysis
        For a recording: what was found in it, marked as lifts and onsets.
    around_s, width_s
        For a recording: only so many seconds around this moment; None = all of it, thinned to what can be seen.

    Returns
    -------
    Axes, or an array of them
        What was drawn on, for labels of your own; `.figure.savefig(...)` writes it.

    Raises
    ------
    ExtraMissing
        matplotlib is not installed (extra `notebook`).
    UnknownTable
        There is nothing to draw.
    TypeError
        `thing` is none of these: a mistake of the caller.
    """
    if isinstance(thing, Recording):
        between_s = None if around_s is None else (around_s - width_s / 2, around_s + width_s / 2)
        return draw_recording(thing, analysis, between_s, ax)
    if around_s is not None or analysis is not None:
        raise TypeError("around_s and analysis are for a recording")
    for kind, draw in _DRAWERS:
        if isinstance(thing, kind):
            return draw(thing, ax)
    raise TypeError(f"expected a Recording, an Analysis, a SetResult or a Cohort; got {type(thing).__name__}")


def _draw_analysis(analysis: Analysis, ax: Any) -> Any:
    """Draw the sets below each other, on one scale of lags."""
    if not analysis.sets:
        raise UnknownTable(
            f"{analysis.identity['name']}: has no set to draw; {analysis.unnamed or 'no muscle was found'}"
        )
    with drawing() as pyplot:
        if ax is None:
            rows = [ROW_IN * len(result.lifts) + REST_IN for result in analysis.sets]
            _, ax = pyplot.subplots(
                len(rows), squeeze=False, figsize=(WIDTH_IN, sum(rows)), height_ratios=rows, layout="constrained"
            )
            ax = ax[:, 0]
        for one, result in zip(ax, analysis.sets, strict=True):
            draw_set(result, one)
        widest = max(one.get_xlim()[1] for one in ax)
        for one in ax:
            one.set_xlim(-widest, widest)
    return ax


def _draw_cohort(cohort: Cohort, ax: Any) -> Any:
    """Draw a cohort; how many axes that needs, it says itself."""
    if ax is not None:
        raise TypeError("a cohort is drawn in a figure of its own")
    return draw_cohort(cohort)


#: Kind of result, and what draws it.
_DRAWERS: tuple[tuple[type[object], Callable[[Any, Any], Any]], ...] = (
    (SetResult, draw_set),
    (Analysis, _draw_analysis),
    (Cohort, _draw_cohort),
)
