"""A test of holds in pictures: what the window is told in a hold, when the hamstring takes over, and after it."""

from collections.abc import Sequence

import numpy as np
from tests.gui.synthetic import GLUTE, HAMSTRING, RATE_HZ, Plan, SyntheticTest

from firingorder_session.events.effort_events import EffortLevel, HoldCourse, HoldSummary, MuscleHold, ShareFollowed
from firingorder_session.events.guide_events import GuideBegan
from firingorder_session.events.hold_events import HoldEnded, HoldStarted
from firingorder_session.events.live_events import (
    LiveEvent,
    Origin,
    Phase,
    PhaseChanged,
    RecordingChanged,
    SensorChanged,
    SensorPhase,
    TestStarted,
)
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_signal.blocks import Side, Site
from firingorder_signal.effort import OwnReference, ReferenceSource, ShareTrend
from firingorder_signal.fatigue import Fatigue, Slope
from firingorder_signal.results import Reason, ReasonCode

SET = find_protocol("glute_set")
MAXIMUM = OwnReference(100.0, ReferenceSource.MAXIMUM)
STRONGEST = OwnReference(100.0, ReferenceSource.STRONGEST)
STARTED = TestStarted(SET.name, SET.title, Side.RIGHT, 5, Origin.SIMULATED, cues=SET.cues, hold=SET.hold)
HOLD_2 = HoldStarted(85.0, 2, 5, Side.MIDDLE, 25.0, (30.0, 60.0))
GROWING = ShareTrend(0.41, 0.009, (0.006, 0.012), 0.21)
EVEN = ShareTrend(0.34, 0.0004, (-0.002, 0.003), 0.01)
FATIGUE = Fatigue(Slope(92.0, -0.62, (-0.93, -0.31)), Slope(45.0, 0.41, (0.12, 0.70)), cv=0.08)
UNSTEADY = Fatigue(reason=Reason(ReasonCode.HOLD_UNSTEADY, 0.31, 0.20, "share", HAMSTRING), cv=0.31)


def course(percent: float, slope_s: float, start_hz: float, drift_s: float) -> HoldCourse:
    """Make 25 s of a muscle that begins half a second after the tone, varies as EMG does, and drifts."""
    rng = np.random.default_rng(round(percent))
    times_s = np.arange(1, 251) / 10
    levels_uv = np.where(times_s < 0.6, 2.0, percent * (1 + slope_s * times_s)) * rng.normal(1.0, 0.12, 250)
    middles_s = np.arange(5, 49) / 2
    medians_hz = start_hz * (1 + drift_s * middles_s) * rng.normal(1.0, 0.04, len(middles_s))
    return HoldCourse(
        tuple(zip(times_s.tolist(), levels_uv.tolist(), strict=True)),
        tuple(zip(middles_s.tolist(), medians_hz.tolist(), strict=True)),
    )


def levels(percents: dict[Site, float], reference: OwnReference | None = MAXIMUM) -> list[EffortLevel]:
    """Make half a second of even levels."""
    return [
        EffortLevel(site, 90.0 + i / 10, percent, reference) for i in range(5) for site, percent in percents.items()
    ]


def begin(sites: Sequence[Site] = (HAMSTRING, GLUTE)) -> list[LiveEvent]:
    """Begin a test with sensors, traces and one hold done."""
    events: list[LiveEvent] = [STARTED]
    events += [SensorChanged(str(site), SensorPhase.STREAMING, str(site), (site,)) for site in sites]
    events += [RecordingChanged("visit.fo", True), GuideBegan(3.0, 1, Side.MIDDLE, 1)]
    events += SyntheticTest(Plan(tuple(sites), n_lifts=1, rate_hz=RATE_HZ)).traces(0.0, 9.0)
    return [*events, HoldEnded(31.0, 1, Side.MIDDLE, 6.0)]


def in_hold(
    percents: dict[Site, float] | None = None,
    trend: ShareTrend = EVEN,
    reference: OwnReference | None = MAXIMUM,
) -> list[LiveEvent]:
    """Stand in the second hold."""
    shown = percents or {HAMSTRING: 23.0, GLUTE: 46.0}
    phase = PhaseChanged(Phase.HOLD, lift=2, progress=0.44, seconds_left=14.0)
    share = ShareFollowed(Side.RIGHT, 95.0, trend)
    return [*begin(tuple(shown)), HOLD_2, phase, *levels(shown, reference), share]


def after_hold() -> list[LiveEvent]:
    """Rest after the second hold."""
    hold = HoldEnded(110.0, 2, Side.MIDDLE, 85.0)
    muscles = (
        MuscleHold(GLUTE, 46.0, 46.0, MAXIMUM, 21.6, FATIGUE, course(45.0, 0.0041, 92.0, -0.0062)),
        MuscleHold(HAMSTRING, 31.0, 31.0, MAXIMUM, 12.0, UNSTEADY, course(18.0, 0.06, 80.0, -0.003)),
    )
    rest = PhaseChanged(Phase.REST, lift=3, progress=0.2, seconds_left=40.0)
    summary = HoldSummary(hold, muscles, ((Side.RIGHT, GROWING),), (30.0, 60.0))
    return [*in_hold(), hold, rest, *levels({HAMSTRING: 2.0, GLUTE: 3.0}), summary]
