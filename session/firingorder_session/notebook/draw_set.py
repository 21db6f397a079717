"""A set drawn: each lift's lag with its 90 % interval, what counts as together, and the set's own lag below."""

from collections.abc import Sequence
from typing import Any

from firingorder_signal.reasons import describe
from firingorder_signal.result_html import VERDICT_WORDS
from firingorder_signal.results import Lift, SetResult, Verdict

from .look import GROUND, INK, LINE, QUIET, SMALL, drawing, say_title

#: Half of the least that is shown, milliseconds: together, the usual lags of healthy people, and some room.
LEAST_MS = 160.0
#: Beyond this an interval runs out of the picture, with an arrow's head.
MOST_MS = 600.0
#: Inches a lift, for the set's own row and the axis, and across.
ROW_IN, REST_IN, WIDTH_IN = 0.27, 1.75, 7.6
#: Remarks are cut after so many letters: the column beside the axes holds no more.
REMARK_LETTERS = 46


def draw_set(result: SetResult, ax: Any = None) -> Any:
    """Draw a set; return its axes."""
    with drawing() as pyplot:
        if ax is None:
            height = ROW_IN * len(result.lifts) + REST_IN
            _, ax = pyplot.subplots(figsize=(WIDTH_IN, height), layout="constrained")
        shown_ms = _shown_ms(result)
        band_ms = 1000.0 * (result.band_s or 0.0)
        if band_ms:
            ax.axvspan(-band_ms, band_ms, color=GROUND, lw=0, zorder=0)
            ax.text(0, -0.85, "together", ha="center", va="center", color=QUIET, size=SMALL)
        ax.axvline(0, color=LINE, lw=1, zorder=0.5)
        for at, words in ((0.0, "←  glute first"), (1.0, "hamstring first  →")):
            across = ax.get_yaxis_transform()
            ax.text(
                at, -0.85, words, transform=across, ha="right" if at else "left", va="center", color=QUIET, size=SMALL
            )
        for row, lift in enumerate(result.lifts):
            _draw_lift(ax, row, lift, shown_ms)
        last = len(result.lifts) + 0.35
        _draw_own(ax, last, result, shown_ms)
        ax.axhline(last - 0.75, color=LINE, lw=0.8)
        ax.set_ylim(last + 0.7, -1.25)
        ax.set_xlim(-shown_ms, shown_ms)
        ax.set_yticks([*range(len(result.lifts)), last], [*(f"lift {lift.number}" for lift in result.lifts), "set"])
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.set_title(say_title(result.protocol, result.side))
        ax.set_xlabel("lag, ms: glute behind hamstring")
    return ax


def _shown_ms(result: SetResult) -> float:
    """Return how far to both sides the axis goes, milliseconds: whole intervals, in steps of 20 ms."""
    ends = [abs(end) for lift in result.lifts if lift.lag and lift.lag.ci90_s for end in lift.lag.ci90_s]
    ends += [abs(end) for end in result.ci90_s or ()]
    widest_ms = min(max([1000.0 * end for end in ends], default=0.0), MOST_MS)
    return max(LEAST_MS, 20.0 * (widest_ms * 1.06 // 20.0 + 1.0))


def _draw_lift(ax: Any, row: float, lift: Lift, shown_ms: float) -> None:
    """Draw one lift: full where it counts, hollow where it has a lag and does not."""
    counts, lag = bool(lift.valid) and lift.verdict is not Verdict.NOT_JUDGED, lift.lag
    colour = INK if counts else QUIET
    if lag is not None and lag.lag_s is not None:
        _draw_lag(ax, row, lag.lag_s, lag.ci90_s, shown_ms, colour, 1.6 if counts else 1.0)
        face = INK if counts else "white"
        at_ms = max(min(1000.0 * lag.lag_s, shown_ms), -shown_ms)
        ax.plot(at_ms, row, "o", ms=6, mfc=face, mec=colour, mew=1.2, clip_on=False, zorder=3)
    _remark(ax, row, _say(lift), colour)


def _draw_own(ax: Any, row: float, result: SetResult, shown_ms: float) -> None:
    """Draw the lag of the set itself."""
    words = VERDICT_WORDS[result.verdict]
    if result.lag_s is not None:
        _draw_lag(ax, row, result.lag_s, result.ci90_s, shown_ms, INK, 3.0)
        ax.plot(1000.0 * result.lag_s, row, "D", ms=8, color=INK, zorder=3)
        words = f"{words}, {1000.0 * result.lag_s:+.0f} ms"
        if result.ci90_s is not None:
            words += f" ({1000.0 * result.ci90_s[0]:+.0f} to {1000.0 * result.ci90_s[1]:+.0f})"
    elif result.reason is not None:
        words = f"{words}: {describe(result.reason)[0]}"
    _remark(ax, row, words, INK, weight="bold")


def _draw_lag(
    ax: Any, row: float, lag_s: float, ci90_s: Sequence[float] | None, shown_ms: float, colour: str, width: float
) -> None:
    """Draw an interval; an end beyond the axis as an arrow's head."""
    for end_s in ci90_s or ():
        end_ms = 1000.0 * end_s
        within_ms = max(min(end_ms, shown_ms), -shown_ms)
        ax.plot([1000.0 * lag_s, within_ms], [row, row], color=colour, lw=width, solid_capstyle="round", zorder=2)
        if within_ms != end_ms:
            head = ">" if end_ms > 0 else "<"
            ax.plot(within_ms, row, head, ms=5, color=colour, clip_on=False, zorder=3)


def _say(lift: Lift) -> str:
    """Say a lift's answer, or why there is none."""
    reason = lift.reason or (lift.lag.reason if lift.lag else None)
    words = VERDICT_WORDS[lift.verdict]
    return words if reason is None else f"{words}: {describe(reason)[0]}"


def _remark(ax: Any, row: float, words: str, colour: str, weight: str = "normal") -> None:
    """Write beside the axes."""
    if len(words) > REMARK_LETTERS:
        words = words[: REMARK_LETTERS - 1].rstrip() + "…"
    place = ax.get_yaxis_transform()
    ax.text(1.03, row, words, transform=place, va="center", color=colour, size=SMALL, weight=weight)
