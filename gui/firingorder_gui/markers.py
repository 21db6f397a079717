"""What is marked on the sweep: onsets, the start of movement, the peak angles. No Qt.

A marker belongs to a time, so it scrolls away with its column: none can outlive the trace it marks.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from firingorder_signal.blocks import Site
from firingorder_signal.results import Lift

from . import figures
from .model import is_scored
from .texts import Texts


@dataclass(frozen=True)
class Marker:
    """One mark: a muscle's onset (`site`), the start of movement, or a label at a peak (`curve`: 0 hip, 1 tilt)."""

    time_s: float
    newest: bool
    site: Site | None = None
    curve: int | None = None
    label: str = ""


def markers_of(lifts: Iterable[Lift], since_s: float, texts: Texts) -> tuple[Marker, ...]:
    """Collect the markers of all lifts still on the sweep; only the newest lift carries labels.

    A lift that was not judged shows its start of movement, but no onsets.
    """
    ordered = sorted(lifts, key=lambda lift: lift.number)
    found: list[Marker] = []
    for lift in ordered:
        newest = lift is ordered[-1]
        if is_scored(lift):
            found += [
                Marker(onset.time_s, newest, site=site)
                for site, onset in lift.onsets.items()
                if onset.time_s is not None
            ]
        if newest:
            found += newest_markers(lift, texts)
    return tuple(marker for marker in found if marker.time_s >= since_s)


def newest_markers(lift: Lift, texts: Texts) -> list[Marker]:
    """Collect what only the newest lift shows: the start of movement and the peak angles."""
    found: list[Marker] = []
    if lift.movement is not None:
        label = texts.leg_moves if lift.movement.confident else texts.leg_moves_about
        found.append(Marker(lift.movement.time_s, True, label=label))
    if lift.peak_s is not None:
        for curve, angle in enumerate((lift.hip_range_deg, lift.pelvis.tilt_deg)):
            if angle is not None:
                found.append(Marker(lift.peak_s, True, curve=curve, label=figures.degrees(angle)))
    return found
