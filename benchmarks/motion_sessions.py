"""Whole motion sessions against truth, from two generators: lifts, angles, starts, placement, pelvis and cost.

The first generator is the virtual wearable's, which tuning has seen (on other seeds); the second is of another hand and
makes other choices, and nothing was tuned on it. Both make people who lift, bridge, get up, walk, roll over and fidget.
Run `python -m benchmarks motion_sessions`; it takes some minutes.
"""

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from benchmarks.motion_generators import FIRST, GENERATORS, PLACED_PLANS, PLACEMENTS, Generator
from benchmarks.report import Table
from firingorder_bridge.virtual.session_truth import MotionSession, TrueLift
from firingorder_signal.blocks import FloatArray
from firingorder_signal.motion_arrays import Motion, track_motion
from firingorder_signal.motion_events import LiftFinished
from firingorder_signal.placement import check_placement

N_SESSIONS = 40
N_PLACED = 100
#: Seeds from here up are for reporting alone.
FIRST_SEED = 50_000
#: A lift is found when one shares this much of its time.
SHARED = 0.5
#: How long before the first movement of a lift it is asked for, seconds.
CUE_S = 0.3
#: A start this much too early is one that the muscle's own bulge has moved, seconds.
EARLY_S = 0.06


#: Scores sessions, of which the first word is the name.
Score = Callable[[str, Iterable[MotionSession]], list[str]]


@dataclass(frozen=True)
class Pair:
    """A true lift, and what was found of it."""

    true: TrueLift
    found: LiftFinished | None


def follow(session: MotionSession) -> Motion:
    """Follow a session with every sensor that is worn."""
    imu = session.imu
    return track_motion(
        imu["pelvis"],
        imu["thigh/right"],
        session.rate_hz,
        other_thigh_imu=imu["thigh/left"],
        shank_imu=imu["shank/right"],
    )


def pair_lifts(session: MotionSession, motion: Motion) -> list[Pair]:
    """Give each true lift the one that shares most of its time."""
    pairs: list[Pair] = []
    for true in session.lifts:
        shared = [min(lift.end_s, true.end_s) - max(lift.start_s, true.start_s) for lift in motion.lifts]
        best = int(np.argmax(shared)) if shared else -1
        enough = best >= 0 and shared[best] > SHARED * (true.end_s - true.start_s)
        pairs.append(Pair(true, motion.lifts[best] if enough else None))
    return pairs


def score_lifts(name: str, sessions: Iterable[MotionSession]) -> list[str]:
    """Count lifts found, missed and invented, the right words for bad ones, and lifts while moving about."""
    n_found = n_missed = n_invented = n_kinds = n_bad = n_said = n_moving = 0
    for session in tqdm(sessions, desc=name, total=N_SESSIONS, file=sys.stderr):
        motion = follow(session)
        pairs = pair_lifts(session, motion)
        good = [each for each in pairs if each.true.fault is None]
        hits = [each for each in good if each.found is not None and (each.found.valid or each.true.passive)]
        n_found, n_missed = n_found + len(hits), n_missed + len(good) - len(hits)
        n_kinds += sum(_is_alike(each) for each in hits)
        taken = {each.found.number for each in pairs if each.found is not None}
        invented = [lift for lift in motion.lifts if lift.valid and lift.number not in taken]
        n_invented += len(invented)
        moving = [act for act in session.acts if act.kind in ("getting_up", "walking", "rolling")]
        n_moving += sum(any(act.start_s < lift.peak_s < act.end_s for act in moving) for lift in invented)
        bad = [each for each in pairs if each.true.fault is not None]
        n_bad += len(bad)
        n_said += sum(
            each.found is not None and each.found.reason is not None and each.found.reason.code.value == each.true.fault
            for each in bad
        )
    f1 = 2 * n_found / max(2 * n_found + n_missed + n_invented, 1)
    said = f"{n_said} of {n_bad}" if n_bad else ""
    return [name, f"{f1:.3f}", str(n_missed), str(n_invented), str(n_moving), f"{n_kinds} of {n_found}", said]


def _is_alike(each: Pair) -> bool:
    """Whether the exercise is what it was; a static hold is a prone lift or a bridge that lasts."""
    kind = "prone_lift" if each.true.kind == "static_hold" else each.true.kind
    return each.found is not None and each.found.exercise.value == kind


