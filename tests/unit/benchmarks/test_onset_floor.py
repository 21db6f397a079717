"""The floor knows what it claims: a strong onset to within its grid, and less of it at a slower rate."""

import numpy as np
import pytest
from benchmarks import onset_floor


def test_a_strong_onset_is_found_without_bias_and_worse_at_slower_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onset_floor, "GRID_S", np.arange(-0.0135, 0.0140, 0.003))
    errors = onset_floor.errors_ms(np.random.default_rng(55_000), 30, 40)
    assert errors.shape == (3, 160)
    median = np.median(np.abs(errors), axis=1)
    assert median[0] < median[1] < median[2] < 4.0
    assert np.all(np.abs(np.median(errors, axis=1)) < 1.0)


def test_what_is_kept_at_the_full_rate_is_everything() -> None:
    assert np.array_equal(onset_floor.keep_every(1), np.eye(len(onset_floor.TIME_S)))
