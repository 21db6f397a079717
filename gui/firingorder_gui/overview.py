"""What the overview bar shows: the whole recording, its lifts, its marks, and the page that is open. No Qt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from firingorder_session.events.effort_events import HoldSummary
from firingorder_signal.blocks import HAMSTRINGS, FloatArray, Site
from firingorder_signal.results import Lift

from .model import is_scored
from .sites import role_of
from .traces import WINDOW_S
from .whole_traces import WholeTraces

#: A lift without an end, because nothing says when it ended, is drawn this wide, seconds (a lift with its hold).
LIFT_S = 3.0
#: A jump shows the lift's start this long after the page's, so that the rest before it is seen.
LEAD_S = 3.0
#: Muscles shown: more rows than these would be too low to see anything.
MOST_MUSCLES = 2


@dataclass(frozen=True)
class LiftSpan:
    """A lift in the bar."""

    number: int
    start_s: float
    stop_s: float
    scored: bool
    label: str = ""  # what is written over it; its number where nothing else is said


@dataclass(frozen=True)
class OverviewContent:
    """The bar without its traces."""

    duration_s: float
    page_s: tuple[float, float]
    spans: tuple[LiftSpan, ...] = ()
    marks_s: tuple[float, ...] = ()
    shown: int | None = None  # the lift in lens and cards

    def lift_at(self, time_s: float) -> int | None:
        """Find the lift at a time."""
        return next((span.number for span in self.spans if span.start_s <= time_s <= span.stop_s), None)


@dataclass(frozen=True)
class OverviewTrace:
    """A muscle's or the hip's course: lowest and highest value a pixel, shape (n,), NaN where there is no data."""

    role: str
    low: FloatArray
    high: FloatArray


def overview_content(
    lifts: Iterable[Lift], shown: int | None, page_start_s: float, duration_s: float, marks_s: tuple[float, ...]
) -> OverviewContent:
    """Derive the bar."""
    spans = tuple(
        LiftSpan(lift.number, lift.start_s, lift.end_s or lift.start_s + LIFT_S, is_scored(lift))
        for lift in sorted(lifts, key=lambda lift: lift.start_s)
    )
    page_s = (page_start_s, min(page_start_s + WINDOW_S, duration_s))
    return OverviewContent(duration_s, page_s, spans, marks_s, shown)


def overview_of_holds(
    holds: Sequence[HoldSummary], shown: int | None, page_start_s: float, duration_s: float, marks_s: tuple[float, ...]
) -> OverviewContent:
    """Derive the bar of a test of holds; a span's number is the hold's place, `shown` as well."""
    spans = tuple(
        LiftSpan(place, each.hold.start_s, each.hold.time_s, each.hold.complete, str(each.hold.number))
        for place, each in enumerate(holds)
    )
    page_s = (page_start_s, min(page_start_s + WINDOW_S, duration_s))
    return OverviewContent(duration_s, page_s, spans, marks_s, shown)


def first_muscles(sites: list[Site]) -> list[Site]:
    """Choose the muscles of the bar: hamstring and gluteus maximus where they are, else the first ones."""
    hamstring = [site for site in sites if site.part in HAMSTRINGS][:1]
    glute = [site for site in sites if site.is_glute][:1]
    pair = hamstring + glute
    return (pair + [site for site in sites if site not in pair])[:MOST_MUSCLES]


def overview_traces(whole: WholeTraces, width: int) -> list[OverviewTrace]:
    """Reduce the recording to `width` pixels: the hip's angle first, then the muscles."""
    traces: list[OverviewTrace] = []
    if whole.motion is not None:
        hip = whole.motion.values[:, 0]
        traces.append(OverviewTrace("hip", *fold(hip, hip, width)))
    for site in first_muscles(whole.sites):
        found = whole.stream_of(site)
        if found is not None:
            columns, channel = found[0].columns, found[1]
            traces.append(OverviewTrace(role_of(site), *fold(columns.low[:, channel], columns.high[:, channel], width)))
    return traces


def fold(low: FloatArray, high: FloatArray, width: int) -> tuple[FloatArray, FloatArray]:
    """Fold columns into `width` pixels, the lowest and the highest of each; columns without data are left out."""
    width = max(min(width, len(low)), 1)
    starts = (np.arange(width) * len(low)) // width
    lowest: FloatArray = np.fmin.reduceat(np.where(np.isfinite(low), low, np.nan), starts)
    highest: FloatArray = np.fmax.reduceat(np.where(np.isfinite(high), high, np.nan), starts)
    return lowest, highest
