"""The report's tables: lifts, holds, electrodes."""

import math
from collections.abc import Sequence

from firingorder_signal.blocks import Side
from firingorder_signal.fatigue import Slope
from firingorder_signal.reasons import describe
from firingorder_signal.results import Lift, SetResult
from firingorder_signal.set_motion import is_examiners

from .. import figures
from ..events.effort_events import HoldSummary, MuscleHold
from .content import Table
from .facts import ElectrodeFacts, ReportFacts, is_counted
from .sides import corrected_by, held_sides, muscle_of
from .texts import ReportTexts

#: Rows of a table at most; the strip shows all lifts.
MOST_ROWS = 12
#: How columns share what their words leave of the width.
LIFT_WIDTHS, HOLD_WIDTHS = (0.0, 1.5, 1.0, 1.2, 1.0, 0.8, 0.8), (0.0, 0.7, 0.7, 0.8, 1.0, 1.6, 1.6)
#: Where the null lag stands in a row of lifts, and where hip and pelvis.
NULL_COLUMN, MOTION_COLUMNS = 4, (5, 6)
#: Cells of a lift that did not count: its remark takes their place.
SPOKEN = ("", "", "")
QUALITY_WIDTHS = (0.0, 0.0, 0.0, 0.0, 1.0)


def lift_table(result: SetResult, texts: ReportTexts, *, beside: bool) -> Table:
    """List a side's lifts; beside the other side's there is no room for the null lag."""
    head = (
        texts.column_lift,
        texts.column_order,
        texts.column_lag,
        texts.column_interval,
        texts.column_null,
        texts.column_hip,
        texts.column_tilt,
    )
    title = f"{texts.lifts_title}, {texts.sides[result.side].lower()}" if beside else texts.lifts_title
    rows = [lift_row(lift, texts) for lift in result.lifts[:MOST_ROWS]]
    # Without motion sensors nothing is told of hip and pelvis; beside another table there is no room for the null lag.
    unknown = {column for column in MOTION_COLUMNS if not any(row[column] for row in rows)}
    kept = [k for k in range(len(head)) if k not in unknown and not (beside and k == NULL_COLUMN)]
    widths = [0.0 if beside and k > 1 else LIFT_WIDTHS[k] for k in kept]
    return Table(
        title,
        tuple(head[k] for k in kept),
        "ll" + "r" * (len(kept) - 2),
        tuple(tuple(row[k] for k in kept) for row in rows),
        len(result.lifts),
        texts.more_lifts,
        tuple(widths),
        len(set(MOTION_COLUMNS) - unknown),
    )


def lift_row(lift: Lift, texts: ReportTexts) -> tuple[str, ...]:
    """Write one lift."""
    hip = "" if lift.hip_range_deg is None else figures.degrees(lift.hip_range_deg)
    tilt = "" if lift.pelvis.tilt_deg is None else figures.degrees(lift.pelvis.tilt_deg)
    lag = lift.lag
    if not is_counted(lift) or lag is None:
        return (str(lift.number), why_not(lift, texts), *SPOKEN, hip, tilt)
    interval = ""
    if lag.ci90_s is not None:
        low, high = lag.ci90_s
        interval = f"{figures.signed(1000.0 * low)} … {figures.signed(1000.0 * high)}"
    order = texts.verdicts[lift.verdict]
    if by := corrected_by(lift):
        order = f"{order} ({texts.by_hand.format(by=by)})"
    null = "" if lag.null_lag_s is None else figures.signed(1000.0 * lag.null_lag_s)
    shown = "" if lag.lag_s is None else figures.signed(1000.0 * lag.lag_s)
    return (str(lift.number), order, shown, interval, null, hip, tilt)


def why_not(lift: Lift, texts: ReportTexts) -> str:
    """Say why a lift did not count."""
    if is_examiners(lift):
        return texts.examiners
    reason = lift.reason or (lift.lag.reason if lift.lag else None)
    if reason is None:
        return texts.not_counted.format(what=texts.not_measured)
    return texts.not_counted.format(what=describe(reason, texts.words.reasons)[0])


