"""`docs/onset_benchmark.md`: every figure on it is written here, from one run, and by nobody else."""

from collections.abc import Sequence
from datetime import date
from itertools import product

import benchmarks.onset.figures as fig
from benchmarks.onset.found import Column, FloatArray, select
from benchmarks.onset.goals import FIGURES
from benchmarks.onset.rows import NOTHING, Figure
from benchmarks.onset.run import N_TUNE, Results
from benchmarks.onset.trials import FIRST_SEED, MODELS, SNRS_DB, TUNE_SEED, Cell
from benchmarks.report import Table, describe_machine

Truth = dict[Cell, FloatArray]

INTRO = """# The onset benchmark

Written by `make bench-onset` on {day}: {machine}. Every figure below comes from that one run; run it to check them.

Ours and every peer were given the same {n_trials} simulated trials with exactly known onsets (seeds from {first_seed}
on; nothing was tuned on them). Suite *mixed* unless a row says otherwise: hamstring and glute each with their own rise
of 10-200 ms and their own SNR (±4 dB), true lags of 0 to ±150 ms, SNR 10 dB and more pooled over 10, 15, 20 and 30 dB
and both signal models; data until 0.26 s after the later onset, as when the verdict is given live. *Dirty* = mains,
heart, movement, crosstalk and tonic activity, all at once. A miss is an infinite error. "-" = the detector has no such
thing. Orders and pushes are timed on 36 lifts of 10, 15 and 20 dB streamed through the whole pipeline in blocks of
20 ms. The method is described in `onset.md`.
"""

PEERS = """## How the peers were treated

Each runs in its own process and environment (`benchmarks/peers/requirements.txt`) and gets every advantage: raw signal
band-passed without delay, the mains notched where the rest shows it, the rest given, and tuned with the truth in hand:
its parameters, the lower corner of the band (20, 50 or 90 Hz) and the choice between the first and the strongest burst,
apart for clean and for dirty signals, on {n_tune} trials of each model and SNR (seeds from {tune_seed} on). No user
could tune as well. Traps worked around: BioSPPy returns onsets and offsets in one unlabelled array, and its Hodges-Bui
every crossing; its Bonato divides by the variance of the rest, which it is given. NeuroKit2 is the best of its methods
threshold, mixture and biosppy; its silva fails on every signal and its pelt needs half a second a channel. Left out:
BioSPPy's Londral (7 µs) and Abbink (27 µs a sample), and Solnik, whose threshold is in other units than its signal. The
speed is that of the detector alone, without band-pass; a NaN anywhere silences most of them.

Tuned parameters:
"""


def write_page(results: Results, picture: str) -> str:
    """Write the whole page; `picture` is its path as seen from the page."""
    n_trials = sum(len(truth) for truth in results.truth.values())
    intro = INTRO.format(
        day=date.today().isoformat(), machine=describe_machine(), n_trials=n_trials, first_seed=FIRST_SEED
    )
    parts = [intro, goals_table(results).to_markdown(), f"![Error against SNR]({picture})\n"]
    parts += [table.to_markdown() for table in (cells_table(results), suites_table(results))]
    notes = [f"- {column.note}" for column in results.columns if column.note]
    parts.append(PEERS.format(n_tune=N_TUNE, tune_seed=TUNE_SEED))
    parts.append("\n".join(notes) + "\n" if notes else "This run was made without the peers.\n")
    return "\n".join(parts)


def goals_table(results: Results) -> Table:
    """Tabulate the ten goals: what was promised, ours and how far from it, and every other detector."""
    ours, others = results.columns[0], results.columns[1:]
    rows = [
        [
            str(figure.goal),
            figure.name + (f", {figure.unit}" if figure.unit else ""),
            figure.write_limit(),
            figure.write(value := figure.measure(ours, results.truth)),
            write_distance(figure, value),
            *(figure.write(figure.measure(column, results.truth)) for column in others),
        ]
        for figure in FIGURES
    ]
    head = ["#", "figure", "goal", f"**{ours.name}**", "misses the goal by", *(column.name for column in others)]
    return Table("The goals", head, rows)


def write_distance(figure: Figure, value: float | None) -> str:
    """Say by how much a figure misses its goal, as the rounded figures show it."""
    if figure.limit == NOTHING:
        return ""
    if value is None:
        return "not measured"
    missed = figure.limit.missed_by(round(value, figure.digits))
    return "reached" if missed < 0.5 * 10**-figure.digits else figure.write(missed)


def cells_table(results: Results) -> Table:
    """Ours in each cell: median and 90th percentile of the error, coverage of onset and lag, misses."""
    ours, rows = results.columns[0], list[list[str]]()
    for generator, model, dirty in product(("own", "other"), MODELS, (False, True)):
        row = [f"{model}, {'dirty' if dirty else 'clean'}" + (", other generator" if generator == "other" else "")]
        row += [_cell(ours, results.truth, generator, model, dirty, snr_db) for snr_db in SNRS_DB]
        rows.append(row)
    title = "Ours, cell by cell: error (median / 90th percentile, ms), 90 % interval of onset and of lag covers, missed"
    return Table(title, ["mixed", *(f"{snr_db} dB" for snr_db in SNRS_DB)], rows)


def _cell(column: Column, truth: Truth, generator: str, model: str, dirty: bool, snr_db: int) -> str:
    """Write one cell."""
    scores = select(column, truth, model=model, dirty=dirty, snr_db=snr_db, generator=generator)
    if scores is None:
        return "-"
    onset, lag = fig.onset_coverage(scores), fig.lag_coverage(scores)
    return (
        f"{_whole(fig.error_quantile_ms(scores, 0.5))} / {_whole(fig.error_quantile_ms(scores, 0.9))}; "
        f"{'-' if onset is None else f'{onset:.0f}'}, {'-' if lag is None else f'{lag:.0f}'} %; "
        f"{fig.missed_percent(scores):.1f} %"
    )


SUITES: Sequence[tuple[str, str, str]] = (
    ("mixed", "own", "mixed"),
    ("alike", "own", "alike: both muscles share rise and SNR"),
    ("whole", "own", "whole: mixed, uncut; ours without a given rest"),
    ("mixed", "other", "mixed, from the other generator"),
)


def suites_table(results: Results) -> Table:
    """Every suite for every detector: error and order, clean and dirty."""
    rows: list[list[str]] = []
    for (suite, generator, name), dirty in product(SUITES, (False, True)):
        row = [f"{name}, {'dirty' if dirty else 'clean'}"]
        for column in results.columns:
            scores = select(column, results.truth, suite=suite, dirty=dirty, generator=generator)
            if scores is None:
                row.append("-")
                continue
            order = fig.order_right(scores)
            spread = "{} / {}".format(*(_whole(fig.error_quantile_ms(scores, share)) for share in (0.5, 0.9)))
            row.append(f"{spread}, {'-' if order is None else f'{order:.3f}'}")
        rows.append(row)
    title = "Every suite, SNR 10 dB and more: error (median / 90th percentile, ms) and share of orders right"
    return Table(title, ["suite", *(column.name for column in results.columns)], rows)


def _whole(value: float) -> str:
    """Write milliseconds."""
    return "∞" if value == float("inf") else f"{value:.1f}" if value < 100 else f"{value:.0f}"
