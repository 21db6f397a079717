"""The way to the peers: trials out, preparation, tuning, answers back; with their packages where there are any."""

from pathlib import Path

import numpy as np
import pytest
from benchmarks.onset.peers import NAMES, PEERS_PYTHON, run_peers
from benchmarks.onset.run import work, write_tuning
from benchmarks.onset.trials import RATE_HZ, Batch, Cell, draw
from benchmarks.peers.detectors import FloatArray, Rows
from benchmarks.peers.exchange import Recording, read_batch, read_truth, write_batch
from benchmarks.peers.preparation import has_line, prepare
from benchmarks.peers.tuning import PEERS, WORST_S, Peer, choose_burst, tune

CLEAN = Cell("mixed", "gauss", False, 20)


def threshold(x: FloatArray, rest: Rows, rate_hz: float, **params: float) -> list[Rows]:
    """Stand in for a package: everything after the first sample above so many SD of the rest."""
    above = np.flatnonzero(np.abs(x) > params["n_sd"] * x[slice(*rest)].std())
    return [(int(above[0]), len(x))] if len(above) else []


def recordings(n: int = 4) -> tuple[list[Recording], FloatArray]:
    trials = list(draw(Batch(CLEAN, n)))
    return [Recording(t.emg_uv, t.rest_rows, RATE_HZ) for t in trials], np.array([t.truth_s for t in trials])


def test_a_batch_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    sent, truth_s = recordings()
    write_batch(tmp_path / "a.npz", sent, list(truth_s))
    for one, other in zip(sent, read_batch(tmp_path / "a.npz"), strict=True):
        assert np.array_equal(one.emg_uv, other.emg_uv)
        assert (one.rest, one.rate_hz) == (other.rest, other.rate_hz)
    assert np.array_equal(read_truth(tmp_path / "a.npz"), truth_s)


def test_the_truth_of_a_reported_batch_stays_at_home(tmp_path: Path) -> None:
    (tmp_path / "trials").mkdir()
    work(Batch(CLEAN, 2), tmp_path)
    with np.load(tmp_path / "trials" / f"{CLEAN.key}.npz") as columns:
        assert set(columns) == {"emg_uv", "n_samples", "rest", "rate_hz"}


def test_tuning_finds_the_point_of_the_grid_with_the_least_error() -> None:
    peer = Peer("stand-in", "numpy", threshold, {"n_sd": (0.1, 5.0, 1e9)})
    params, error_s = tune(peer, *recordings())
    assert params["n_sd"] == 5.0
    assert error_s < 0.05


def test_silence_cannot_win_the_tuning() -> None:
    peer = Peer("stand-in", "numpy", threshold, {"n_sd": (1e9,)})
    assert tune(peer, *recordings(2))[1] == WORST_S


def test_a_burst_that_began_in_the_rest_is_not_held_against_a_peer() -> None:
    x = np.ones(100)
    assert choose_burst([(5, 20), (50, 60), (70, 99)], x, (0, 30), strongest=False) == 50
    assert choose_burst([(5, 20), (50, 60), (70, 99)], x, (0, 30), strongest=True) == 70
    assert choose_burst([(5, 20)], x, (0, 30), strongest=False) is None


def test_mains_is_notched_where_the_rest_shows_it() -> None:
    rng = np.random.default_rng(0)
    t = np.arange(4000) / 1000.0
    quiet = rng.standard_normal(4000)
    humming = quiet + 5 * np.sin(2 * np.pi * 50.0 * t)
    assert has_line(humming[:2000], 1000.0, 50.0)
    assert not has_line(quiet[:2000], 1000.0, 50.0)
    assert prepare(humming, (0, 2000), 1000.0, 20.0)[500:3500].std() < 1.3 * quiet.std()


def test_preparation_shifts_nothing_in_time() -> None:
    pulse = np.zeros(2001)
    pulse[1000] = 1.0
    assert int(np.argmax(np.abs(prepare(pulse, (0, 500), 1000.0, 20.0)))) == 1000


def test_the_benchmark_runs_every_peer_there_is() -> None:
    assert set(NAMES) == set(PEERS)


@pytest.mark.skipif(not PEERS_PYTHON.exists(), reason="the peers' environment is missing; `make bench-onset` makes it")
def test_a_peer_answers_from_its_own_environment(tmp_path: Path) -> None:
    (tmp_path / "trials").mkdir()
    answers = work(Batch(CLEAN, 4), tmp_path)
    write_tuning(tmp_path, 1)
    (column,) = run_peers(PEERS_PYTHON, tmp_path, [CLEAN], ("detecta",))
    error_s = column.cells[CLEAN].onset_s - answers.truth_s
    assert float(np.nanmedian(np.abs(error_s))) < 0.05
    assert column.measured["batch_us"] > 0.0
    assert "detecta 0.1" in column.note