def score_angles(name: str, sessions: Iterable[MotionSession]) -> list[str]:
    """Compare angles lying prone, ranges of prone lifts and what the pelvis did."""
    errors: dict[str, list[float]] = {key: [] for key in ("hip", "tilt", "obliquity", "range", "turn", "peak", "back")}
    for session in tqdm(sessions, desc=name, total=N_SESSIONS, file=sys.stderr):
        motion = follow(session)
        lifts = [lift for lift in session.lifts if lift.kind == "prone_lift"]
        prone = next(act for act in session.acts if act.kind == "prone" and act.start_s < lifts[0].start_s < act.end_s)
        # From the rest before the first lift on: on the way there neutral is still that of the posture before.
        rows = (motion.time_s > lifts[0].start_s - 1.0) & (motion.time_s < prone.end_s - 2.0)
        for key, measured, true in (
            ("hip", motion.hip_deg, session.hip_deg),
            ("tilt", motion.tilt_deg, session.tilt_deg),
            ("obliquity", motion.obliquity_deg, session.turn_deg),
        ):
            errors[key].append(_rmse(measured[rows], motion.time_s[rows], true, session.rate_hz))
        for each in pair_lifts(session, motion):
            _compare(session, each, errors)
    return [name, *(_spread(errors[key], key in ("hip", "tilt", "obliquity")) for key in errors)]


def _compare(session: MotionSession, each: Pair, errors: dict[str, list[float]]) -> None:
    """Add one lift's errors."""
    true, found = each.true, each.found
    if found is None or true.fault is not None:
        return
    if true.kind == "prone_lift":
        errors["range"].append(found.hip_range_deg - true.range_deg)
        if found.pelvis.rotation_deg is not None:
            errors["turn"].append(found.pelvis.rotation_deg - true.turn_deg)
        if found.pelvis.tilt_deg is not None:
            start, stop = (round(at * session.rate_hz) for at in (true.start_s, true.lower_s))
            course = session.tilt_deg[start:stop] - np.mean(session.tilt_deg[max(start - 40, 0) : start])
            errors["peak"].append(found.pelvis.tilt_deg - float(course[np.argmax(np.abs(course))]))
    elif true.kind == "hip_flexion" and true.tilt_start_s is not None and found.pelvis.back_from_deg is not None:
        at_deg = -float(session.hip_deg[round(true.tilt_start_s * session.rate_hz)])
        errors["back"].append(found.pelvis.back_from_deg - at_deg)


def score_starts(name: str, sessions: Iterable[MotionSession]) -> list[str]:
    """Compare starts of prone lifts; tell how many early ones are marked as doubtful, and how many others."""
    late_ms: list[float] = []
    doubted: list[bool] = []
    for session in tqdm(sessions, desc=name, total=N_SESSIONS, file=sys.stderr):
        for each in pair_lifts(session, follow(session)):
            if each.found is not None and each.true.kind == "prone_lift" and not each.true.passive:
                late_ms.append(1e3 * (each.found.start_s - each.true.start_s))
                doubted.append(each.found.movement is None or not each.found.movement.confident)
    late, doubt = np.array(late_ms), np.array(doubted)
    early = late < -1e3 * EARLY_S
    share = f"{100 * np.mean(doubt[early]):.0f} % of {np.count_nonzero(early)}" if early.any() else "none early"
    others = f"{100 * np.mean(doubt[~early]):.0f} %" if (~early).any() else ""
    return [name, f"{np.median(late):+.0f}", f"{np.mean(late):+.0f} ± {np.std(late):.0f}", share, others]


def score_placement(generator: Generator, case: str, kind: str) -> list[str]:
    """Judge a hundred cued lifts of a kind, and sessions watched as they go, with one thing wrong or none."""
    wanted = PLACEMENTS[case]
    n_cued = n_watched = 0
    for seed in tqdm(
        range(FIRST_SEED, FIRST_SEED + N_PLACED), desc=f"{generator.name}: {kind}, {case}", file=sys.stderr
    ):
        session = generator.placed(seed, case, kind)
        cue_s = session.lifts[0].start_s - CUE_S
        pelvis, thigh = (
            session.imu[site][: round((cue_s + 4.0) * session.rate_hz)] for site in ("pelvis", "thigh/right")
        )
        n_cued += {reason.code for reason in check_placement(pelvis, thigh, session.rate_hz, cue_s)} == wanted
        motion = track_motion(session.imu["pelvis"], session.imu["thigh/right"], session.rate_hz)
        n_watched += {reason.code for reason in motion.placement} == wanted
    watched = "needs the cue" if case == "wrong leg" and kind == "prone_lift" else str(n_watched)
    return [f"{generator.name}: {kind.replace('_', ' ')}, {case}", str(n_cued), watched]


