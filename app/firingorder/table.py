"""Results as a table a person reads in a terminal: rows as wide as their columns, sentences wrapped under them."""

from collections.abc import Sequence
from textwrap import wrap

from firingorder.hold_lines import write_holds
from firingorder.table_words import VERDICT_WORDS, WIDTH, degrees, ms
from firingorder_session.judging.analysis import Analysis
from firingorder_session.judging.visits import ANGLES, VisitChange, describe_lag_change
from firingorder_signal.blocks import SyncClass
from firingorder_signal.exercise import Exercise
from firingorder_signal.motion_words import (
    EXAMINERS,
    EXERCISE_NAMES,
    describe_pace,
    describe_pelvis,
    describe_range,
    describe_set,
)
from firingorder_signal.reasons import describe
from firingorder_signal.results import Lift, Reason, ReasonCode, SetResult
from firingorder_signal.set_motion import is_examiners
from firingorder_signal.sync import HINTS, WORDS

HEADER = ("lift", "start", "order", "lag", "90 % interval", "null lag", "hip", "pelvis", "")


def write_analysis(analysis: Analysis) -> str:
    """Write a recording's sets, one table each."""
    name = str(analysis.identity.get("name", "recording"))
    parts = [f"{name} · {analysis.protocol.replace('_', ' ')}"]
    parts += [write_holds(analysis.hold_summaries)] if analysis.hold_summaries else []
    parts += [write_set(result) for result in analysis.sets if result.lifts or not analysis.hold_summaries]
    if analysis.unnamed:
        parts += ["", *wrap(analysis.unnamed, WIDTH)]
    parts += [f"note: {note}" for note in analysis.notes]
    return "\n".join(parts)


def write_set(result: SetResult) -> str:
    """Write one side's lifts and verdict."""
    rows = [HEADER, *(write_lift(lift) for lift in result.lifts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER) - 1)]
    side = result.side.value or "side not stated"
    parts = ["", *wrap(f"{side}: {summarize(result)}", WIDTH, subsequent_indent="  ")]
    for row in rows if result.lifts else ():
        parts += write_row(row, widths)
    return "\n".join([*parts, *write_motion(result), *write_sync(result)])


def say_changes(changes: Sequence[VisitChange], before: str) -> str:
    """Say what has changed since an earlier visit, as far as that can be told."""
    lines = [
        f"{change.side.value or 'side not stated'}, {words}"
        for change in changes
        for words in (
            describe_lag_change(change),
            *(f"{ANGLES[angle.name]}: {angle.words}" for angle in change.angles),
        )
        if words
    ]
    told = [line for each in lines for line in wrap(each, WIDTH, initial_indent="  ", subsequent_indent="    ")]
    return "\n".join(["", f"since {before}:", *(told or ["  nothing was measured at both visits"])])


def write_row(row: tuple[str, ...], widths: list[int]) -> list[str]:
    """Write one row; a remark that does not fit stands under it."""
    cells = "  ".join(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True))
    line = f"  {cells}  {row[-1]}".rstrip()
    if len(line) <= WIDTH:
        return [line]
    return [f"  {cells}".rstrip(), *_under(row[-1], widths[0] + 4)]


def write_motion(result: SetResult) -> list[str]:
    """Say what the pelvis did in each lift and in the set, and whether the motion sensors sit well."""
    told = [(str(lift.number), words) for lift in result.lifts if (words := motion_words(lift))]
    indent = max((len(number) for number, _ in told), default=0) + 4
    lines = ["  movement, from the rest before each lift:"] if told else []
    for number, words in told:
        first, *rest = _under(words, indent)
        lines += [f"  {number.ljust(indent - 2)}{first[indent:]}", *rest]
    lines += [line for words in describe_set(result) for line in _under(words, 2)]
    for reason in result.placement:
        what, fix = describe(reason)
        lines += _under(f"sensors: {what}; {fix}", 2)
    return lines


