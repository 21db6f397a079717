"""The list of holds, derived without Qt: a row a hold and glute, with its effort and how it tired."""

from collections.abc import Sequence
from dataclasses import dataclass

from firingorder_session.events.effort_events import HoldSummary, MuscleHold
from firingorder_session.judging.hold_sets import muscles_of
from firingorder_signal.blocks import Side
from firingorder_signal.effort import ShareTrend
from firingorder_signal.fatigue import Slope

from . import figures
from .effort import fatigue_line, hold_title, write_slope
from .sites import SIDE_LETTERS
from .texts import Texts


@dataclass(frozen=True)
class HoldRow:
    """One glute in one hold.

    Attributes
    ----------
    place
        Place of the hold in the recording, from 0: a number comes again where a hold was cut short.
    cells
        Number, glute, time in the target, hamstring's share, slope of frequency, slope of amplitude.
    complete
        Whether it lasted as long as was asked for.
    """

    place: int
    cells: tuple[str, ...]
    complete: bool
    selected: bool
    spoken: str


def column_names(texts: Texts) -> tuple[str, ...]:
    """Name the columns."""
    words = texts.effort
    return (
        words.column_hold,
        words.column_glute,
        words.column_band,
        words.column_share,
        words.column_frequency,
        words.column_amplitude,
    )


def hold_rows(summaries: Sequence[HoldSummary], shown: HoldSummary | None, texts: Texts) -> tuple[HoldRow, ...]:
    """Build the rows, the oldest hold first."""
    rows: list[HoldRow] = []
    for place, summary in enumerate(summaries):
        glutes = [muscle for muscle in muscles_of(summary) if muscle.site.is_glute]
        rows += [_row(place, summary, glute, len(glutes) > 1, summary is shown, texts) for glute in glutes]
    return tuple(rows)


def _row(place: int, summary: HoldSummary, glute: MuscleHold, several: bool, selected: bool, texts: Texts) -> HoldRow:
    """Build one row."""
    words, hold = texts.effort, summary.hold
    sided = several or hold.side is not Side.MIDDLE
    number = f"{hold.number} {SIDE_LETTERS[glute.site.side]}" if sided else str(hold.number)
    percent = words.no_percent if glute.percent is None else words.percent.format(value=figures.integer(glute.percent))
    band = "" if glute.in_band_s is None else _band(glute.in_band_s, hold.time_s - hold.start_s, texts)
    trend = dict(summary.shares).get(glute.site.side)
    cells = (
        number,
        percent,
        band if hold.complete else words.cut_short,
        "" if trend is None else _share(trend, texts),
        _slope(glute.fatigue.frequency, texts),
        _slope(glute.fatigue.amplitude, texts),
    )
    slopes = fatigue_line(glute.fatigue, texts)
    spoken = words.row_spoken.format(title=hold_title(summary, texts), percent=percent, band=cells[2], slopes=slopes)
    return HoldRow(place, cells, hold.complete, selected, spoken)


def _band(in_band_s: float, length_s: float, texts: Texts) -> str:
    """Write the time in the target."""
    return texts.effort.in_band.format(band=figures.whole(in_band_s), length=figures.whole(length_s))


def _share(trend: ShareTrend, texts: Texts) -> str:
    """Write the hamstring's share, and whether it took over."""
    words, share = texts.effort, figures.whole(100.0 * trend.share)
    return (words.takes_over if trend.taking_over else words.percent).format(value=share, share=share)


def _slope(slope: Slope | None, texts: Texts) -> str:
    """Write a slope and half its interval."""
    if slope is None:
        return texts.effort.no_slope_cell
    value, half = write_slope(slope, texts)
    return texts.effort.slope_cell.format(slope=value, half=half)
