"""A cohort drawn: how the lags of sets are spread, by test and cue and never pooled; and left against right."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..cohort.run import Cohort
from ..cohort.summary import BIN_MS, LEFT, PLAIN, RIGHT, SHOWN_MS, group_sets, lags_ms, left_right
from .columns import UnknownTable
from .look import INK, LINE, QUIET, SMALL, drawing

SIDES = (("left", "L left", LEFT), ("right", "R right", RIGHT), ("", "side not stated", PLAIN))
#: Up to so many sets of a side each is a dot; beyond, bars.
MOST_DOTS = 60


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
        for (spread, square), ((protocol, cue), rows) in zip(axes, groups.items(), strict=True):
            _draw_spread(spread, rows)
            said = "no cue" if cue in ("", "none") else f"cue: {cue}"
            spread.set_title(f"{protocol.replace('_', ' ')}, {said}")
            _draw_sides(square, left_right(rows))
    return axes


def _draw_spread(ax: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Draw a lane a side: sets as dots or bars, above them the median and the middle half."""
    present = [each for each in SIDES if any(row["side"] == each[0] for row in rows)]
    edges = np.arange(-SHOWN_MS, SHOWN_MS + BIN_MS, BIN_MS)
    ax.axvline(0, color=LINE, lw=1, zorder=0)
    for lane, (side, _, colour) in enumerate(present):
        lags = np.clip(lags_ms([row for row in rows if row["side"] == side]), -SHOWN_MS, SHOWN_MS - 1)
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
        words = f"median {middle:+.0f} ms, middle half {low:+.0f} to {high:+.0f}; {len(lags)} sets"
        ax.annotate(words, (0.0, base + 0.74), xycoords=("axes fraction", "data"), color=QUIET, size=SMALL, va="center")
    ax.set_yticks([float(len(present) - 1 - lane) for lane in range(len(present))], [name for _, name, _ in present])
    for label, (_, _, colour) in zip(ax.get_yticklabels(), present, strict=True):
        label.set_color(colour)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set(xlim=(-SHOWN_MS, SHOWN_MS), ylim=(-0.25, len(present) - 0.1))
    ax.set_xlabel("lag of the set, ms  (below 0: glute first, above 0: hamstring first)")


def _draw_sides(ax: Any, pairs: Sequence[tuple[float, float]]) -> None:
    """Draw a point a recording with both sides; on the line they are alike."""
    ax.plot([-SHOWN_MS, SHOWN_MS], [-SHOWN_MS, SHOWN_MS], color=LINE, lw=1, zorder=0)
    if pairs:
        left, right = np.clip(np.array(pairs).T, -SHOWN_MS, SHOWN_MS)
        ax.plot(left, right, "o", ms=5.5, mfc="none", mec=INK, mew=1.1)
    else:
        ax.text(
            0.5, 0.5, "no recording\nwith both sides", transform=ax.transAxes, ha="center", va="center", color=QUIET
        )
    ax.set(xlim=(-SHOWN_MS, SHOWN_MS), ylim=(-SHOWN_MS, SHOWN_MS), aspect="equal")
    ax.set_xlabel("L left lag, ms")
    ax.set_ylabel("R right lag, ms")
    ax.set_title("left against right")
    ax.locator_params(nbins=5)
