"""What the benchmark measures of a stream: alarms after exact onsets, and how times become the table's figures."""

import numpy as np
import pytest
from benchmarks.onset.live import alarm_delays_s, summarize
from benchmarks.onset.trials import Batch, Cell, draw


def test_an_alarm_follows_a_strong_onset_within_a_tenth_of_a_second() -> None:
    delays_s = alarm_delays_s(list(draw(Batch(Cell("mixed", "gauss", False, 30), 4))))
    assert delays_s.shape == (4, 2)
    assert float(np.median(delays_s)) < 0.1


def test_without_a_muscle_there_is_no_delay_to_speak_of() -> None:
    (trial,) = draw(Batch(Cell("mixed", "gauss", False, 30), 1))
    quiet = type(trial)(trial.emg_uv[: round(trial.rest_s[1] * 1000)], trial.truth_s, trial.rest_s)
    assert np.isinf(alarm_delays_s([quiet])).all()


def test_an_order_that_never_came_counts_as_infinitely_late() -> None:
    figures = summarize({"confirmed": [0.2, 0.3, float("inf")], "provisional": []})
    assert figures == {"confirmed_median_ms": pytest.approx(300.0), "confirmed_p90_ms": float("inf")}


def test_the_longest_push_is_the_longest_of_all() -> None:
    assert summarize({"push": [0.001, 0.014, 0.002]}) == {"longest_push_ms": pytest.approx(14.0)}
