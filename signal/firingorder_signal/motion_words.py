"""What a lift's and a set's motion was, in the words a therapist asks in: how far, how much pelvis, when, and turned.

Short clauses whose subject is the pelvis unless they name another, whole degrees and tenths of a second. Bands are
called notes, because no validated limit exists (`compensation.py`), and nothing here judges the person. A figure is
compared with a band as it is told, in whole degrees, so that no text says "5°: more than 5°".
"""

from .compensation import BACK_DEG, PELVIS_NOTE_DEG, ROTATION_NOTE_DEG, TILT_AT_DEG, VISIT_CHANGE_DEG
from .exercise import Exercise
from .results import Lift, PelvisMotion, SetResult
from .set_motion import persons_lifts
from .words import MotionWords

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

ENGLISH = MotionWords(
    exercises=EXERCISE_NAMES,
    hip_extended="hip extended {angle}°",
    hip_flexed="hip flexed {angle}°",
    hip_flexed_to="hip flexed {angle}°, to {flexion}° of flexion",
    speed="at up to {speed}°/s",
    held="held {seconds} s",
    set_of_one="pelvis, median of 1 lift: {words}",
    set_of_more="pelvis, median of {count} lifts: {words}",
    ranges="largest hip range: {ranges}",
    by_person="{angle}° lifted by the person",
    by_examiner="{angle}° lifted by the examiner (neither muscle switched on)",
    change_small="{before}° before, {after}° now: a change below {limit}° between visits is not interpreted",
    change_more="{before}° before, {after}° now: {change}° more",
    change_less="{before}° before, {after}° now: {change}° less",
    with_hip="with the hip",
    before_hip="{seconds} s before the hip",
    after_hip="{seconds} s after the hip",
    tilted_under="tilted less than 1°",
    tilted_forwards="tilted {angle}° forwards",
    tilted_backwards="tilted {angle}° backwards",
    early="{angle}° at {at}° of hip extension",
    early_other_way="{angle}° the other way at {at}° of hip extension",
    note=NOTE_WORDS,
    turned_under="turned less than 1°",
    turned_left="turned {angle}°, left side back",
    turned_right="turned {angle}°, right side back",
    back_from="tilted {angle}° backwards, from {flexion}° of hip flexion on",
    back_from_unmeasured="tilted backwards, from {flexion}° of hip flexion on",
    back_under="tilted less than {angle}° backwards",
)


def whole(value: float) -> int:
    """Round half away from zero.

    Examples
    --------
    >>> whole(-0.4), whole(2.5), whole(-2.5)
    (0, 3, -3)
    """
    return int(abs(value) + 0.5) * (1 if value >= 0 else -1)


def describe_lift(lift: Lift, words: MotionWords = ENGLISH) -> tuple[str, ...]:
    """Say how far the hip went and what the pelvis did; empty where no motion was measured.

    Examples
    --------
    >>> from firingorder_signal.blocks import Side
    >>> pelvis = PelvisMotion(tilt_deg=6.2, tilt_at_10_deg=2.1, tilt_lead_s=0.31)
    >>> for clause in describe_lift(Lift(1, Side.RIGHT, 0.0, hip_range_deg=17.0, pelvis=pelvis)): print(clause)
    hip extended 17°
    tilted 6° forwards, 0.3 s before the hip, 2° at 10° of hip extension
    """
    clauses = (
        describe_range(lift, words),
        describe_pace(lift, words),
        *describe_pelvis(lift.pelvis, lift.exercise, words),
    )
    return tuple(clause for clause in clauses if clause)


def describe_range(lift: Lift, words: MotionWords = ENGLISH) -> str:
    """Say how far the hip went."""
    if lift.hip_range_deg is None:
        return ""
    angle = whole(lift.hip_range_deg)
    if lift.exercise is not Exercise.HIP_FLEXION:
        return words.hip_extended.format(angle=angle)
    if lift.flexion_deg is None:
        return words.hip_flexed.format(angle=angle)
    return words.hip_flexed_to.format(angle=angle, flexion=whole(lift.flexion_deg))


def describe_pace(lift: Lift, words: MotionWords = ENGLISH) -> str:
    """Say how fast the hip went at most, and how long the leg was held.

    Examples
    --------
    >>> from firingorder_signal.blocks import Side
    >>> describe_pace(Lift(1, Side.RIGHT, 0.0, peak_speed_deg_s=21.7, hold_s=2.04))
    'at up to 22°/s, held 2.0 s'
    """
    speed = "" if lift.peak_speed_deg_s is None else words.speed.format(speed=whole(lift.peak_speed_deg_s))
    held = "" if lift.hold_s is None else words.held.format(seconds=words.numbers.write(lift.hold_s, 1))
    return ", ".join(clause for clause in (speed, held) if clause)


def describe_pelvis(pelvis: PelvisMotion, exercise: Exercise | None, words: MotionWords = ENGLISH) -> tuple[str, ...]:
    """Say how the pelvis tilted and turned, from its rest before the lift; empty where it was not measured."""
    if exercise is Exercise.HIP_FLEXION:
        return tuple(clause for clause in (_back_words(pelvis, words), _turn_words(pelvis, words)) if clause)
    clauses = (_tilt_words(pelvis, words), *_notes(pelvis, exercise, words), _turn_words(pelvis, words))
    return tuple(clause for clause in clauses if clause)


