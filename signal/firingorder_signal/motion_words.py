"""What a lift's and a set's motion was, in the words a therapist asks in: how far, how much pelvis, when, and turned.

Short clauses whose subject is the pelvis unless they name another, whole degrees and tenths of a second. Bands are
called notes, because no validated limit exists (`compensation.py`), and nothing here judges the person. A figure is
compared with a band as it is told, in whole degrees, so that no text says "5°: more than 5°".
"""

from .blocks import Side
from .compensation import BACK_DEG, PELVIS_NOTE_DEG, ROTATION_NOTE_DEG, TILT_AT_DEG, VISIT_CHANGE_DEG
from .exercise import Exercise
from .results import Lift, PelvisMotion, SetResult
from .set_motion import persons_lifts

EXERCISE_NAMES = {
    Exercise.PRONE_LIFT: "prone lift",
    Exercise.BRIDGE: "bridge",
    Exercise.SINGLE_LEG_BRIDGE: "bridge on one leg",
    Exercise.BILATERAL_BRIDGE: "bridge on both legs",
    Exercise.HIP_FLEXION: "hip flexion",
}
#: Pelvis and hip that start within this of each other move together (J: twice the error of either's timing, 50 ms).
TOGETHER_S = 0.1
#: Of a lift in which neither muscle switched on.
EXAMINERS = "neither muscle switched on, as when the examiner lifts the leg: it counts for the range alone"
NOTE_WORDS = "more than {limit}° (a note, no norm)"


def whole(value: float) -> int:
    """Round half away from zero.

    Examples
    --------
    >>> whole(-0.4), whole(2.5), whole(-2.5)
    (0, 3, -3)
    """
    return int(abs(value) + 0.5) * (1 if value >= 0 else -1)


def describe_lift(lift: Lift) -> tuple[str, ...]:
    """Say how far the hip went and what the pelvis did; empty where no motion was measured.

    Examples
    --------
    >>> pelvis = PelvisMotion(tilt_deg=6.2, tilt_at_10_deg=2.1, tilt_lead_s=0.31)
    >>> for words in describe_lift(Lift(1, Side.RIGHT, 0.0, hip_range_deg=17.0, pelvis=pelvis)): print(words)
    hip extended 17°
    tilted 6° forwards, 0.3 s before the hip, 2° at 10° of hip extension
    """
    clauses = (describe_range(lift), describe_pace(lift), *describe_pelvis(lift.pelvis, lift.exercise))
    return tuple(clause for clause in clauses if clause)


def describe_range(lift: Lift) -> str:
    """Say how far the hip went."""
    if lift.hip_range_deg is None:
        return ""
    if lift.exercise is not Exercise.HIP_FLEXION:
        return f"hip extended {whole(lift.hip_range_deg)}°"
    to = "" if lift.flexion_deg is None else f", to {whole(lift.flexion_deg)}° of flexion"
    return f"hip flexed {whole(lift.hip_range_deg)}°{to}"


def describe_pace(lift: Lift) -> str:
    """Say how fast the hip went at most, and how long the leg was held.

    Examples
    --------
    >>> describe_pace(Lift(1, Side.RIGHT, 0.0, peak_speed_deg_s=21.7, hold_s=2.04))
    'at up to 22°/s, held 2.0 s'
    """
    speed = "" if lift.peak_speed_deg_s is None else f"at up to {whole(lift.peak_speed_deg_s)}°/s"
    held = "" if lift.hold_s is None else f"held {lift.hold_s:.1f} s"
    return ", ".join(word for word in (speed, held) if word)


def describe_pelvis(pelvis: PelvisMotion, exercise: Exercise | None) -> tuple[str, ...]:
    """Say how the pelvis tilted and turned, from its rest before the lift; empty where it was not measured."""
    if exercise is Exercise.HIP_FLEXION:
        return tuple(clause for clause in (_back_words(pelvis), _turn_words(pelvis)) if clause)
    clauses = (_tilt_words(pelvis), *_notes(pelvis, exercise), _turn_words(pelvis))
    return tuple(clause for clause in clauses if clause)


def describe_set(result: SetResult) -> tuple[str, ...]:
    """Say what the set comes to: medians of the pelvis over the valid lifts of the person, largest ways of the hip."""
    valid = persons_lifts(result)
    kinds = {lift.exercise for lift in valid}
    words = describe_pelvis(result.pelvis, kinds.pop() if len(kinds) == 1 else None)
    clauses = (f"pelvis, median of {_count(len(valid))}: {'; '.join(words)}" if words else "", describe_ranges(result))
    return tuple(clause for clause in clauses if clause)