def motion_words(lift: Lift) -> str:
    """Say which movement it was where it was another, what the pelvis did, and whether the start is doubtful."""
    other = lift.reason is not None and lift.reason.code is ReasonCode.OTHER_EXERCISE
    names = [EXERCISE_NAMES[lift.exercise]] if other and lift.exercise is not None else []
    # How far the hip extended is in the table.
    words = [describe_range(lift)] if lift.exercise is Exercise.HIP_FLEXION else []
    words += [pace] if (pace := describe_pace(lift)) else []
    pelvis = describe_pelvis(lift.pelvis, lift.exercise)
    words += [f"pelvis {pelvis[0]}", *pelvis[1:]] if pelvis else []
    if lift.movement is not None and not lift.movement.confident:
        words.append("start of movement doubtful")
    return ": ".join([*names, "; ".join(words)]) if words else "".join(names)


def _under(text: str, indent: int) -> list[str]:
    """Wrap a sentence, indented."""
    space = " " * indent
    return wrap(text, WIDTH, initial_indent=space, subsequent_indent=space)


def write_sync(result: SetResult) -> list[str]:
    """Say how the pair's clocks are related, where there are two, and how well they agreed."""
    if result.sync in (None, SyncClass.SAME_CONVERTER):
        return []
    found = [lift.lag.sync_uncertainty_s for lift in result.lifts if lift.lag is not None]
    within = f", within {1000 * max(found):.1f} ms" if found else ""
    hint = f"; {HINTS[result.sync]}" if result.sync in HINTS else ""
    return _under(f"clocks: class {result.sync.value}, {WORDS[result.sync]}{within}{hint}", 2)


def summarize(result: SetResult) -> str:
    """Say a set's verdict in one sentence."""
    words = VERDICT_WORDS[result.verdict]
    if result.lag_s is not None and result.ci90_s is not None:
        low, high = result.ci90_s
        order = "after" if round(result.lag_s * 1000) >= 0 else "before"
        words += f", glute {ms(abs(result.lag_s), signed=False)} {order} hamstring"
        words += f" (90 % interval of the lag {ms(low)} to {ms(high)}"
        words += f", together = within {ms(result.band_s, signed=False)}), {result.n_valid} lifts"
    if result.lifts_to_settle is not None:
        words += f"; about {result.lifts_to_settle} more would settle it"
    return words + write_reason(result.reason)


def write_lift(lift: Lift) -> tuple[str, ...]:
    """Write one lift's row."""
    lag = lift.lag
    interval = f"{ms(lag.ci90_s[0])} to {ms(lag.ci90_s[1])}" if lag is not None and lag.ci90_s is not None else ""
    remark = write_reason(lift.reason or (lag.reason if lag else None)).removeprefix(": ")
    if is_examiners(lift):
        remark = EXAMINERS
    if lag is not None and not remark:
        remark = "; ".join(
            describe(reason)[0] for reason in lag.cautions if reason.code is not ReasonCode.METHODS_DISAGREE
        )
    if hand := corrected_words(lift):
        remark = "; ".join(words for words in (hand, remark) if words)
    return (
        str(lift.number),
        f"{lift.start_s:.2f} s",
        VERDICT_WORDS[lift.verdict],
        ms(lag.lag_s) if lag else "",
        interval,
        ms(lag.null_lag_s) if lag else "",
        degrees(lift.hip_range_deg),
        degrees(lift.pelvis.tilt_deg),
        remark,
    )


def corrected_words(lift: Lift) -> str:
    """Name the muscles whose onset a person has put by hand, and who; empty where none was."""
    by_whom: dict[str, list[str]] = {}
    for site, onset in lift.onsets.items():
        if onset.corrected is not None:
            by_whom.setdefault(onset.corrected.by, []).append(str(site).replace("_", " "))
    return "; ".join(f"corrected by hand ({by}): {', '.join(sites)}" for by, sites in by_whom.items())


def write_reason(reason: Reason | None) -> str:
    """Say why, and what to do."""
    if reason is None:
        return ""
    what, fix = describe(reason)
    return f": {what}; {fix}"