def describe_set(result: SetResult, words: MotionWords = ENGLISH) -> tuple[str, ...]:
    """Say what the set comes to: medians of the pelvis over the valid lifts of the person, largest ways of the hip."""
    valid = persons_lifts(result)
    kinds = {lift.exercise for lift in valid}
    told = "; ".join(describe_pelvis(result.pelvis, kinds.pop() if len(kinds) == 1 else None, words))
    pattern = words.set_of_one if len(valid) == 1 else words.set_of_more
    clauses = (pattern.format(count=len(valid), words=told) if told else "", describe_ranges(result, words))
    return tuple(clause for clause in clauses if clause)


def describe_ranges(result: SetResult, words: MotionWords = ENGLISH) -> str:
    """Say how far the hip went at most, by the person and by the examiner."""
    told: list[str] = []
    if result.active_range_deg is not None:
        told.append(words.by_person.format(angle=whole(result.active_range_deg)))
    if result.passive_range_deg is not None:
        told.append(words.by_examiner.format(angle=whole(result.passive_range_deg)))
    return words.ranges.format(ranges=", ".join(told)) if told else ""


def describe_change(before_deg: float, after_deg: float, words: MotionWords = ENGLISH) -> str:
    """Say how an angle of the pelvis or the back changed between two visits, or that the change is too small to say.

    Examples
    --------
    >>> describe_change(4.0, 9.0)
    '4° before, 9° now: a change below 10° between visits is not interpreted'
    >>> describe_change(4.0, 16.0)
    '4° before, 16° now: 12° more'
    """
    before, after = whole(before_deg), whole(after_deg)
    if abs(after_deg - before_deg) < VISIT_CHANGE_DEG:
        return words.change_small.format(before=before, after=after, limit=whole(VISIT_CHANGE_DEG))
    pattern = words.change_more if after > before else words.change_less
    return pattern.format(before=before, after=after, change=abs(after - before))


def timing_words(lead_s: float | None, words: MotionWords = ENGLISH) -> str:
    """Say whether the pelvis moved before, with or after the hip; empty where it tilted too little to tell.

    Examples
    --------
    >>> timing_words(0.25), timing_words(0.05), timing_words(-0.4)
    ('0.2 s before the hip', 'with the hip', '0.4 s after the hip')
    """
    if lead_s is None:
        return ""
    if abs(lead_s) <= TOGETHER_S:
        return words.with_hip
    pattern = words.before_hip if lead_s > 0 else words.after_hip
    return pattern.format(seconds=words.numbers.write(abs(lead_s), 1))


def _tilt_words(pelvis: PelvisMotion, words: MotionWords) -> str:
    """Say how much the pelvis tilted at most, when, and how much of it there was early on."""
    if pelvis.tilt_deg is None:
        return ""
    if whole(pelvis.tilt_deg) == 0:
        return words.tilted_under
    clauses = (_tilted(pelvis.tilt_deg, words), timing_words(pelvis.tilt_lead_s, words), _early_words(pelvis, words))
    return ", ".join(clause for clause in clauses if clause)


def _early_words(pelvis: PelvisMotion, words: MotionWords) -> str:
    """Say how much of the tilt there was when the hip had gone a little way."""
    if pelvis.tilt_deg is None or pelvis.tilt_at_10_deg is None:
        return ""
    early = whole(pelvis.tilt_at_10_deg)
    pattern = words.early_other_way if early * pelvis.tilt_deg < 0 else words.early
    return pattern.format(angle=abs(early), at=whole(TILT_AT_DEG))


def _tilted(tilt_deg: float, words: MotionWords) -> str:
    return (words.tilted_forwards if tilt_deg > 0 else words.tilted_backwards).format(angle=abs(whole(tilt_deg)))


def _notes(pelvis: PelvisMotion, exercise: Exercise | None, words: MotionWords) -> tuple[str, ...]:
    """Note a tilt beyond the bands; they are of the prone lift, since in a bridge the pelvis is what moves."""
    if exercise is not Exercise.PRONE_LIFT or pelvis.tilt_deg is None:
        return ()
    passed = [limit for limit in PELVIS_NOTE_DEG if whole(pelvis.tilt_deg) > limit]
    return (words.note.format(limit=whole(passed[-1])),) if passed else ()


def _turn_words(pelvis: PelvisMotion, words: MotionWords) -> str:
    """Say whether the pelvis turned about its long axis."""
    if pelvis.rotation_deg is None:
        return ""
    turn = whole(pelvis.rotation_deg)
    if turn == 0:
        return words.turned_under
    told = (words.turned_left if turn > 0 else words.turned_right).format(angle=abs(turn))
    if abs(turn) <= ROTATION_NOTE_DEG:
        return told
    return f"{told}, {words.note.format(limit=whole(ROTATION_NOTE_DEG))}"


def _back_words(pelvis: PelvisMotion, words: MotionWords) -> str:
    """Say from which flexion on the pelvis tilted backwards."""
    if pelvis.back_from_deg is not None:
        flexion = whole(pelvis.back_from_deg)
        if pelvis.tilt_deg is None or pelvis.tilt_deg >= 0:
            return words.back_from_unmeasured.format(flexion=flexion)
        return words.back_from.format(angle=abs(whole(pelvis.tilt_deg)), flexion=flexion)
    if pelvis.tilt_deg is None:
        return ""
    if pelvis.tilt_deg > -BACK_DEG:
        return words.back_under.format(angle=whole(BACK_DEG))
    return _tilted(pelvis.tilt_deg, words)