def describe_ranges(result: SetResult) -> str:
    """Say how far the hip went at most, by the person and by the examiner."""
    words: list[str] = []
    if result.active_range_deg is not None:
        words.append(f"{whole(result.active_range_deg)}° lifted by the person")
    if result.passive_range_deg is not None:
        words.append(f"{whole(result.passive_range_deg)}° lifted by the examiner (neither muscle switched on)")
    return f"largest hip range: {', '.join(words)}" if words else ""


def describe_change(before_deg: float, after_deg: float) -> str:
    """Say how an angle of the pelvis or the back changed between two visits, or that the change is too small to say.

    Examples
    --------
    >>> describe_change(4.0, 9.0)
    '4° before, 9° now: a change below 10° between visits is not interpreted'
    >>> describe_change(4.0, 16.0)
    '4° before, 16° now: 12° more'
    """
    before, after = whole(before_deg), whole(after_deg)
    told = f"{before}° before, {after}° now"
    if abs(after_deg - before_deg) < VISIT_CHANGE_DEG:
        return f"{told}: a change below {whole(VISIT_CHANGE_DEG)}° between visits is not interpreted"
    return f"{told}: {abs(after - before)}° {'more' if after > before else 'less'}"


def timing_words(lead_s: float | None) -> str:
    """Say whether the pelvis moved before, with or after the hip; empty where it tilted too little to tell.

    Examples
    --------
    >>> timing_words(0.25), timing_words(0.05), timing_words(-0.4)
    ('0.2 s before the hip', 'with the hip', '0.4 s after the hip')
    """
    if lead_s is None:
        return ""
    if abs(lead_s) <= TOGETHER_S:
        return "with the hip"
    return f"{abs(lead_s):.1f} s {'before' if lead_s > 0 else 'after'} the hip"


def _tilt_words(pelvis: PelvisMotion) -> str:
    """Say how much the pelvis tilted at most, when, and how much of it there was early on."""
    if pelvis.tilt_deg is None:
        return ""
    if whole(pelvis.tilt_deg) == 0:
        return "tilted less than 1°"
    words = (_tilted(pelvis.tilt_deg), timing_words(pelvis.tilt_lead_s), _early_words(pelvis))
    return ", ".join(word for word in words if word)


def _early_words(pelvis: PelvisMotion) -> str:
    """Say how much of the tilt there was when the hip had gone a little way."""
    if pelvis.tilt_deg is None or pelvis.tilt_at_10_deg is None:
        return ""
    early = whole(pelvis.tilt_at_10_deg)
    way = " the other way" if early * pelvis.tilt_deg < 0 else ""
    return f"{abs(early)}°{way} at {whole(TILT_AT_DEG)}° of hip extension"


def _tilted(tilt_deg: float) -> str:
    return f"tilted {abs(whole(tilt_deg))}° {'forwards' if tilt_deg > 0 else 'backwards'}"


def _notes(pelvis: PelvisMotion, exercise: Exercise | None) -> tuple[str, ...]:
    """Note a tilt beyond the bands; they are of the prone lift, since in a bridge the pelvis is what moves."""
    if exercise is not Exercise.PRONE_LIFT or pelvis.tilt_deg is None:
        return ()
    passed = [limit for limit in PELVIS_NOTE_DEG if whole(pelvis.tilt_deg) > limit]
    return (NOTE_WORDS.format(limit=whole(passed[-1])),) if passed else ()


def _turn_words(pelvis: PelvisMotion) -> str:
    """Say whether the pelvis turned about its long axis."""
    if pelvis.rotation_deg is None:
        return ""
    turn = whole(pelvis.rotation_deg)
    if turn == 0:
        return "turned less than 1°"
    side = Side.LEFT if turn > 0 else Side.RIGHT
    note = f", {NOTE_WORDS.format(limit=whole(ROTATION_NOTE_DEG))}" if abs(turn) > ROTATION_NOTE_DEG else ""
    return f"turned {abs(turn)}°, {side.value} side back{note}"


def _back_words(pelvis: PelvisMotion) -> str:
    """Say from which flexion on the pelvis tilted backwards."""
    if pelvis.back_from_deg is not None:
        much = "" if pelvis.tilt_deg is None or pelvis.tilt_deg >= 0 else f" {abs(whole(pelvis.tilt_deg))}°"
        return f"tilted{much} backwards, from {whole(pelvis.back_from_deg)}° of hip flexion on"
    if pelvis.tilt_deg is None:
        return ""
    if pelvis.tilt_deg > -BACK_DEG:
        return f"tilted less than {whole(BACK_DEG)}° backwards"
    return _tilted(pelvis.tilt_deg)


def _count(n_lifts: int) -> str:
    return "1 lift" if n_lifts == 1 else f"{n_lifts} lifts"
