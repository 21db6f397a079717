"""One run: simulate every batch once, let everybody answer it, and keep the answers beside the truth."""

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from benchmarks.onset import live
from benchmarks.onset.found import Column, FloatArray, Found
from benchmarks.onset.ours import COLUMNS, run_method
from benchmarks.onset.trials import RATE_HZ, Batch, Cell, draw, plan, plan_tuning
from benchmarks.peers.exchange import Recording, write_batch

#: Trials of each tuning cell (both models, 10-30 dB): 80 channels for clean, 80 for dirty signals.
N_TUNE = 5


@dataclass(frozen=True)
class Answers:
    """What a worker brings back of one batch."""

    cell: Cell
    truth_s: FloatArray
    found: dict[str, Found]
    answer_us: dict[str, float]
    alarms_s: FloatArray | None


@dataclass(frozen=True)
class Results:
    """Truth of every cell and a column for each detector, ours first."""

    truth: dict[Cell, FloatArray]
    columns: list[Column]


def work(batch: Batch, folder: Path | None) -> Answers:
    """Simulate a batch, write it down for the peers where there are any, and analyse it."""
    trials = list(draw(batch))
    if folder is not None:
        write_batch(
            folder / "trials" / f"{batch.cell.key}.npz",
            [Recording(trial.emg_uv, trial.rest_rows, RATE_HZ) for trial in trials],
        )
    answers = {method: run_method(method, batch.cell, trials) for method in COLUMNS}
    times = batch.cell.suite == "mixed" and batch.cell.snr_db >= 10 and batch.cell.generator == "own"
    return Answers(
        batch.cell,
        np.array([trial.truth_s for trial in trials]),
        {method: found for method, (found, _) in answers.items()},
        {method: spent_us for method, (_, spent_us) in answers.items()},
        live.alarm_delays_s(trials) if times else None,
    )


def write_tuning(folder: Path, n: int = N_TUNE) -> None:
    """Write the batches on which the peers are tuned, with their truth."""
    for name, dirty in (("clean", False), ("dirty", True)):
        trials = [trial for batch in plan_tuning(dirty, n) for trial in draw(batch)]
        recordings = [Recording(trial.emg_uv, trial.rest_rows, RATE_HZ) for trial in trials]
        write_batch(folder / f"tune-{name}.npz", recordings, [trial.truth_s for trial in trials])


def run(n: int, folder: Path | None) -> Results:
    """Run the product on `n` trials a cell; with a folder, leave the trials there for the peers."""
    if folder is not None:
        (folder / "trials").mkdir()
        write_tuning(folder)
    results = collect(answer_all(plan(n), folder))
    results.columns[0].measured.update(live.summarize(live.order_delays_s()) | live.measure_cost())
    return results


def collect(answers: Sequence[Answers]) -> Results:
    """Turn the batches' answers into columns."""
    columns = [_column(method, answers) for method in COLUMNS]
    for name, dirty in (("clean", False), ("dirty", True)):
        delays = [a.alarms_s.ravel() for a in answers if a.alarms_s is not None and a.cell.dirty == dirty]
        columns[0].measured.update(live.summarize({f"alarm_{name}": np.concatenate([np.empty(0), *delays]).tolist()}))
    return Results({answer.cell: answer.truth_s for answer in answers}, columns)


def _column(method: str, answers: Sequence[Answers]) -> Column:
    """Gather one method's column."""
    spent_us = float(np.median([answer.answer_us[method] for answer in answers]))
    return Column(COLUMNS[method], {answer.cell: answer.found[method] for answer in answers}, {"answer_us": spent_us})


def answer_all(batches: Sequence[Batch], folder: Path | None) -> list[Answers]:
    """Spread the batches over all cores; in the order of the plan."""
    with ProcessPoolExecutor(initializer=live.die_silently) as pool:
        futures = {pool.submit(work, batch, folder): batch for batch in batches}
        try:
            bar = tqdm(total=sum(batch.n for batch in batches), desc="ours", unit="trial", file=sys.stderr)
            for future in as_completed(futures):
                future.result()
                bar.update(futures[future].n)
            bar.close()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]
