"""Electrodes tried by squeezing before the first lift: how often the thigh sensor is then said to be on the other leg.

    python -m benchmarks.squeezes --first 50000 --sets 40

Both muscles are tensed so many times while the leg stays where it is, then six lifts are made, the sensor on the right
leg throughout; the person and the muscles are drawn anew for each set (`benchmarks.knocks`).
"""

import argparse
from dataclasses import replace

import numpy as np

from benchmarks.knocks import draw_params
from benchmarks.report import Table
from firingorder_bridge.virtual.sets import SimulatedSet, simulate_set
from firingorder_signal.events import PlacementFound
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import ReasonCode

N_LIFTS = 6
SQUEEZES = (0, 1, 2, 3, 4)


def squeeze_set(n_squeezes: int, seed: int) -> SimulatedSet:
    """Simulate a set whose first lifts are squeezes: the muscles work, the sensors go on lying as at the beginning."""
    params = replace(draw_params(seed), n_lifts=N_LIFTS + n_squeezes)
    simulated = simulate_set(params, seed)
    rate_hz, first_s = simulated.imu_rate_hz, simulated.lifts[0].move_s
    # From here on the leg moves: half a rest before the first true lift.
    until = round((simulated.lifts[n_squeezes].move_s - 0.5 * params.rest_s) * rate_hz) if n_squeezes else 0
    # There and back, so that the rest that goes on has no jumps.
    rest = np.arange(round((first_s - 1.0) * rate_hz))
    rows = np.concatenate([rest, rest[::-1]])[np.arange(until) % (2 * len(rest))]
    pelvis, thigh = simulated.pelvis_imu.copy(), simulated.thigh_imu.copy()
    pelvis[:until], thigh[:until] = simulated.pelvis_imu[rows], simulated.thigh_imu[rows]
    return replace(simulated, pelvis_imu=pelvis, thigh_imu=thigh)


def judge(simulated: SimulatedSet) -> tuple[bool, bool]:
    """Say whether the other leg was ever named, and whether it still is in the end."""
    pipeline = Pipeline([info for info, _ in simulated.streams()], PipelineParams())
    events = [event for block in simulated.to_blocks(0.5) for event in pipeline.update(block)] + pipeline.finish()
    told = [event.reasons for event in events if isinstance(event, PlacementFound)]
    named = [ReasonCode.THIGH_STAYED in {reason.code for reason in reasons} for reasons in told]
    return any(named), bool(named) and named[-1]


def measure(first: int, n_sets: int) -> Table:
    """Judge so many sets for each number of squeezes."""
    rows: list[list[str]] = []
    for n_squeezes in SQUEEZES:
        judged = [judge(squeeze_set(n_squeezes, seed)) for seed in range(first, first + n_sets)]
        rows.append([str(n_squeezes), *(str(sum(each)) for each in zip(*judged, strict=True))])
    return Table(f"Other leg named wrongly, of {n_sets}", ["squeezes first", "before a lift", "in the end"], rows)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=50_000)
    parser.add_argument("--sets", type=int, default=40)
    args = parser.parse_args()
    print(measure(args.first, args.sets).to_markdown())


if __name__ == "__main__":
    main()
