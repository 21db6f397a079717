"""A recording drawn: a lane a muscle, the thigh's turn rate below, and of a result the lifts and onsets in it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from firingorder_signal.blocks import FloatArray, SampleBlock, Side, Site, StreamKind
from firingorder_signal.results import Onset

from ..judging.analysis import Analysis
from ..recordings.recording import Recording
from .look import GROUND, INK, QUIET, SMALL, colour_of, drawing, letters_of, name_of
from .look import MUSCLES as ORDER
from .samples import NoSuchSamples, Span, channel_names, cut, times_of

#: Columns a lane is thinned to, each with its least and its most value: more than a printed page can show.
N_COLUMNS = 1500
LANE_IN, REST_IN, WIDTH_IN = 0.95, 0.8, 8.4
#: A lane's scale: this share of its samples is within it, so that one knock does not flatten the rest.
WITHIN = 99.9
#: A lane goes so much further up than its signal: its name stands there.
HEADROOM = 1.75
#: Share of a lane's height that its signal has; onsets end there.
SIGNAL = 2.0 / (1.0 + HEADROOM)
DEG = 180.0 / np.pi


class Lane:
    """What is drawn in one row: a name, a colour, times and values."""

    def __init__(self, site: Site, channel: str, unit: str) -> None:
        self.site, self.unit = site, unit
        self.name = name_of(site) if site.part in ORDER or unit != "µV" else channel
        self.times = list[FloatArray]()
        self.values = list[FloatArray]()

    def arrays(self) -> tuple[FloatArray, FloatArray]:
        """Return all of it."""
        return np.concatenate(self.times), np.concatenate(self.values)


def draw_recording(
    recording: Recording, analysis: Analysis | None, between_s: Span | None, axes: Sequence[Any] | None
) -> Any:
    """Draw a stretch of a recording; return an array of axes.

    Raises
    ------
    NoSuchSamples
        Nothing was measured there.
    """
    lanes = _collect(recording, between_s)
    if not lanes:
        raise NoSuchSamples(
            f"{recording.info.name}: no EMG or motion samples there; it lasts {recording.duration_s:.1f} s"
        )
    with drawing() as pyplot:
        if axes is None:
            size = (WIDTH_IN, LANE_IN * len(lanes) + REST_IN)
            _, grid = pyplot.subplots(len(lanes), sharex=True, figsize=size, layout="constrained", squeeze=False)
            axes = list(grid[:, 0])
        if len(axes) < len(lanes):
            raise ValueError(f"axes: one for each of the {len(lanes)} lanes is needed; got {len(axes)}")
        for ax, lane in zip(axes, lanes, strict=False):
            _draw_lane(ax, lane)
        last = axes[len(lanes) - 1]
        last.set_xlabel("s from the beginning of the recording")
        if between_s is not None:
            last.set_xlim(*between_s)
        if analysis is not None:
            _mark(axes[: len(lanes)], lanes, analysis)
        axes[0].set_title(recording.info.name)
    return np.array(axes[: len(lanes)], dtype=object)


def _collect(recording: Recording, between_s: Span | None) -> list[Lane]:
    """Collect the samples of each lane: muscles in their fixed order, left beside right, then the thighs' motion."""
    lanes = dict[tuple[str, int], Lane]()
    for block in recording.blocks():
        piece = cut(block, between_s)
        if piece is None or block.stream.kind is StreamKind.ANALOG:
            continue
        if block.stream.kind is StreamKind.EMG:
            names = channel_names(block.stream)
            for number, site in enumerate(block.stream.sites):
                lane = lanes.setdefault((block.stream.stream_id, number), Lane(site, names[number], "µV"))
                lane.times.append(times_of(piece))
                lane.values.append(piece.values[:, number])
        elif block.stream.sites[0].part == "thigh":
            lane = lanes.setdefault((block.stream.stream_id, 0), Lane(block.stream.sites[0], "", "°/s"))
            lane.times.append(times_of(piece))
            lane.values.append(_turn_rate(piece))
    sides = (Side.LEFT, Side.RIGHT, Side.MIDDLE)
    rank = {part: number for number, part in enumerate(ORDER)}
    return sorted(
        lanes.values(),
        key=lambda lane: (
            lane.unit != "µV",
            sides.index(lane.site.side),
            rank.get(lane.site.part, len(rank)),
            lane.name,
        ),
    )


