"""The virtual patient holds until he may let go, and tires as he says he does."""

import pytest

from firingorder_bridge.events import Samples, StreamDescribed
from firingorder_bridge.virtual.loopback import Loopback
from firingorder_bridge.virtual.settings import MuscleParams, SetParams
from firingorder_bridge.virtual.wearable import VirtualWearable
from firingorder_session.events.effort_events import HoldSummary
from firingorder_session.events.hold_events import HoldEnded
from firingorder_session.judging.effort_meter import EffortMeter
from firingorder_session.setting_up.references import Reference, ReferenceKind
from firingorder_signal.blocks import Side
from firingorder_signal.results import ReasonCode

HOLD_S = 40.0


def plateau_of(muscle: MuscleParams) -> Reference:
    """Take what the muscle does in a lift for its maximum."""
    return Reference(muscle.site, ReferenceKind.MAXIMUM, muscle.plateau_uv)


def test_a_tired_patient_is_measured_as_he_tires() -> None:
    wearable = VirtualWearable(SetParams(), seed=3, waits=True)
    loop = Loopback(wearable)
    loop.run(4.0)
    effort = wearable.ask("static_set", Side.RIGHT)
    loop.run(HOLD_S)
    ended = wearable.ask("let_go", Side.RIGHT)
    loop.run(4.0)
    assert ended.stop_s == pytest.approx(4.0 + HOLD_S + 1.3, abs=0.1)
    muscles = wearable.params.muscles.values()
    meter = EffortMeter((30.0, 80.0), {each.site: plateau_of(each) for each in muscles})
    events = [said.event for said in loop.events]
    meter.begin([event.stream for event in events if isinstance(event, StreamDescribed)])
    meter.follow(HoldEnded(ended.stop_s - 0.5, 1, Side.MIDDLE, effort.start_s))
    found = [each for event in events if isinstance(event, Samples) for each in meter.update(event.block)]
    (summary,) = [each for each in (*found, *meter.finish()) if isinstance(each, HoldSummary)]
    glute, hamstring = summary.muscles
    growth, drift = (100.0 * truth["glute"] for truth in (effort.growth_s, effort.drift_s))
    assert glute.percent == pytest.approx(70.0 * (1 + growth / 100.0 * HOLD_S / 2), rel=0.05)
    assert glute.fatigue.amplitude is not None
    assert glute.fatigue.frequency is not None
    low, high = glute.fatigue.amplitude.interval_percent_s
    assert low <= growth <= high
    # The edges of the band do not drift: its median moves by 0.94 of what every frequency does.
    low, high = glute.fatigue.frequency.interval_percent_s
    assert low <= 0.94 * drift <= high
    assert high < 0.0
    assert hamstring.fatigue.reason is not None
    assert hamstring.fatigue.reason.code is ReasonCode.HOLD_UNSTEADY
    ((side, trend),) = summary.shares
    assert (side, trend.taking_over) == (Side.RIGHT, True)
