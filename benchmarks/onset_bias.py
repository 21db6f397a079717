"""Measure the onset estimator's own median error by reported SNR and rise time: the table in `null_lag.py`.

Run `python -m benchmarks.onset_bias`; it takes about two minutes and prints the table to paste. Four kinds of rise of
the Gaussian model and the motor-unit model count alike.
"""

import sys

import numpy as np
from tqdm import tqdm

from benchmarks.onset_simulator import SHAPES, Channel, Scene, simulate
from firingorder_signal.filters import BandDesign, CausalBand
from firingorder_signal.null_lag import RISE_S, SNR_DB
from firingorder_signal.onset import OnsetPosterior, locate_onset

RATE_HZ = 1000.0
#: Width of the weighting around a cell: dB, and factor of the rise time.
WIDTH_DB, WIDTH_LOG = 3.0, np.log(1.6)


def draw(seed: int) -> tuple[float, float, float] | None:
    """Simulate one onset; return reported SNR (dB), reported rise (s) and error (s)."""
    rng = np.random.default_rng([seed, 4711])
    kind = int(rng.integers(5))
    shape, model = (SHAPES[kind], "gauss") if kind < len(SHAPES) else ("linear", "mu")
    channel = Channel(2.6, float(np.exp(rng.uniform(np.log(0.01), np.log(0.4)))), float(rng.uniform(5, 34)), shape)
    emg, truth = simulate(Scene((channel,), model, rate_hz=RATE_HZ, duration_s=4.0), seed)
    stop = round((truth[0] + 0.3) * RATE_HZ)
    filtered = CausalBand(BandDesign(RATE_HZ), 1).update(emg)[:stop, 0]
    onset = locate_onset(filtered, RATE_HZ, (200, 2100), (1900, stop))
    if not isinstance(onset, OnsetPosterior):
        return None
    return onset.snr_db, onset.rise_s, onset.median_s - float(truth[0])


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """Median of values that count by their weights."""
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def main(n_trials: int) -> None:
    """Print the table."""
    found = np.array([one for seed in tqdm(range(n_trials), file=sys.stderr) if (one := draw(seed)) is not None])
    for snr_db in SNR_DB:
        row: list[float] = []
        for rise_s in RISE_S:
            away = ((found[:, 0] - snr_db) / WIDTH_DB) ** 2 + (np.log(found[:, 1] / rise_s) / WIDTH_LOG) ** 2
            row.append(round(1e3 * weighted_median(found[:, 2], np.exp(-away / 2)), 1))
        print(f"    ({', '.join(str(value) for value in row)}),")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6000)
