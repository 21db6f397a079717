"""Results as a piece of HTML, as notebooks show them: text and a table, no script, no style but its own.

Words are those of the command line; an order has no colour. Nothing of a notebook is imported.
"""

from collections.abc import Sequence
from html import escape

from .blocks import Side
from .reasons import describe
from .results import Lift, Reason, SetResult, Verdict

VERDICT_WORDS = {
    Verdict.HAMSTRING_FIRST: "hamstring first",
    Verdict.GLUTE_FIRST: "glute first",
    Verdict.SIMULTANEOUS: "together",
    Verdict.INCONCLUSIVE: "not clear yet",
    Verdict.GLUTE_NOT_DETECTED: "glute not detected",
    Verdict.HAMSTRING_NOT_DETECTED: "hamstring not detected",
    Verdict.NOT_JUDGED: "not judged",
}
HEADER = ("lift", "start", "order", "lag", "90 % interval", "hip", "")
_CELL = 'style="text-align:left"'


def write_sets(sets: Sequence[SetResult], title: str = "", notes: Sequence[str] = ()) -> str:
    """Write sets below each other.

    Examples
    --------
    >>> "not judged" in write_sets([SetResult(Side.LEFT, "emg_bursts", (), Verdict.NOT_JUDGED)])
    True
    """
    parts = [f"<p><b>{escape(title)}</b></p>"] if title else []
    parts += [_write_set(result) for result in sets]
    if title and not sets:
        parts.append("<p>no set</p>")
    parts += [f"<p><small>{escape(note)}</small></p>" for note in notes]
    return "".join(parts)


def _write_set(result: SetResult) -> str:
    """Write one side's set."""
    words = VERDICT_WORDS[result.verdict]
    if result.lag_s is not None and result.ci90_s is not None:
        words += f", lag {_ms(result.lag_s)} (90 % interval {_span(result.ci90_s)}), {result.n_valid} lifts"
    side = f"{result.side.value}, " if result.side is not Side.MIDDLE else ""
    head = f"<p>{escape(side)}{escape(result.protocol.replace('_', ' '))}: <b>{escape(words)}</b>"
    head += escape(_why(result.reason)) + "</p>"
    names = "".join(f"<th {_CELL}>{name}</th>" for name in HEADER)
    rows = "".join(_write_lift(lift) for lift in result.lifts)
    return f"{head}<table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>"


def _write_lift(lift: Lift) -> str:
    """Write one lift's row."""
    lag = lift.lag
    cells = (
        str(lift.number),
        f"{lift.start_s:.2f} s",
        VERDICT_WORDS[lift.verdict],
        _ms(lag.lag_s) if lag and lag.lag_s is not None else "",
        _span(lag.ci90_s) if lag and lag.ci90_s is not None else "",
        "" if lift.hip_range_deg is None else f"{lift.hip_range_deg:.0f}°",
        _why(lift.reason or (lag.reason if lag else None)).removeprefix(": "),
    )
    return f"<tr>{''.join(f'<td {_CELL}>{escape(cell)}</td>' for cell in cells)}</tr>"


def _why(reason: Reason | None) -> str:
    """Say why there is no answer, and what to do; nothing where there is one."""
    return "" if reason is None else ": " + "; ".join(describe(reason))


def _ms(seconds: float) -> str:
    """Write seconds as milliseconds with their sign."""
    return f"{round(1000 * seconds):+d} ms"


def _span(interval_s: tuple[float, float]) -> str:
    """Write an interval."""
    return f"{_ms(interval_s[0])} to {_ms(interval_s[1])}"
