"""Results as a table a person reads in a terminal."""

from firingorder_session.analysis import Analysis
from firingorder_signal.blocks import SyncClass
from firingorder_signal.reasons import describe
from firingorder_signal.results import Lift, Reason, ReasonCode, SetResult, Verdict
from firingorder_signal.sync import WORDS

VERDICT_WORDS = {
    Verdict.HAMSTRING_FIRST: "hamstring first",
    Verdict.GLUTE_FIRST: "glute first",
    Verdict.SIMULTANEOUS: "together",
    Verdict.INCONCLUSIVE: "not clear yet",
    Verdict.GLUTE_NOT_DETECTED: "glute not detected",
    Verdict.HAMSTRING_NOT_DETECTED: "hamstring not detected",
    Verdict.NOT_JUDGED: "not judged",
}
HEADER = ("lift", "start", "order", "lag", "90 % interval", "null lag", "hip", "pelvis", "")


def write_analysis(analysis: Analysis) -> str:
    """Write a recording's sets, one table each."""
    name = str(analysis.identity.get("name", "recording"))
    parts = [f"{name} · {analysis.protocol.replace('_', ' ')}"]
    parts += [write_set(result) for result in analysis.sets]
    if not analysis.sets:
        parts.append("no hamstring and no glute channel; name them: --hamstring NAME --glute NAME")
    parts += [f"note: {note}" for note in analysis.notes]
    return "\n".join(parts)


def write_set(result: SetResult) -> str:
    """Write one side's lifts and verdict."""
    rows = [HEADER, *(write_lift(lift) for lift in result.lifts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    side = result.side.value or "side not stated"
    parts = [f"\n{side}: {summarize(result)}", *(f"  {line}" for line in lines if result.lifts)]
    return "\n".join([*parts, *write_sync(result)])


def write_sync(result: SetResult) -> list[str]:
    """Say how the pair's clocks are related, where there are two, and how well they agreed."""
    if result.sync in (None, SyncClass.SAME_CONVERTER):
        return []
    found = [lift.lag.sync_uncertainty_s for lift in result.lifts if lift.lag is not None]
    within = f", within {1000 * max(found):.1f} ms" if found else ""
    return [f"  clocks: class {result.sync.value}, {WORDS[result.sync]}{within}"]


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
    if lag is not None and not remark:
        remark = "; ".join(
            describe(reason)[0] for reason in lag.cautions if reason.code is not ReasonCode.METHODS_DISAGREE
        )
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


def write_reason(reason: Reason | None) -> str:
    """Say why, and what to do."""
    if reason is None:
        return ""
    what, fix = describe(reason)
    return f": {what}; {fix}"


def ms(seconds: float | None, *, signed: bool = True) -> str:
    """Write seconds as milliseconds, with a sign where it is a direction."""
    if seconds is None:
        return ""
    milliseconds = round(seconds * 1000)  # a whole number: it is never -0
    return f"{milliseconds:{'+' if signed else ''}d} ms"


def degrees(angle_deg: float | None) -> str:
    """Write an angle."""
    return "" if angle_deg is None else f"{angle_deg:.0f}°"
