"""The words for each reason: what is the matter, and what to do about it.

Plain language, written for somebody with both hands on a patient. No word here judges the person; a test reads
every one of them.
"""

from .blocks import Side, Site
from .results import Reason, ReasonCode
from .words import ReasonWords

#: What a person calls each part.
PART_NAMES = {
    "gluteus_maximus": "glute max",
    "hamstring_lateral": "hamstring (outer)",
    "hamstring_medial": "hamstring (inner)",
    "erector_spinae": "low back",
    "multifidus": "deep low back",
    "gluteus_medius": "glute med",
    "tensor_fasciae_latae": "hip front (TFL)",
    "rectus_femoris": "thigh front",
    "unknown": "unnamed channel",
}

#: code -> (what is the matter, what to do). `{site}`, `{figure}` and `{limit}` are filled in, figures with their unit.
WORDS: dict[ReasonCode, tuple[str, str]] = {
    ReasonCode.LOW_SNR: (
        "{site} signal is only {figure} above rest (needed: {limit})",
        "press the electrode on, re-wet it or move it to the middle of the muscle, then repeat",
    ),
    ReasonCode.CLIPPING: (
        "{site} signal is too large for the sensor ({figure} of samples clipped, limit {limit})",
        "lower the sensor's gain, then repeat",
    ),
    ReasonCode.ELECTRODE_OFF: ("{site} electrode has no signal", "press the electrode on, then repeat"),
    ReasonCode.RESTLESS_BASELINE: (
        "{site} was not at rest before the lift ({figure} its own level, limit {limit})",
        "let the leg lie loose for two seconds, then lift",
    ),
    ReasonCode.NO_BASELINE: (
        "{site} was quiet for only {figure} before the lift (needed: {limit})",
        "lie still for two seconds before each lift",
    ),
    ReasonCode.LOUD_REST: (
        "{site} is at {figure} even at rest (limit {limit})",
        "let the leg lie loose; if it does, re-wet the electrode and press it on, then repeat",
    ),
    ReasonCode.SAMPLES_LOST: (
        "{figure} of samples were lost around the onset (limit {limit})",
        "bring the sensor closer to the receiver, then repeat",
    ),
    ReasonCode.CLOCKS_NOT_ALIGNED: (
        "the sensors' clocks agree only to {figure} (limit {limit})",
        "wait until the clocks have settled; unlike sensors need `firingorder align` once, then repeat",
    ),
    ReasonCode.TAP_RATE: (
        "motion at {figure} is too slow to see a tap (needed: {limit})",
        "set the motion sensors to at least 200 Hz",
    ),
    ReasonCode.NO_TAPS: (
        "no tap was felt: at most {figure} (needed: {limit})",
        "hold the sensors together in one hand and knock on them five times, a second apart, still before and after",
    ),
    ReasonCode.TOO_FEW_TAPS: (
        "only {figure} taps were alike on both sensors (needed: {limit})",
        "hold the sensors firmly together and knock five times, or shake them for four seconds",
    ),
    ReasonCode.TAPS_DISAGREE: (
        "the taps lie {figure} apart from each other (limit {limit})",
        "hold the sensors firmly together, wait until the clocks have settled, then repeat",
    ),
    ReasonCode.RATE_TOO_LOW: (
        "EMG at {figure} is too slow to tell an order (needed: {limit})",
        "use a sensor with at least {limit}; 1000 Hz or more is better",
    ),
    ReasonCode.RATE_LOW: ("EMG at {figure} is slow; the band is wider", "1000 Hz or more gives a narrower band"),
    ReasonCode.MAINS_HUM: (
        "{figure} of the resting {site} signal is mains hum (limit {limit})",
        "unplug the charger, move cables away, re-wet the electrode",
    ),
    ReasonCode.MOVEMENT_ARTEFACT: (
        "the {site} electrode moves on the skin ({figure} of the power is below 20 Hz, limit {limit})",
        "tape the electrode and its cable down, then repeat",
    ),
    ReasonCode.SHOCK_AT_ONSET: (
        "a knock ({figure}, limit {limit}) came with the {site} onset, which is a step and not a burst",
        "tape the electrode and its cable down, keep hands off them, then repeat",
    ),
    ReasonCode.METHODS_DISAGREE: (
        "the classic threshold places {site} {figure} elsewhere (limit {limit})",
        "look at the trace of this lift: a slow rise is late by a threshold",
    ),
    # Of every exercise, a bridge too: how far is far enough stands in the instruction before each lift.
    ReasonCode.LIFT_TOO_SMALL: ("the hip moved only {figure} (needed: {limit})", "lift further, then repeat"),
    ReasonCode.LIFT_TOO_LARGE: ("the hip moved {figure} (at most {limit})", "lift less far, then repeat"),
    ReasonCode.LIFT_TOO_FAST: ("the leg moved at {figure} (at most {limit})", "lift more slowly, about one second up"),
    ReasonCode.LIFT_TOO_SLOW: ("the leg moved at only {figure} (needed: {limit})", "lift in about one second"),
    ReasonCode.KNEE_BENT: (
        "the knee moved by {figure} (at most {limit})",
        "keep the knee as it is",
    ),
    ReasonCode.PELVIS_TILTED: (
        "the pelvis tilted by {figure} (at most {limit})",
        "keep the pelvis where it lies, and lift only as far as it stays there",
    ),
    ReasonCode.OTHER_EXERCISE: (
        "this was another movement than the test asks for",
        "it stays listed with its figures; do the movement of the test",
    ),
    ReasonCode.THIGH_TURNED: (
        "the thigh sensor is turned by {figure}; the angles allow for it",
        "nothing to do now; next time let its arrow point towards the head",
    ),
    ReasonCode.THIGH_FACE_DOWN: (
        "the thigh sensor lies with its face on the skin",
        "turn it over, arrow towards the head, and begin again",
    ),
    ReasonCode.PELVIS_FACE_DOWN: (
        "the pelvis sensor lies with its face on the skin",
        "turn it over, arrow towards the head, and begin again",
    ),
    ReasonCode.SENSORS_SWAPPED: (
        "the pelvis sensor goes or lies as the thigh's does ({figure}, at most {limit}): they seem to be swapped",
        "exchange the two sensors, and begin again",
    ),
    ReasonCode.THIGH_STAYED: (
        "the thigh sensor turned by only {figure} with the lift (needed: {limit}): it seems to be on the other leg",
        "put the thigh sensor on the leg that is lifted, and begin again",
    ),
    ReasonCode.NOT_STILL_BEFORE: (
        "the leg was not still before the lift",
        "lie still for two seconds before each lift",
    ),
    ReasonCode.SENSOR_LOST: ("a sensor was lost during the lift", "check the cable or the distance, then repeat"),
    ReasonCode.SENSOR_MISSING: (
        "there is no {site} channel",
        "plug its sensor in, or name the channels of a file: --hamstring NAME --glute NAME",
    ),
    ReasonCode.NO_LIFT: (
        "no lift was found",
        "check that sensors sit on pelvis and thigh of the leg that is lifted; without them, both muscles must burst",
    ),
    ReasonCode.TOO_FEW_LIFTS: ("only {figure} of the {limit} lifts needed could be judged", "record more lifts"),
    ReasonCode.REPEATED: ("this lift was set aside to be repeated", "lift again"),
    ReasonCode.NO_CERTAINTY: (
        "the chosen onset method gives a moment, and not how sure it is",
        "for an order, use the method ramp-likelihood",
    ),
    ReasonCode.TOO_SHORT: (
        "the {site} signal lasts only {figure} (needed: {limit})",
        "record a longer stretch, with the rest before the burst",
    ),
    ReasonCode.SAMPLES_MISSING: (
        "{figure} of {site} samples are lost (at most {limit})",
        "check the channel and its cable",
    ),
    ReasonCode.FLAT_LINE: (
        "the {site} signal does not move at all for {figure} (at most {limit})",
        "press the electrode on and check its cable, then repeat",
    ),
    ReasonCode.INFINITE_VALUES: (
        "{figure} of {site} samples are infinite, and count as lost (limit {limit})",
        "check how the file was exported, or lower the sensor's gain",
    ),
    ReasonCode.NO_ACTIVITY: (
        "{site} shows no burst that lasts: its strongest 100 ms are {figure} above rest",
        "check that the electrode is on the muscle, then repeat",
    ),
    ReasonCode.HOLD_SHORT: (
        "the hold lasted only {figure} (needed: {limit})",
        "hold for 20 to 30 s",
    ),
    ReasonCode.HOLD_UNSTEADY: (
        "{site} was not held steady: it varied by {figure} (limit {limit})",
        "squeeze evenly, inside the target band",
    ),
    ReasonCode.HOLD_NEAR_REST: (
        "{site} was only {figure} above rest (needed: {limit})",
        "squeeze harder; if that was hard already, press the electrode on",
    ),
    ReasonCode.RATE_NO_SPECTRUM: (
        "{site} at {figure} is too slow for a median frequency (needed: {limit})",
        "use a sensor with at least {limit}",
    ),
    ReasonCode.ENDED_EARLY: ("the recording ends inside the lift", "record to the end of the lift"),
}

