"""Which trials there are, and how one is drawn: the same for every detector, exact truth, seeds for reporting alone.

Suites: `mixed` (each channel its own rise and SNR: the one that counts), `alike` (both share them), `whole` (trials of
`mixed` uncut and without a given rest, as somebody with a file would analyse them), `equal` (equal onsets, unequal
rises and SNRs, four shapes), `rest` (3.5 s in which no muscle switches on, everything dirty), `tune` (for the peers).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks import onset_simulator, onset_simulator_other
from benchmarks.onset_simulator import SHAPES, Channel, Scene, alike_scene, mixed_scene

FloatArray = NDArray[np.float64]

#: Seeds from here up are for reporting alone; nothing was tuned on them. The peers are tuned on those of `TUNE_SEED`.
FIRST_SEED, TUNE_SEED = 60_000, 40_000
RATE_HZ = 1000.0
SNRS_DB = (6, 10, 15, 20, 30)
#: Stands for "the suite says" in a cell's name.
NO_SNR_DB = 0
MODELS = ("gauss", "mu")
#: Data used after the later onset: an alarm comes some 20 ms late, and a live verdict waits 240 ms after it.
AFTER_S = 0.26
#: The rest that is given: from and to so long before the first onset.
REST_BEFORE_S = (2.2, 0.4)
#: A trial of rest: its length, and the part that is given as rest.
QUIET_S, QUIET_REST_S = 3.5, (0.2, 1.2)
#: Equal onsets: hamstring and glute (rise s, SNR dB).
EQUAL = ((0.1, 20.0), (0.2, 10.0))
#: So weak that no muscle is there (-300 dB).
SILENT_DB = -300.0


@dataclass(frozen=True)
class Cell:
    """Trials of one kind."""

    suite: str
    model: str
    dirty: bool
    snr_db: int = NO_SNR_DB
    shape: str = "linear"
    generator: str = "own"

    @property
    def key(self) -> str:
        """Name of the cell's files."""
        dirt = "dirty" if self.dirty else "clean"
        return f"{self.suite}-{self.model}-{dirt}-{self.snr_db}-{self.shape}-{self.generator}"


@dataclass(frozen=True)
class Trial:
    """Raw EMG of hamstring and glute (n_samples, 2), µV; the true onsets, s; the rest that is given, s."""

    emg_uv: FloatArray
    truth_s: FloatArray
    rest_s: tuple[float, float]

    @property
    def rest_rows(self) -> tuple[int, int]:
        """The rest in rows."""
        return round(self.rest_s[0] * RATE_HZ), round(self.rest_s[1] * RATE_HZ)


@dataclass(frozen=True)
class Batch:
    """So many trials of a cell, from a seed on."""

    cell: Cell
    n: int
    first_seed: int = FIRST_SEED


def plan(n: int) -> list[Batch]:
    """Return every batch of a run with `n` trials in each cell of the suite that counts."""
    cells = list(product(MODELS, (False, True), SNRS_DB))
    judged = [cell for cell in cells if cell[2] >= 10]
    batches = [Batch(Cell("mixed", *cell), n) for cell in cells]
    batches += [Batch(Cell("alike", *cell), max(n // 4, 2)) for cell in judged]
    batches += [Batch(Cell("whole", *cell), max(n // 4, 2)) for cell in judged]
    batches += [Batch(Cell("equal", model, False, shape=shape), n) for model in MODELS for shape in SHAPES]
    batches += [Batch(Cell("rest", model, True), max(5 * n, 2)) for model in MODELS]
    batches += [Batch(Cell("mixed", *cell, generator="other"), max(n // 4, 2)) for cell in cells]
    return batches


def plan_tuning(dirty: bool, n: int) -> list[Batch]:
    """Return the batches on which the peers are tuned."""
    return [
        Batch(Cell("tune", model, dirty, snr_db), n, TUNE_SEED)
        for model in MODELS
        for snr_db in SNRS_DB
        if snr_db >= 10
    ]


def draw(batch: Batch) -> Iterator[Trial]:
    """Simulate a batch."""
    for seed in range(batch.first_seed, batch.first_seed + batch.n):
        yield _draw_one(batch.cell, seed)


def _draw_one(cell: Cell, seed: int) -> Trial:
    """Simulate one trial; `whole` draws the very trials of `mixed`."""
    suite = "mixed" if cell.suite == "whole" else cell.suite
    words = f"{suite} {cell.model} {cell.dirty} {cell.snr_db} {cell.shape} {cell.generator}"
    rng = np.random.default_rng([seed, crc32(words.encode())])
    scene = _scene(cell, rng)
    simulate = onset_simulator.simulate if cell.generator == "own" else onset_simulator_other.simulate
    emg_uv, truth_s = simulate(scene, int(rng.integers(2**31)))
    if cell.suite == "rest":
        return Trial(emg_uv, np.full(2, np.nan), QUIET_REST_S)
    first_s, last_s = float(truth_s.min()), float(truth_s.max())
    rest_s = (round(first_s - REST_BEFORE_S[0], 3), round(first_s - REST_BEFORE_S[1], 3))
    stop = len(emg_uv) if cell.suite == "whole" else round((last_s + AFTER_S) * RATE_HZ)
    return Trial(np.ascontiguousarray(emg_uv[:stop]), truth_s, rest_s)


def _scene(cell: Cell, rng: np.random.Generator) -> Scene:
    """Draw what happens in a trial."""
    if cell.suite == "rest":
        # The movement transients keep their place: within 150 ms of where an onset would be.
        channels = tuple(Channel(float(rng.uniform(1.6, 3.0)), snr_db=SILENT_DB) for _ in range(2))
        return Scene(channels, cell.model, dirty=True, rate_hz=RATE_HZ, duration_s=QUIET_S)
    if cell.suite == "equal":
        channels = tuple(Channel(2.6, rise_s, snr_db, cell.shape) for rise_s, snr_db in EQUAL)
        return Scene(channels, cell.model, rate_hz=RATE_HZ, duration_s=3.6)
    make = alike_scene if cell.suite == "alike" else mixed_scene
    return make(rng, cell.model, cell.snr_db, dirty=cell.dirty, rate_hz=RATE_HZ)
