"""One simulated lift, judged whole and with one thing wrong at a time: each gate says its own reason."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from firingorder_bridge.virtual.sets import SimulatedSet, simulate_set
from firingorder_bridge.virtual.settings import SetParams
from firingorder_signal.blocks import FloatArray, SampleBlock, Site, StreamInfo, Timebase
from firingorder_signal.emg_stream import EmgStream
from firingorder_signal.lift_judge import LiftWindow, MuscleFinding, compare_muscles, examine_muscle
from firingorder_signal.onset import OnsetPosterior
from firingorder_signal.reasons import describe
from firingorder_signal.results import ReasonCode, Verdict
from firingorder_signal.rules import JudgementRules

RULES = JudgementRules()
HAMSTRING = Site.parse("hamstring_lateral/right")
GLUTE = Site.parse("gluteus_maximus/right")
RATE_HZ = 2000


@cache
def simulate() -> SimulatedSet:
    """Simulate one lift, the hamstring well before the glute."""
    return simulate_set(SetParams(n_lifts=1, lag_s=0.12, lag_sd_s=0.0), seed=3)


def raw(site: Site) -> FloatArray:
    """Copy out one muscle's samples, to be spoilt."""
    return np.array(simulate().hamstring_uv if site == HAMSTRING else simulate().glute_uv)


def rows_around(start_s: float, stop_s: float) -> slice:
    """Rows between two times counted from the start of movement."""
    move_s = simulate().lifts[0].move_s
    return slice(round((move_s + start_s) * RATE_HZ), round((move_s + stop_s) * RATE_HZ))


def window(**changes: object) -> LiftWindow:
    """Say where to look: as the motion sensors would, to the end of the search."""
    move_s = simulate().lifts[0].move_s
    whole = LiftWindow(move_s, move_s - RULES.search_before_s, move_s + 0.4)
    return replace(whole, **changes)  # type: ignore[arg-type]  # keyword arguments are checked by replace itself


def examine(site: Site, values: FloatArray, *, range_uv: float | None = None, **changes: object) -> MuscleFinding:
    """Examine one muscle of the lift on a stream of its own."""
    info = next(info for info, _ in simulate().streams() if info.sites == (site,))
    stream = EmgStream(replace(info, range_uv=range_uv), RULES)
    stream.update(SampleBlock(stream.info, 0, values[:, np.newaxis], Timebase(0, 0.0, 1 / RATE_HZ)))
    return examine_muscle(stream, site, window(**changes), RULES)


def code_of(finding: MuscleFinding) -> ReasonCode | None:
    """Return the code of the reason that forbids an order; None without one."""
    assert finding.reason is None or finding.reason.site == finding.site
    return finding.reason.code if finding.reason else None


def test_clean_muscles_are_compared() -> None:
    found = [examine(site, raw(site)) for site in (HAMSTRING, GLUTE)]
    lag = compare_muscles(found[0], found[1], 0.0, RULES)
    assert lag.verdict is Verdict.HAMSTRING_FIRST
    assert lag.lag_s == pytest.approx(0.12, abs=0.04)
    assert found[0].onset.time_s == pytest.approx(simulate().lifts[0].onsets_s["hamstring"], abs=0.03)


def test_a_clipped_signal_is_refused() -> None:
    values = np.clip(raw(GLUTE), -40.0, 40.0)
    clipped = examine(GLUTE, values, range_uv=40.0)
    assert code_of(clipped) is ReasonCode.CLIPPING
    lag = compare_muscles(examine(HAMSTRING, raw(HAMSTRING)), clipped, 0.0, RULES)
    assert (lag.verdict, lag.lag_s) == (Verdict.NOT_JUDGED, None)
    assert lag.null_lag_s is not None  # both onsets are there, whatever they may be used for


def test_a_held_input_is_an_electrode_that_is_off() -> None:
    values = raw(GLUTE)
    values[:] = 12.5
    assert code_of(examine(GLUTE, values)) is ReasonCode.ELECTRODE_OFF