def hold_tables(facts: ReportFacts, texts: ReportTexts) -> tuple[Table, ...]:
    """List each side's holds."""
    sides = held_sides(facts)
    return tuple(hold_table(side, facts.analysis.hold_summaries, texts, titled=len(sides) > 1) for side in sides)


def hold_table(side: Side, holds: Sequence[HoldSummary], texts: ReportTexts, *, titled: bool) -> Table:
    """List one side's holds."""
    head = (
        texts.column_hold,
        texts.column_seconds,
        texts.column_glute,
        texts.column_in_band,
        texts.column_hamstring,
        texts.column_frequency,
        texts.column_amplitude,
    )
    title = f"{texts.holds_table}, {texts.sides[side].lower()}" if titled else texts.holds_table
    rows = tuple(hold_row(side, hold, texts) for hold in holds[:MOST_ROWS])
    return Table(title, head, "lrrrrrr", rows, len(holds), texts.more_lifts, HOLD_WIDTHS)


def hold_row(side: Side, hold: HoldSummary, texts: ReportTexts) -> tuple[str, ...]:
    """Write one hold; the slopes are the glute's."""
    glute, hamstring = (muscle_of(hold, side, glute=each) for each in (True, False))
    number = str(hold.hold.number) if hold.hold.complete else f"{hold.hold.number}, {texts.cut_short}"
    seconds = f"{figures.whole(hold.hold.time_s - hold.hold.start_s)} s"
    in_band = texts.not_measured
    if glute is not None and glute.in_band_s is not None:
        in_band = f"{figures.whole(glute.in_band_s)} s"
    slopes = ("", "")
    if glute is not None:
        fatigue = glute.fatigue
        slopes = (slope_words(fatigue.frequency, texts), slope_words(fatigue.amplitude, texts))
    return (number, seconds, percent(glute, texts), in_band, percent(hamstring, texts), *slopes)


def percent(muscle: MuscleHold | None, texts: ReportTexts) -> str:
    """Write how hard a muscle worked."""
    return texts.not_measured if muscle is None or muscle.percent is None else f"{figures.integer(muscle.percent)} %"


def slope_words(slope: Slope | None, texts: ReportTexts) -> str:
    """Write a slope and half its interval, rounded up."""
    if slope is None:
        return texts.not_measured
    low, high = slope.interval_percent_s
    half = math.ceil((high - low) * 50.0 - 1e-9) / 100.0
    return texts.slope.format(slope=texts.numbers.write(slope.percent_s, 2), half=texts.numbers.write(half, 2))


def quality_table(electrodes: Sequence[ElectrodeFacts], texts: ReportTexts) -> Table | None:
    """List the electrodes and what was noticed of each; None without any."""
    if not electrodes:
        return None
    head = (texts.column_electrode, texts.column_rest, texts.column_snr, texts.column_lost, texts.column_noted)
    rows = tuple(quality_row(each, texts) for each in electrodes[:MOST_ROWS])
    return Table(texts.quality_title, head, "lrrrl", rows, len(electrodes), texts.more_rows, QUALITY_WIDTHS)


def quality_row(electrode: ElectrodeFacts, texts: ReportTexts) -> tuple[str, ...]:
    """Write one electrode."""
    write, none = texts.numbers.write, texts.not_measured
    site = electrode.site
    name = texts.parts[site.part] + (f", {texts.sides[site.side].lower()}" if site.side is not Side.MIDDLE else "")
    noted = "; ".join(
        texts.times.format(what=describe(reason, texts.words.reasons)[0], count=count)
        for reason, count in electrode.noted[:2]
    )
    lost = none if electrode.lost is None else f"{write(100.0 * electrode.lost, 1)} %"
    return (
        name,
        none if electrode.rest_uv is None else f"{write(electrode.rest_uv, 1)} µV",
        none if electrode.snr_db is None else f"{write(electrode.snr_db, 0)} dB",
        lost,
        noted or texts.nothing_noted,
    )