#: Unit a figure is held in -> (how it is written, digits after the decimal sign, factor).
UNIT_FORMATS = {
    "s": ("{} s", 1, 1.0),
    "share": ("{} %", 1, 100.0),
    "dB": ("{} dB", 0, 1.0),
    "Hz": ("{} Hz", 0, 1.0),
    "deg": ("{}°", 0, 1.0),
    "deg/s": ("{}°/s", 0, 1.0),
    "m/s²": ("{} m/s²", 1, 1.0),
    "m/s³": ("{} m/s³", 0, 1.0),
    "µV": ("{} µV", 0, 1.0),
    "times": ("{} times", 1, 1.0),
    "": ("{}", 0, 1.0),
}

ENGLISH = ReasonWords(
    parts=PART_NAMES,
    muscle="muscle",
    sided="{side} {part}",
    sides={side.value: side.value for side in Side},
    reasons=WORDS,
    units=UNIT_FORMATS,
    milliseconds="{} ms",
)


def name_site(site: Site | None, words: ReasonWords = ENGLISH, *, with_side: bool = False) -> str:
    """Say a site the way a person would: `glute max`, or `right glute max`.

    Examples
    --------
    >>> name_site(Site.parse("gluteus_maximus/right"), with_side=True)
    'right glute max'
    """
    if site is None:
        return words.muscle
    part = words.parts.get(site.part, site.part)
    if not with_side or site.side is Side.MIDDLE:
        return part
    return words.sided.format(side=words.sides[site.side.value], part=part)


def write_quantity(value: float | None, unit: str, words: ReasonWords = ENGLISH) -> str:
    """Write a figure with its unit; times are held in seconds, whatever they are shown in, and shares as 0..1."""
    if value is None:
        return "?"
    if unit == "s" and abs(value) < 1.0:
        return words.milliseconds.format(words.numbers.write(1000.0 * value, 0))
    pattern, digits, factor = words.units[unit]
    return pattern.format(words.numbers.write(value * factor, digits))


def describe(reason: Reason, words: ReasonWords = ENGLISH) -> tuple[str, str]:
    """Say what is the matter and what to do about it.

    Examples
    --------
    >>> describe(Reason(ReasonCode.LOW_SNR, 7.2, 10.0, "dB", Site.parse("gluteus_maximus/right")))[0]
    'glute max signal is only 7 dB above rest (needed: 10 dB)'
    """
    what, fix = words.reasons[reason.code]
    facts = {
        "site": name_site(reason.site, words),
        "figure": write_quantity(reason.figure, reason.unit, words),
        "limit": write_quantity(reason.limit, reason.unit, words),
    }
    return what.format(**facts), fix.format(**facts)