def test_a_floating_input_is_an_electrode_that_is_off() -> None:
    hum = 20_000.0 * np.sin(2 * np.pi * 50.0 * np.arange(len(raw(GLUTE))) / RATE_HZ)
    assert code_of(examine(GLUTE, raw(GLUTE) + hum)) is ReasonCode.ELECTRODE_OFF


def test_an_electrode_that_comes_off_in_the_lift_is_noticed() -> None:
    values = raw(GLUTE)
    values[rows_around(0.05, 5.0)] = 20_000.0
    assert code_of(examine(GLUTE, values)) is ReasonCode.ELECTRODE_OFF


def test_an_electrode_that_comes_off_in_the_rest_is_no_onset() -> None:
    """A free input hums: 400 uV of mains from before the movement on, after a quiet rest."""
    values = raw(GLUTE)
    rows = rows_around(-1.0, 1.0)
    values[rows] += 565.0 * np.sin(2 * np.pi * 50.0 * np.arange(len(values[rows])) / RATE_HZ)
    assert code_of(examine(GLUTE, values)) is ReasonCode.ELECTRODE_OFF


@pytest.mark.parametrize("before_s", [0.5, 0.4, 0.3])
def test_a_short_gap_before_a_burst_does_not_hide_it(before_s: float) -> None:
    """The first samples behind a gap say nothing of what is there, and must not pass for a burst of their own."""
    values = raw(GLUTE)
    start = rows_around(-before_s, 0.0).start
    values[start : start + round(0.008 * RATE_HZ)] = np.nan
    assert isinstance(examine(GLUTE, values).posterior, OnsetPosterior)


def test_mains_hum_at_rest_is_refused() -> None:
    hum = 9.0 * np.sin(2 * np.pi * 50.0 * np.arange(len(raw(GLUTE))) / RATE_HZ)
    assert code_of(examine(GLUTE, raw(GLUTE) + hum)) is ReasonCode.MAINS_HUM


def test_a_loud_rest_is_refused_and_a_less_loud_one_noted() -> None:
    noise = np.random.default_rng(1).normal(0.0, 1.0, len(raw(GLUTE)))
    assert code_of(examine(GLUTE, 20.0 * raw(GLUTE) + 40.0 * noise)) is ReasonCode.LOUD_REST
    noted = examine(GLUTE, 5.0 * raw(GLUTE))
    assert noted.reason is None
    assert [caution.code for caution in noted.cautions] == [ReasonCode.LOUD_REST]


def test_an_electrode_that_moves_is_noted() -> None:
    values = raw(GLUTE)
    near = rows_around(-0.1, 0.4)
    values[near] += 400.0 * np.sin(2 * np.pi * 4.0 * np.arange(1000) / RATE_HZ)
    assert ReasonCode.MOVEMENT_ARTEFACT in {caution.code for caution in examine(GLUTE, values).cautions}


@pytest.mark.parametrize("at_s", [-0.45, 0.0, 0.3])
def test_a_long_gap_around_the_movement_is_refused_with_its_length(at_s: float) -> None:
    values = raw(GLUTE)
    values[rows_around(at_s, at_s + 0.012)] = np.nan
    finding = examine(GLUTE, values)
    assert code_of(finding) is ReasonCode.SAMPLES_LOST
    assert finding.reason is not None
    assert finding.reason.figure == pytest.approx(0.012)
    assert finding.reason.unit == "s"
    assert "12 ms of samples were lost" in describe(finding.reason)[0]


def test_a_gap_at_a_burst_long_before_the_movement_is_refused() -> None:
    """The leg moves 0.7 s after the glute's burst: the gap is near the onset, not near the movement."""
    values = raw(GLUTE)
    onset_s = simulate().lifts[0].onsets_s["glute"]
    near = round((onset_s - 0.1) * RATE_HZ)
    values[near : near + 30] = np.nan
    late = {"around_s": onset_s + 0.7, "search_from_s": onset_s - 0.1, "until_s": onset_s + 1.0}
    assert code_of(examine(GLUTE, values, **late)) is ReasonCode.SAMPLES_LOST


