"""Knocks on an electrode: how many of the onsets they make are doubted, and how many true ones are.

    python -m benchmarks.knocks --first 50000 --sets 25

Each set has eight lifts of a person drawn anew; a knock falls before the true onset, or where the muscle never switches
on. "Taken" are lifts whose onset in the result is within 60 ms of the knock, and further than 30 ms from the true one
or without a true one. The controls: the same sets untouched, with the shock alone (the plinth is hit), and
with the leap alone at the onset.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from firingorder_bridge.virtual.faults import Fault, FaultKind
from firingorder_bridge.virtual.knocks import Knock
from firingorder_bridge.virtual.sets import SimulatedSet, simulate_set
from firingorder_bridge.virtual.settings import MuscleParams, RiseShape, SetParams
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import Lift, ReasonCode, Verdict

N_LIFTS = 8
MUSCLES = ("hamstring", "glute")
ORDERS = (Verdict.HAMSTRING_FIRST, Verdict.GLUTE_FIRST, Verdict.SIMULTANEOUS)
CASES = ("clean", "before", "instead", "shock alone", "leap alone")
#: A knock before the onset comes this long before it; on the onset it comes up to so much before or after.
BEFORE_S, AT_S = (0.03, 0.5), 0.02
#: Leaps of the input, µV: what shows well above rest, up to what fills a converter of ±3 mV.
LEAP_UV = (100.0, 6000.0)
RANGE_UV = 3000.0


def draw_params(seed: int, silent: str | None = None) -> SetParams:
    """Draw a person's muscles; `silent` never switches on."""
    rng = np.random.default_rng([seed, 1])

    def drawn(muscle: MuscleParams, name: str) -> MuscleParams:
        snr_db, rise_s = float(rng.uniform(16.0, 28.0)), float(rng.uniform(0.05, 0.3))
        shape = RiseShape(rng.choice([shape.value for shape in RiseShape]))
        return replace(muscle, snr_db=None if name == silent else snr_db, rise_s=rise_s, rise_shape=shape)

    usual = SetParams()
    return replace(
        usual,
        hamstring=drawn(usual.hamstring, "hamstring"),
        glute=drawn(usual.glute, "glute"),
        n_lifts=N_LIFTS,
        rest_s=3.5,
        lag_s=float(rng.uniform(-0.1, 0.15)),
    )


def draw_knocks(simulated: SimulatedSet, muscle: str, case: str, seed: int) -> list[Knock]:
    """Draw a blow for each lift."""
    rng = np.random.default_rng([seed, 2])
    knocks: list[Knock] = []
    for lift in simulated.lifts:
        leap_uv = float(np.exp(rng.uniform(float(np.log(LEAP_UV[0])), float(np.log(LEAP_UV[1])))))
        before_s = float(rng.uniform(*BEFORE_S)) if case in ("before", "instead") else float(rng.uniform(-AT_S, AT_S))
        fault = Fault(FaultKind.KNOCK, muscle, lift.onsets_s[muscle] - before_s, value=leap_uv)
        knocks.append(Knock.draw(fault, seed))
    return knocks


def knock_set(case: str, seed: int) -> tuple[SimulatedSet, str, list[Knock]]:
    """Simulate one set of a case: the set, the muscle that is struck, and the blows."""
    muscle = MUSCLES[seed % 2]
    plain = simulate_set(draw_params(seed), seed)
    knocks = draw_knocks(plain, muscle, case, seed)
    if case == "clean":
        return plain, muscle, knocks
    base = simulate_set(draw_params(seed, muscle), seed) if case == "instead" else plain
    struck = base.knocked(muscle, knocks, emg=case != "shock alone", imu=case != "leap alone")
    return replace(struck, emg_uv=np.clip(struck.emg_uv, -RANGE_UV, RANGE_UV)), muscle, knocks


def judge(simulated: SimulatedSet) -> tuple[Lift, ...]:
    """Run a set through the pipeline."""
    pipeline = Pipeline([info for info, _ in simulated.streams()], PipelineParams(hold_s=5.0))
    for block in simulated.to_blocks(1.0):
        pipeline.update(block)
    pipeline.finish()
    return pipeline.results[0].lifts


def tell_lifts(case: str, seed: int) -> Iterator[Counter[str]]:
    """Say of each muscle's onset, or in a knocked set of the struck muscle's, what became of it."""
    simulated, muscle, knocks = knock_set(case, seed)
    lifts = judge(simulated)
    for plan, knock in zip(simulated.lifts, knocks, strict=True):
        lift = min(lifts, key=lambda each: abs(each.start_s - plan.move_s), default=None)
        if lift is None or lift.lag is None or abs(lift.start_s - plan.move_s) > 1.0:
            yield Counter(lost=1)
            continue
        for site, onset in lift.onsets.items():
            name = "hamstring" if site.is_hamstring else "glute"
            if case != "clean" and name != muscle:
                continue
            doubted = any(reason.code is ReasonCode.SHOCK_AT_ONSET for reason in onset.cautions)
            error_s = None if onset.time_s is None else onset.time_s - plan.onsets_s[name]
            wrong = error_s is not None and (case == "instead" or abs(error_s) > 0.03)
            taken = wrong and abs((onset.time_s or 0.0) - knock.at_s) < 0.06 and case in ("before", "instead")
            ordered = lift.lag.verdict in ORDERS
            yield Counter(
                onsets=1,
                found=error_s is not None,
                doubted=doubted,
                taken=taken,
                taken_doubted=taken and doubted,
                taken_ordered=taken and ordered,
                wrong_not_taken=wrong and not taken,
                right_doubted=error_s is not None and not wrong and doubted,
                ordered=ordered,
            )


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=50_000)
    parser.add_argument("--sets", type=int, default=25)
    parser.add_argument("--cases", nargs="*", default=list(CASES))
    args = parser.parse_args()
    for case in args.cases:
        total: Counter[str] = Counter()
        for seed in range(args.first, args.first + args.sets):
            for counted in tell_lifts(case, seed):
                total.update(counted)
        print(f"{case:12}", ", ".join(f"{name} {n}" for name, n in total.items()), flush=True)


if __name__ == "__main__":
    main()
