"""Six-lift sets with known truth through the whole pipeline: how often is the set's verdict right, and how often wrong.

"Every rise" is linear, quadratic, raised cosine and square root alike, 50-400 ms for each muscle. Seeds from 50 000 up
are for reporting alone; nothing was tuned on them.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from benchmarks.report import Table
from firingorder_bridge.virtual.sets import simulate_set
from firingorder_bridge.virtual.settings import RiseShape, SetParams
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import SetResult, Verdict

FIRST_SEED = 50_000
RISES_S = (0.05, 0.1, 0.2, 0.4)
#: Blocks of two seconds: batch speed, and the answer is the same for any length.
BLOCK_S = 2.0


@dataclass(frozen=True)
class Case:
    """One set to simulate: the true mean lag, each muscle's SNR and rise."""

    group: str
    seed: int
    lag_s: float
    snr_db: tuple[float, float]
    rise_s: tuple[float, float]
    shape: RiseShape = RiseShape.LINEAR


def draw_cases(n: int) -> Iterator[Case]:
    """Draw the sets of each question."""
    rng = np.random.default_rng(FIRST_SEED)
    unequal = [pair for pair in product(RISES_S, RISES_S) if pair[0] != pair[1]]
    shapes = list(RiseShape)
    for i in range(n):
        snr = (float(rng.uniform(10, 25)), float(rng.uniform(10, 25)))
        rise = unequal[i % len(unequal)]
        yield Case(
            "lag 0, 10-25 dB, every unequal pair of rises", FIRST_SEED + i, 0.0, snr, rise, shapes[i % len(shapes)]
        )
        side = 0.08 if i % 2 else -0.08
        rise = (float(rng.choice(RISES_S)), float(rng.choice(RISES_S)))
        shape = shapes[i // 2 % len(shapes)]
        yield Case("lag ±80 ms, 15 dB, every rise", FIRST_SEED + n + i, side, (15.0, 15.0), rise, shape)
        rise = (float(rng.choice(RISES_S[:3])), float(rng.choice(RISES_S[:3])))
        yield Case("lag ±80 ms, 15 dB, linear rises of 50-200 ms", FIRST_SEED + 3 * n + i, side, (15.0, 15.0), rise)
        lag_s = float(rng.uniform(-0.15, 0.15))
        yield Case(
            "lag -150..150 ms, 10-25 dB, every rise", FIRST_SEED + 2 * n + i, lag_s, snr, rise, shapes[i % len(shapes)]
        )


def run_case(case: Case) -> tuple[Case, SetResult, float]:
    """Simulate one set and judge it; the third value is the median true lag."""
    params = SetParams(rest_s=3.0)
    hamstring = replace(params.hamstring, snr_db=case.snr_db[0], rise_s=case.rise_s[0], rise_shape=case.shape)
    glute = replace(params.glute, snr_db=case.snr_db[1], rise_s=case.rise_s[1], rise_shape=case.shape)
    params = replace(params, hamstring=hamstring, glute=glute, lag_s=case.lag_s, lag_sd_s=0.0)
    simulated = simulate_set(params, case.seed)
    pipeline = Pipeline([stream for stream, _ in simulated.streams()], PipelineParams())
    for block in simulated.to_blocks(BLOCK_S):
        pipeline.update(block)
    pipeline.finish()
    return case, pipeline.results[0], float(np.median([lift.lag_s for lift in simulated.lifts]))


def summarize(group: str, outcomes: Sequence[tuple[Case, SetResult, float]]) -> list[str]:
    """Write one group's row."""
    n = len(outcomes)
    verdicts = [result.verdict for _, result, _ in outcomes]
    shares = [verdicts.count(verdict) / n for verdict in Verdict]
    signs = [
        np.sign(result.lag_s) == np.sign(true_s)
        for _, result, true_s in outcomes
        if result.lag_s is not None and abs(true_s) > 0.005
    ]
    wrong = [
        (true_s >= -1e-6 and result.verdict is Verdict.GLUTE_FIRST)
        or (true_s <= 1e-6 and result.verdict is Verdict.HAMSTRING_FIRST)
        for _, result, true_s in outcomes
    ]
    errors_ms = [1e3 * (result.lag_s - true_s) for _, result, true_s in outcomes if result.lag_s is not None]
    covered = [
        result.ci90_s[0] <= true_s <= result.ci90_s[1] for _, result, true_s in outcomes if result.ci90_s is not None
    ]
    return [
        group,
        str(n),
        *(f"{100 * share:.1f} %" for share in shares),
        f"{100 * np.mean(wrong):.1f} %",
        f"{100 * np.mean(signs):.1f} %" if signs else "-",
        f"{np.median(errors_ms):+.1f} / {np.percentile(np.abs(errors_ms), 90):.0f} ms" if errors_ms else "-",
        f"{100 * np.mean(covered):.0f} %" if covered else "-",
    ]


def main(n: int = 200) -> Table:
    """Run `n` sets a group on all cores."""
    with ProcessPoolExecutor() as pool:
        outcomes = list(pool.map(run_case, draw_cases(n), chunksize=8))
    groups: dict[str, list[tuple[Case, SetResult, float]]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome[0].group, []).append(outcome)
    head = ["six-lift sets", "sets", *(verdict.value for verdict in Verdict)]
    head += ["order called wrongly", "sign of the median right", "error median / 90th percentile", "interval covers"]
    return Table("Verdicts on simulated sets", head, [summarize(group, rows) for group, rows in groups.items()])


if __name__ == "__main__":
    print(main().to_markdown())
