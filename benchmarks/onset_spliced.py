"""Order on real bursts: those of one walk, each cut with its labelled change point and spliced into real rest.

Bursts of biceps femoris and gluteus maximus are taken from a public recording of gait (`../shared/data`), made weaker
to draw an SNR, and laid over the same muscle's rest, of which half seconds are strung together. The two channels of a
trial are bursts of different strides with a lag of suite `mixed`. Labels are a change point, some 15 ms unsure, the
same for every detector: what counts is who is right more often. Peers come from the environment of `make bench-onset`
where there is one, tuned on other draws with the truth in hand.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import firingorder as fo
from benchmarks.onset.found import Column, Found
from benchmarks.onset.peers import PEERS_PYTHON, run_peers
from benchmarks.onset.trials import Cell
from benchmarks.onset_simulator import MIXED_LAGS_S
from benchmarks.peers.exchange import Recording, write_batch
from benchmarks.report import Table

FloatArray = NDArray[np.float64]

WALK = Path(__file__).resolve().parents[2] / "shared" / "data" / "walk-13-muscles"
RATE_HZ = 1000.0
MUSCLES = ("BF", "MA")
#: What is cut around a label, seconds; the first part fades in while the muscle is at rest.
BEFORE_S, AFTER_S, FADE_S = 0.12, 0.30, 0.04
#: Where a muscle is at rest before a label, seconds.
REST_FROM_S, REST_TO_S = 0.55, 0.13
#: Pieces of rest fade into each other over this time, seconds.
JOINT_S = 0.02
#: First onset, and length of the rest that is given, as in `benchmarks.onset`.
FIRST_S, REST_S = 2.8, (0.3, 2.2)
DATA_AFTER_S = 0.26
#: SNRs aimed at, dB, each channel's drawn within 4 dB; a burst is never made stronger than it was.
SNRS_DB = (12, 18, 26)
FIRST_SEED, TUNE_SEED = 90_000, 95_000
PEERS = ("lidierth", "ruptures", "hodges_bui")
OURS = "FiringOrder"


@dataclass(frozen=True)
class Spliced:
    """One trial: raw µV (n_samples, 2), true onsets in seconds, and which strides it is made of."""

    emg_uv: FloatArray
    truth_s: FloatArray
    made_of: tuple[str, str]


@cache
def read_walk() -> dict[str, tuple[FloatArray, tuple[float, ...]]]:
    """Raw signal and labels of each muscle."""
    with (WALK / "emg.csv").open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")
        rows = np.loadtxt(file, delimiter=",")
    labels = json.loads((WALK / "events.json").read_text(encoding="utf-8"))["onsets_by_change_point_s"]
    return {
        name: (
            np.ascontiguousarray(rows[:, names.index(name)]),
            tuple(float(label) for label in labels[name] if label is not None),
        )
        for name in MUSCLES
    }


def make_rest(rng: np.random.Generator, muscle: str, n: int) -> FloatArray:
    """Make a long rest of pieces of a muscle's own, drawn anew for each trial, as often forwards as backwards."""
    signal, labels = read_walk()[muscle]
    n_joint = round(JOINT_S * RATE_HZ)
    out = np.zeros(n + n_joint)
    at = 0
    while at < n:
        label = float(rng.choice(labels))
        piece = signal[round((label - REST_FROM_S) * RATE_HZ) : round((label - REST_TO_S) * RATE_HZ)]
        piece = (piece - piece.mean())[:: int(rng.choice((-1, 1)))]
        ramp = np.minimum(np.minimum(np.arange(1, len(piece) + 1), np.arange(len(piece), 0, -1)) / n_joint, 1.0)
        stop = min(at + len(piece), len(out))
        out[at:stop] += (np.sqrt(ramp) * piece)[: stop - at]
        at += len(piece) - n_joint
    return out[:n]


def lay_burst(rest: FloatArray, muscle: str, stride: int, onset_s: float, snr_db: float) -> FloatArray:
    """Lay a muscle's burst over a rest, its labelled onset at a time."""
    signal, labels = read_walk()[muscle]
    label = labels[stride]
    first, last = round((label - BEFORE_S) * RATE_HZ), round((label + AFTER_S) * RATE_HZ)
    piece = signal[first:last] - np.mean(signal[first : round((label - FADE_S) * RATE_HZ)])
    active, quiet = (float(np.sqrt(np.mean(x * x))) for x in (piece[round(0.2 * RATE_HZ) :], rest))
    gain = min(quiet * 10.0 ** (snr_db / 20.0) / active, 1.0)
    fade = np.clip(np.arange(len(piece)) / (FADE_S * RATE_HZ), 0.0, 1.0)
    out, at = rest.copy(), round((onset_s - BEFORE_S) * RATE_HZ)
    # The burst brings its own rest along; where it is not made weaker, the rest below gives way to it.
    out[at : at + len(piece)] *= np.sqrt(1.0 - gain**2 * fade**2)
    out[at : at + len(piece)] += gain * fade * piece
    return out