def test_a_short_gap_does_no_harm() -> None:
    values = raw(GLUTE)
    values[rows_around(-0.3, -0.291)] = np.nan
    assert code_of(examine(GLUTE, values)) is None


def test_a_gap_far_from_the_lift_does_no_harm() -> None:
    values = raw(GLUTE)
    values[rows_around(-2.7, -2.5)] = np.nan
    assert code_of(examine(GLUTE, values)) is None


def test_a_muscle_that_does_not_rest_is_refused() -> None:
    values = raw(GLUTE)
    strong = values[rows_around(0.3, 0.6)]
    for start_s in np.arange(-3.0, -0.2, 0.4):
        part = rows_around(start_s, start_s + 0.14)
        values[part] = strong[: part.stop - part.start]
    assert code_of(examine(GLUTE, values)) is ReasonCode.RESTLESS_BASELINE


def test_a_lift_at_the_very_start_has_no_baseline() -> None:
    from_s = simulate().lifts[0].move_s - 0.45
    values = raw(GLUTE)[round(from_s * RATE_HZ) :]
    finding = examine(GLUTE, values, around_s=0.45, search_from_s=-0.35, until_s=0.85)
    assert code_of(finding) in (ReasonCode.NO_BASELINE, ReasonCode.SAMPLES_LOST)


def test_a_recording_that_ends_in_the_lift_says_so() -> None:
    assert code_of(examine(GLUTE, raw(GLUTE), newest_s=0.0)) is ReasonCode.ENDED_EARLY


@pytest.mark.parametrize("behind_s", [0.005, 0.1, 0.9])
def test_a_stream_that_stops_with_the_recording_has_lost_nothing(behind_s: float) -> None:
    """Its sensor's last packet came before another's: the recording goes on for a moment, the muscle's stream not."""
    move_s = simulate().lifts[0].move_s
    values = raw(GLUTE)[: round((move_s + 0.3) * RATE_HZ)]
    late = {"until_s": move_s + 0.4, "newest_s": max(move_s + 0.3 + behind_s, move_s + 0.401)}
    finding = examine(GLUTE, values, **late)
    assert code_of(finding) is ReasonCode.ENDED_EARLY
    assert code_of(examine(GLUTE, values, **late | {"newest_s": move_s + 1.5})) is ReasonCode.SAMPLES_LOST


def test_a_gap_before_the_end_of_a_stream_is_told_all_the_same() -> None:
    move_s = simulate().lifts[0].move_s
    values = raw(GLUTE)[: round((move_s + 0.3) * RATE_HZ)]
    values[rows_around(0.0, 0.012)] = np.nan
    finding = examine(GLUTE, values, until_s=move_s + 0.4, newest_s=move_s + 0.45)
    assert code_of(finding) is ReasonCode.SAMPLES_LOST
    assert finding.reason is not None
    assert finding.reason.figure == pytest.approx(0.012)


def test_a_sensor_that_never_sent_anything_is_lost() -> None:
    info: StreamInfo = simulate().streams()[1][0]
    assert code_of(examine_muscle(EmgStream(info, RULES), GLUTE, window(), RULES)) is ReasonCode.SENSOR_LOST


def test_the_first_reason_found_forbids_the_order() -> None:
    bad = examine(GLUTE, np.full_like(raw(GLUTE), 1.0))
    lag = compare_muscles(examine(HAMSTRING, raw(HAMSTRING)), bad, 0.0, RULES)
    assert (lag.verdict, lag.reason) == (Verdict.NOT_JUDGED, bad.reason)
    assert lag.hamstring.time_s is not None


def test_nothing_after_the_end_of_the_window_is_looked_at() -> None:
    values = raw(GLUTE)
    whole = examine(GLUTE, values)
    values[rows_around(0.4, 2.0)] = 1e5
    again = examine(GLUTE, values)
    assert isinstance(whole.posterior, OnsetPosterior)
    assert again.onset == whole.onset
