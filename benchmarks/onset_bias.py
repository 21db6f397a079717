"""What the onset estimator errs by at each true SNR and rise time, written in what it reports: the null lag's table.

Run `python -m benchmarks.onset_bias`; it takes about five minutes on two cores and prints the table to paste into
`null_lag.py`. Four kinds of rise of the Gaussian model and the motor-unit model count alike: which of them a muscle
has, nobody knows.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import product

import numpy as np
from tqdm import tqdm

from benchmarks.onset_simulator import SHAPES, Channel, Scene, simulate
from firingorder_signal.filters import BandDesign, CausalBand
from firingorder_signal.onset import OnsetPosterior, locate_onset

RATE_HZ = 1000.0
#: The true values of the grid.
SNRS_DB = (6.0, 10.0, 14.0, 18.0, 24.0, 32.0)
RISES_S = (0.01, 0.03, 0.06, 0.12, 0.2, 0.3)
KINDS = (*(("gauss", shape) for shape in SHAPES), ("mu", "linear"))
#: Seeds of their own; none of them is reported on elsewhere.
FIRST_SEED = 45_000


def run(task: tuple[float, float, tuple[str, str], int]) -> tuple[float, float, float] | None:
    """Simulate one onset; return reported SNR (dB), reported rise (s) and error (s)."""
    snr_db, rise_s, (model, shape), seed = task
    scene = Scene((Channel(2.6, rise_s, snr_db, shape),), model, rate_hz=RATE_HZ, duration_s=4.0)
    emg, truth = simulate(scene, seed)
    stop = round((truth[0] + 0.26) * RATE_HZ)
    filtered = CausalBand(BandDesign(RATE_HZ), 1).update(emg)[:stop, 0]
    onset = locate_onset(filtered, RATE_HZ, (200, 2100), (1900, stop))
    if not isinstance(onset, OnsetPosterior):
        return None
    return onset.snr_db, onset.rise_s, onset.median_s - float(truth[0])


def main(n_trials: int) -> None:
    """Print one line for each SNR: what is reported of it, then the reported rises and the errors in ms."""
    seeds = range(FIRST_SEED, FIRST_SEED + n_trials)
    tasks = list(product(SNRS_DB, RISES_S, KINDS, seeds))
    with ProcessPoolExecutor() as pool:
        found = list(tqdm(pool.map(run, tasks, chunksize=32), total=len(tasks), file=sys.stderr))
    cells: dict[tuple[float, float], list[np.ndarray]] = {}
    for start in range(0, len(tasks), n_trials):
        rows = np.array([row for row in found[start : start + n_trials] if row is not None])
        cells.setdefault(tasks[start][:2], []).append(np.median(rows, axis=0))
    for snr_db in SNRS_DB:
        means = np.array([np.mean(cells[snr_db, rise_s], axis=0) for rise_s in RISES_S])
        rises = ", ".join(f"{rise_s:.3f}" for rise_s in np.maximum.accumulate(means[:, 1]))
        errors = ", ".join(f"{1e3 * error_s:.1f}" for error_s in means[:, 2])
        print(f"    ({means[:, 0].mean():.1f}, ({rises}), ({errors})),")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 80)