def draw(seed: int, snr_db: int) -> Spliced:
    """Draw a trial."""
    rng = np.random.default_rng([seed, snr_db])
    lag_s = float(rng.choice(MIXED_LAGS_S))
    first_s = FIRST_S + float(rng.uniform(-0.1, 0.1))
    truth_s = np.array([first_s + max(-lag_s, 0.0), first_s + max(lag_s, 0.0)])
    n = round((float(truth_s.max()) + DATA_AFTER_S) * RATE_HZ)
    channels: list[FloatArray] = []
    made_of: list[str] = []
    for onset_s in truth_s:
        muscle = str(rng.choice(MUSCLES))
        stride = int(rng.integers(len(read_walk()[muscle][1])))
        rest = make_rest(rng, muscle, n + round(AFTER_S * RATE_HZ))
        channels.append(lay_burst(rest, muscle, stride, float(onset_s), snr_db + float(rng.uniform(-4, 4)))[:n])
        made_of.append(f"{muscle}{stride}")
    return Spliced(np.stack(channels, axis=1), truth_s, (made_of[0], made_of[1]))


def answer(task: tuple[int, int]) -> tuple[tuple[float, float], float, float]:
    """Analyse one trial: both onsets, the lag and the probability of "hamstring first"; NaN where there is none."""
    trial = draw(*task)
    lag = fo.compare_onsets(trial.emg_uv[:, 0], trial.emg_uv[:, 1], RATE_HZ, REST_S)
    onsets = tuple(np.nan if one.time_s is None else one.time_s for one in (lag.hamstring, lag.glute))
    p_first = np.nan if lag.p_hamstring_first is None else lag.p_hamstring_first
    return (onsets[0], onsets[1]), np.nan if lag.lag_s is None else lag.lag_s, p_first


def cell_of(snr_db: int) -> Cell:
    """Return the cell of an SNR."""
    return Cell("spliced", "real", dirty=False, snr_db=snr_db)


def run_ours(n: int) -> Column:
    """Let the product answer every trial on all cores."""
    cells: dict[Cell, Found] = {}
    with ProcessPoolExecutor() as pool:
        for snr_db in SNRS_DB:
            rows = list(pool.map(answer, product(range(FIRST_SEED, FIRST_SEED + n), (snr_db,)), chunksize=16))
            plain = Found.of_onsets(np.array([row[0] for row in rows]))
            lag_s, p_first = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
            cells[cell_of(snr_db)] = Found(plain.onset_s, plain.ci90_s, lag_s, p_first, plain.lag_ci90_s)
    return Column(OURS, cells)


def run_others(n: int) -> list[Column]:
    """Let the peers answer the same trials, where their environment is there."""
    if not PEERS_PYTHON.exists():
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "trials").mkdir()
        for snr_db in SNRS_DB:
            trials = [draw(seed, snr_db) for seed in range(FIRST_SEED, FIRST_SEED + n)]
            write_batch(folder / "trials" / f"{cell_of(snr_db).key}.npz", list(_recordings(trials)))
        tuning = [draw(seed, snr_db) for seed in range(TUNE_SEED, TUNE_SEED + 15) for snr_db in SNRS_DB]
        for dirt in ("clean", "dirty"):
            truth = [trial.truth_s for trial in tuning]
            write_batch(folder / f"tune-{dirt}.npz", list(_recordings(tuning)), truth)
        return run_peers(PEERS_PYTHON, folder, [cell_of(snr_db) for snr_db in SNRS_DB], PEERS)


def _recordings(trials: Sequence[Spliced]) -> Iterator[Recording]:
    """Show trials as a detector sees them."""
    rest = round(REST_S[0] * RATE_HZ), round(REST_S[1] * RATE_HZ)
    for trial in trials:
        yield Recording(trial.emg_uv, rest, RATE_HZ)


def row_of(column: Column, truth: dict[Cell, FloatArray]) -> list[str]:
    """Write a detector's row: error and order over all, then order at each SNR."""
    cells = list(truth)
    errors = np.abs(np.concatenate([(column.cells[cell].onset_s - truth[cell]).ravel() for cell in cells]))
    size = np.sort(np.where(np.isnan(errors), np.inf, errors))
    right = [_right(column.cells[cell].lag_s, truth[cell]) for cell in cells]
    return [
        column.name,
        f"{1e3 * np.median(size):.0f} / {1e3 * size[int(0.9 * len(size))]:.0f} ms",
        f"{np.mean(np.concatenate(right)):.3f}",
        *(f"{np.mean(one):.3f}" for one in right),
        f"{np.mean(np.isnan(errors)):.1%}",
    ]


def _right(lag_s: FloatArray, truth_s: FloatArray) -> NDArray[np.bool_]:
    """Say of each trial with a lag whether its sign is right; none found is wrong."""
    true_lag_s = truth_s[:, 1] - truth_s[:, 0]
    apart = np.abs(true_lag_s) > 0.004
    found = np.where(np.isnan(lag_s), 0.0, lag_s)
    return np.asarray(np.sign(found[apart]) == np.sign(true_lag_s[apart]))


def main(n: int = 150) -> Table:
    """Run `n` trials for each SNR."""
    title = "Order on spliced real bursts (one subject)"
    head = ["detector", "error median / p90", "order right", *(f"at {snr} dB" for snr in SNRS_DB), "missed"]
    if not WALK.is_dir():
        return Table(f"{title}: the recording is not beside this checkout", head, [])
    truth = {
        cell_of(snr): np.array([draw(seed, snr).truth_s for seed in range(FIRST_SEED, FIRST_SEED + n)])
        for snr in SNRS_DB
    }
    columns = [run_ours(n), *run_others(n)]
    return Table(title, head, [row_of(column, truth) for column in columns])


if __name__ == "__main__":
    print(main().to_markdown())
