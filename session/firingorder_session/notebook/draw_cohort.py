"""A cohort drawn: how the lags of sets are spread, by test and cue and never pooled; and left against right."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..cohort.run import Cohort
from ..cohort.summary import group_sets, lags_ms, left_right
from ..cohort.summary_drawings import BIN_MS, SHOWN_MS, SIDES
from .columns import UnknownTable
from .look import INK, LINE, QUIET, drawing

#: Up to so many sets of a side each is a dot; beyond, bars.
MOST_DOTS = 60
#: Axes go at least so far, milliseconds.
LEAST_MS = 150


def draw_cohort(cohort: Cohort) -> Any:
    """Draw a cohort; return an array of axes, a row a test and cue: the spread, and left against right.

    Raises
    ------
    UnknownTable
        No set of it has a lag.
    """
    judged = [row for row in cohort.sets if row["lag_s"] is not None]
    if not judged:
        raise UnknownTable("no set of this cohort has a lag; its tables say why: to_frame(cohort, 'sets')")
    groups = group_sets(judged)
    with drawing() as pyplot:
        _, axes = pyplot.subplots(
            len(groups), 2, figsize=(9.0, 3.1 * len(groups)), squeeze=False, layout="constrained",
            gridspec_kw={"width_ratios": [1.9, 1.0]},
        )  # fmt: skip
        shown_ms = _shown_ms(lags_ms(judged))
        for (spread, square), ((protocol, cue), rows) in zip(axes, groups.items(), strict=True):
            _draw_spread(spread, rows, shown_ms)
            said = "no cue" if cue in ("", "none") else f"cue: {cue}"
            spread.set_title(f"{protocol.replace('_', ' ')}, {said}")
            _draw_sides(square, left_right(rows), shown_ms)
    return axes


def _shown_ms(lags: Sequence[float]) -> int:
    """Return how far to both sides all axes go: the widest lag, in steps of 50 ms."""
    return int(min(max(LEAST_MS, 50.0 * (1.04 * max(map(abs, lags)) // 50.0 + 1.0)), SHOWN_MS))


def _draw_spread(ax: Any, rows: Sequence[dict[str, Any]], shown_ms: int) -> None:
    """Draw a lane a side: sets as dots or bars, above them the median and the middle half."""
    present = [each for each in SIDES if any(row["side"] == each[0] for row in rows)]
    edges = np.arange(-shown_ms, shown_ms + BIN_MS, BIN_MS)
    ax.axvline(0, color=LINE, lw=1, zorder=0)
    names = list[str]()
    for lane, (side, name, colour) in enumerate(present):
        lags = np.clip(lags_ms([row for row in rows if row["side"] == side]), -shown_ms, shown_ms - 1)
        counts, _ = np.histogram(lags, edges)
        base, most = float(len(present) - 1 - lane), max(int(counts.max()), 1)
        middles = (edges[:-1] + edges[1:]) / 2
        if len(lags) <= MOST_DOTS:
            step = min(0.11, 0.6 / most)
            for at, n in zip(middles, counts, strict=True):
                ax.plot([at] * int(n), base + step * (np.arange(n) + 0.5), "o", ms=5, color=colour, mew=0)
        else:
            ax.bar(middles, 0.6 * counts / most, BIN_MS * 0.9, bottom=base, color=colour, lw=0)
        low, middle, high = np.percentile(lags, [25, 50, 75])
        ax.plot([low, high], [base - 0.1] * 2, color=colour, lw=3, solid_capstyle="round")
        ax.plot(middle, base - 0.1, "o", ms=7, mfc="white", mec=colour, mew=2, zorder=3)
        names.append(f"{name}\n{len(lags)} sets\nmedian {middle:+.0f} ms")
    ax.set_yticks([len(present) - 1 - lane + 0.2 for lane in range(len(present))], names)
    for label, (_, _, colour) in zip(ax.get_yticklabels(), present, strict=True):
        label.set_color(colour)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set(xlim=(-shown_ms, shown_ms), ylim=(-0.25, len(present) - 0.1))
    ax.set_xlabel("lag of the set, ms  (below 0: glute first, above 0: hamstring first)")


def _draw_sides(ax: Any, pairs: Sequence[tuple[float, float]], shown_ms: int) -> None:
    """Draw a point a recording with both sides; on the line they are alike."""
    ax.plot([-shown_ms, shown_ms], [-shown_ms, shown_ms], color=LINE, lw=1, zorder=0)
    if pairs:
        left, right = np.clip(np.array(pairs).T, -shown_ms, shown_ms)
        ax.plot(left, right, "o", ms=5.5, mfc="none", mec=INK, mew=1.1)
    else:
        ax.text(
            0.5, 0.5, "no recording\nwith both sides", transform=ax.transAxes, ha="center", va="center", color=QUIET
        )
    ax.set(xlim=(-shown_ms, shown_ms), ylim=(-shown_ms, shown_ms), aspect="equal")
    ax.set_xlabel("L left lag, ms")
    ax.set_ylabel("R right lag, ms")
    ax.set_title("left against right")
    ax.locator_params(nbins=5)
