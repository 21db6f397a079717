"""Any chopping of an EMG stream, lost samples included, gives bit-identical output; a restored stage goes on."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firingorder_signal.blocks import FloatArray
from firingorder_signal.emg import EmgParams, EmgStage

RATE_HZ = 1000.0


def _stream(seed: int, n: int = 6000) -> FloatArray:
    """Two channels with bursts, an offset, a leading and an inner gap."""
    rng = np.random.default_rng(seed)
    t = np.arange(n) / RATE_HZ
    level = 2.0 + 20.0 * ((t % 1.7) > 1.2)
    x: FloatArray = rng.standard_normal((n, 2)) * level[:, np.newaxis] + np.array([300.0, -50.0])
    x[: rng.integers(0, 30), 0] = np.nan
    gap = int(rng.integers(500, 5000))
    x[gap : gap + int(rng.integers(1, 400))] = np.nan
    return x


def _run(
    x: FloatArray, cuts: list[int], first_index: int
) -> tuple[FloatArray, list[tuple[int, int, bool]], FloatArray]:
    """Push a stream through a stage in pieces; return the filtered rows, the alarms and a stretch of history."""
    stage = EmgStage(RATE_HZ, x.shape[1], EmgParams(history_s=3.0))
    borders = [0, *sorted(cuts), len(x)]
    filtered: list[FloatArray] = []
    alarms: list[tuple[int, int, bool]] = []
    for start, stop in zip(borders[:-1], borders[1:], strict=True):
        update = stage.update(x[start:stop], first_index + start)
        filtered.append(update.filtered)
        alarms += update.alarms
    end = first_index + len(x)
    return np.concatenate(filtered), alarms, stage.stretch(1, end - 2500, end)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 20),
    cuts=st.lists(st.integers(0, 6000), max_size=60),
    first_index=st.integers(0, 50),
)
def test_any_chopping_gives_identical_output(seed: int, cuts: list[int], first_index: int) -> None:
    x = _stream(seed)
    whole, chopped = _run(x, [], first_index), _run(x, cuts, first_index)
    np.testing.assert_array_equal(whole[0], chopped[0])
    assert whole[1] == chopped[1]
    np.testing.assert_array_equal(whole[2], chopped[2])


@pytest.mark.parametrize("block", [1, 7, 20, 333])
def test_even_blocks_give_the_alarms_of_the_whole(block: int) -> None:
    x = _stream(3)
    whole = _run(x, [], 0)
    assert whole[1], "the stream must raise alarms for this test to say anything"
    assert _run(x, list(range(block, len(x), block)), 0)[1] == whole[1]


@settings(max_examples=10, deadline=None)
@given(cut=st.integers(1, 5999))
def test_a_pickled_stage_goes_on_exactly(cut: int) -> None:
    x = _stream(5)
    stage = EmgStage(RATE_HZ, 2)
    stage.update(x[:cut], 0)
    restored = pickle.loads(pickle.dumps(stage))
    ours, theirs = stage.update(x[cut:], cut), restored.update(x[cut:], cut)
    np.testing.assert_array_equal(ours.filtered, theirs.filtered)
    assert ours.alarms == theirs.alarms


def test_reset_equals_new() -> None:
    x = _stream(7)
    stage = EmgStage(RATE_HZ, 2)
    stage.update(x, 0)
    again, fresh = stage.reset().update(x, 0), EmgStage(RATE_HZ, 2).update(x, 0)
    np.testing.assert_array_equal(again.filtered, fresh.filtered)
    assert again.alarms == fresh.alarms


def test_the_input_is_not_changed() -> None:
    x = _stream(2)
    copy = x.copy()
    EmgStage(RATE_HZ, 2).update(x, 0)
    np.testing.assert_array_equal(x, copy)


def test_the_order_of_channels_does_not_matter() -> None:
    x = _stream(4)
    straight = EmgStage(RATE_HZ, 2).update(x, 0)
    swapped = EmgStage(RATE_HZ, 2).update(np.ascontiguousarray(x[:, ::-1]), 0)
    np.testing.assert_array_equal(straight.filtered, swapped.filtered[:, ::-1])
    assert sorted(straight.alarms) == sorted((1 - channel, index, on) for channel, index, on in swapped.alarms)
