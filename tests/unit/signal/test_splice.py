"""An onset measured against a rest from elsewhere is the onset measured in place."""

import numpy as np
import pytest
from benchmarks.onset_simulator import Channel, Scene, simulate

from firingorder_signal.blocks import FloatArray
from firingorder_signal.bursts import filter_in_chunks
from firingorder_signal.filters import BandDesign
from firingorder_signal.onset import locate_onset
from firingorder_signal.posterior import OnsetPosterior
from firingorder_signal.splice import locate_from_rest

RATE_HZ = 1000.0


def _filtered(quiet_s: float) -> tuple[FloatArray, float]:
    """Band-passed muscle that switches on after so much rest, and when."""
    scene = Scene((Channel(quiet_s, 0.08, 20.0),), duration_s=quiet_s + 1.0)
    emg, truth = simulate(scene, 1)
    return filter_in_chunks(np.ascontiguousarray(emg[:, 0]), BandDesign(RATE_HZ)), float(truth[0])


@pytest.mark.parametrize("rest", [(300, 1600), (2000, 3500), (9400, 10_800)])
def test_a_far_rest_gives_the_same_onset_on_the_signals_own_clock(rest: tuple[int, int]) -> None:
    x, truth_s = _filtered(8.0)
    quiet = np.concatenate([x, x[:2000]])
    found, offset_s = locate_from_rest(locate_onset, quiet, RATE_HZ, rest, (7500, 8400))
    assert isinstance(found, OnsetPosterior)
    assert found.shifted(offset_s).median_s == pytest.approx(truth_s, abs=0.02)


def test_a_rest_next_to_the_search_is_used_in_place() -> None:
    x, _ = _filtered(3.0)
    found, offset_s = locate_from_rest(locate_onset, x, RATE_HZ, (500, 2500), (2500, 3400))
    expected = locate_onset(x[500:3400], RATE_HZ, (0, 2000), (2000, 2900))
    assert offset_s == 0.5
    assert isinstance(found, OnsetPosterior)
    assert isinstance(expected, OnsetPosterior)
    np.testing.assert_array_equal(found.time_s, expected.time_s)


def test_what_lies_between_costs_nothing() -> None:
    x, truth_s = _filtered(60.0)
    seen: list[int] = []

    def locate(rows: FloatArray, rate_hz: float, rest: tuple[int, int], search: tuple[int, int]) -> None:
        del rate_hz
        seen.append(len(rows))
        assert not np.isnan(rows[slice(*rest)]).any()
        assert search[1] == len(rows)

    locate_from_rest(locate, x, RATE_HZ, (300, 1600), (round(truth_s * RATE_HZ) - 500, len(x)))
    assert seen[0] < 4000