def _turn_rate(block: SampleBlock) -> FloatArray:
    """Return how fast a sensor turns, about any axis, degrees a second."""
    return np.asarray(DEG * np.linalg.norm(block.values[:, 3:], axis=1))


def thin(times_s: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Keep the least and the most of each column where there are more samples than can be seen; gaps stay gaps."""
    n_rows = len(values) // N_COLUMNS
    if n_rows < 4:
        return times_s, values
    n = n_rows * (len(values) // n_rows)
    groups = values[:n].reshape(-1, n_rows)
    hollow = np.isnan(groups).any(axis=1)
    filled = np.where(np.isnan(groups), 0.0, groups)
    pairs = np.column_stack([filled.min(axis=1), filled.max(axis=1)])
    pairs[hollow] = np.nan
    starts, middles = times_s[:n:n_rows], times_s[n_rows // 2 : n : n_rows]
    return np.column_stack([starts, middles]).ravel(), pairs.ravel()


def _draw_lane(ax: Any, lane: Lane) -> None:
    """Draw one lane, its level taken out."""
    times_s, values = lane.arrays()
    is_emg = lane.unit == "µV"
    known = values[~np.isnan(values)]
    if is_emg and len(known):
        values, known = values - np.median(known), known - np.median(known)
    most = float(np.percentile(np.abs(known), WITHIN)) * 1.15 if len(known) else 1.0
    ax.plot(
        *thin(times_s, values), color=colour_of(lane.site) if is_emg else QUIET, lw=0.6, rasterized=len(values) > 2000
    )
    ax.set_ylim(-(most or 1.0) if is_emg else 0.0, HEADROOM * (most or 1.0))
    ax.margins(x=0.0)
    ax.locator_params(axis="y", nbins=3)
    ax.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    badge = letters_of(lane.site) if is_emg else ""
    colour = colour_of(lane.site) if is_emg else QUIET
    words = f"{lane.name}, {lane.unit}" if is_emg else f"{lane.name}: turn rate, {lane.unit}"
    if badge:
        box = {"boxstyle": "round,pad=0.28", "fc": colour, "ec": "none"}
        ax.text(
            0.006, 0.95, badge, transform=ax.transAxes, va="top", color="white", weight="bold", size=SMALL, bbox=box
        )
    ax.text(0.05 if badge else 0.006, 0.95, words, transform=ax.transAxes, va="top", color=colour, size=SMALL)


def _mark(axes: Sequence[Any], lanes: Sequence[Lane], analysis: Analysis) -> None:
    """Mark lifts in all lanes, and each onset with its interval in its own."""
    low, high = axes[-1].get_xlim()
    for lift in (lift for result in analysis.sets for lift in result.lifts):
        end_s = lift.end_s if lift.end_s is not None else lift.start_s
        if end_s < low or lift.start_s > high:
            continue
        for ax in axes:
            ax.axvspan(max(lift.start_s, low), min(end_s, high), color=GROUND, lw=0, zorder=0)
        middle = (max(lift.start_s, low) + min(end_s, high)) / 2
        many = high - low > 60.0
        words = f"{lift.number}" if many else f"lift {lift.number}"
        axes[0].annotate(
            words, (middle, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 2), textcoords="offset points",
            ha="center", va="bottom", color=QUIET, size=SMALL,
        )  # fmt: skip
        for ax, lane in zip(axes, lanes, strict=True):
            onset = lift.onsets.get(lane.site) if lane.unit == "µV" else None
            if onset is not None and onset.time_s is not None and low <= onset.time_s <= high:
                _mark_onset(ax, lane, onset, is_close=high - low <= 10.0)


def _mark_onset(ax: Any, lane: Lane, onset: Onset, *, is_close: bool) -> None:
    """Mark one onset; its time is written where few are in sight."""
    time_s = onset.time_s or 0.0
    if onset.ci90_s is not None:
        ax.axvspan(*onset.ci90_s, ymax=SIGNAL, color=colour_of(lane.site), alpha=0.18, lw=0, zorder=1)
    ax.axvline(time_s, ymax=SIGNAL, color=INK, lw=1.1, ls="-" if onset.reason is None else (0, (2, 2)), zorder=3)
    if is_close:
        ax.annotate(
            f"{time_s:.3f} s", (time_s, 0.95), xycoords=("data", "axes fraction"), xytext=(4, 0),
            textcoords="offset points", color=INK, size=SMALL, va="top",
        )  # fmt: skip