def measure_cost(generator: Generator) -> str:
    """Time the whole chain for two sensors in blocks of 100 ms; ms a block, median (99th percentile)."""
    from fractions import Fraction

    from firingorder_signal.blocks import SampleBlock, Site, StreamInfo, StreamKind, Timebase
    from firingorder_signal.motion import ROLES, MotionTracker

    session = generator.session(FIRST_SEED, tissue=True, faults=False)
    tracker, base = MotionTracker(), Timebase(0, 0.0, 1.0 / session.rate_hz)
    rate = Fraction(session.rate_hz).limit_denominator(1000)
    whole = [
        SampleBlock(StreamInfo(role, StreamKind.IMU, (Site("unknown"),), rate), 0, session.imu[site], base)
        for role, site in zip(ROLES, ("pelvis", "thigh/right"), strict=True)
    ]
    step, taken = round(0.1 * session.rate_hz), list[float]()
    for start in range(0, len(session.hip_deg), step):
        began = time.perf_counter()
        for role, block in zip(ROLES, whole, strict=True):
            tracker.update(role, block.rows(start, start + step))
        taken.append(1e3 * (time.perf_counter() - began))
    return f"{np.median(taken):.2f} ({np.percentile(taken, 99):.2f})"


def _rmse(measured: FloatArray, time_s: FloatArray, true: FloatArray, rate_hz: float) -> float:
    """RMS difference, both from their own first second."""
    error = measured - np.interp(time_s, np.arange(len(true)) / rate_hz, true)
    error = error[~np.isnan(error)]
    return float(np.sqrt(np.mean((error - np.mean(error[:100])) ** 2)))


def _spread(values: Sequence[float], is_rmse: bool) -> str:
    if not values:
        return ""
    if is_rmse:
        return f"{np.mean(values):.2f} ({np.max(values):.2f})"
    return f"{np.mean(values):+.1f} ± {np.std(values):.1f}"


def main() -> list[Table]:
    """Measure both generators."""
    seeds = range(FIRST_SEED, FIRST_SEED + N_SESSIONS)

    def rows(score: Score, cases: dict[str, dict[str, bool]]) -> list[list[str]]:
        return [
            score(f"{generator.name}: {case}", (generator.session(seed, **options) for seed in seeds))
            for generator in GENERATORS
            for case, options in cases.items()
        ]

    cases = {
        "plain": {"tissue": False, "faults": False},
        "soft tissue": {"tissue": True, "faults": False},
    }
    lifts = rows(score_lifts, {**cases, "every third one faulty": {"tissue": False, "faults": True}})
    angles = rows(score_angles, {**cases, "bias of 3 deg/s": {"tissue": False, "faults": False, "biased": True}})
    starts = [
        score_starts(f"{generator.name}: {shape}", (generator.shaped(seed, shape) for seed in seeds))
        for generator in GENERATORS
        for shape in generator.shapes
    ]
    starts += rows(score_starts, {"soft tissue and bulge": {"tissue": True, "faults": False}})
    placed = [
        score_placement(generator, case, kind)
        for generator in GENERATORS
        for kind in PLACED_PLANS
        for case in PLACEMENTS
        # Where both legs do the same, the other one cannot be told.
        if (kind, case) != ("bilateral_bridge", "wrong leg")
    ]
    return [
        Table(
            f"Lifts, {N_SESSIONS} sessions each",
            ["generator: case", "F1", "missed", "invented", "of these moving about", "right exercise", "fault named"],
            lifts,
        ),
        Table(
            "Angles, prone; lifts; pelvis",
            [
                "generator: case",
                "hip RMSE deg (max)",
                "tilt RMSE deg (max)",
                "obliquity RMSE deg (max)",
                "range error deg",
                "rotation error deg",
                "tilt at the peak, error deg",
                "tilts back from, error deg",
            ],
            angles,
        ),
        Table(
            "Start of movement, quiet prone lifts",
            ["generator: shape", "median ms", "mean ms", "early ones doubted", "others doubted"],
            starts,
        ),
        Table(f"Placement named, of {N_PLACED}", ["generator: lift, case", "one cued lift", "watched"], placed),
        Table("Cost of two sensors, ms per 100 ms", ["", "median (99th percentile)"], [["chain", measure_cost(FIRST)]]),
    ]


if __name__ == "__main__":
    print(*(table.to_markdown() for table in main()), sep="\n")
