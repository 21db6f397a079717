"""Units as files write them: what is in a header's brackets, and how many microvolts that is."""

import re

#: Microvolts in one of each. Keys are lower case with `µ` written `u`.
MICROVOLTS = {
    **{"v": 1e6, "mv": 1e3, "uv": 1.0, "nv": 1e-3},
    **{"volt": 1e6, "volts": 1e6, "millivolt": 1e3, "millivolts": 1e3, "microvolt": 1.0, "microvolts": 1.0},
}
#: Seconds in one of each.
SECONDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "time_s"), 1.0),
    **dict.fromkeys(("ms", "millis", "millisecond", "milliseconds", "time_ms"), 1e-3),
    "us": 1e-6,
}
#: Units of joint angles, which come along as they are.
ANGLES = ("deg", "degree", "degrees", "°", "rad")

#: m/s² in one of each; standard gravity of ISO 80000-3. Keys as in `MICROVOLTS`, powers written out.
ACCELERATIONS = {"m/s^2": 1.0, "m/s2": 1.0, "m/s²": 1.0, "g": 9.80665, "mg": 9.80665e-3}
#: rad/s in one of each.
TURN_RATES = {
    **dict.fromkeys(("rad/s", "rad/sec"), 1.0),
    **dict.fromkeys(("deg/s", "deg/sec", "°/s", "dps", "degrees/s"), 0.017453292519943295),
}

_BRACKETS = re.compile(r"^(?P<name>.*?)\s*[\[(](?P<unit>[^\])]*)[\])]\s*$")
#: `BF_mV`, `BF, mV`, `BF - mV` and, as ISO 80000-1 has it, `BF / mV`.
_SUFFIX = re.compile(r"^(?P<name>.*?)[\s_,/-]+(?P<unit>[uµμmn]?V)$", re.IGNORECASE)


def normalise(unit: str) -> str:
    """Return a unit in lower case with both micro signs as `u`.

    Examples
    --------
    >>> normalise(" µV ")
    'uv'
    """
    return unit.strip().replace("µ", "u").replace("μ", "u").lower()


def split_unit(header: str) -> tuple[str, str]:
    """Split a column's header into name and unit; the unit is empty where none is stated.

    Examples
    --------
    >>> split_unit("BF [mV]"), split_unit("BF_uV"), split_unit("RT GLUT MAX,uV"), split_unit("BF")
    (('BF', 'mV'), ('BF', 'uV'), ('RT GLUT MAX', 'uV'), ('BF', ''))
    """
    text = header.strip().strip('"').strip()
    found = _BRACKETS.match(text) or _SUFFIX.match(text)
    return (found["name"].strip(), found["unit"].strip()) if found else (text, "")


def is_unit(text: str) -> bool:
    """Tell whether a cell is a unit known here: of voltage, time, motion or angle.

    Examples
    --------
    >>> is_unit("µV"), is_unit("deg/s"), is_unit("BF")
    (True, True, False)
    """
    return normalise(text) in {*MICROVOLTS, *SECONDS, *ACCELERATIONS, *TURN_RATES, *ANGLES}


def find_microvolts(unit: str) -> float | None:
    """Return how many microvolts one of this unit is; None where it is no voltage.

    Examples
    --------
    >>> find_microvolts("mV"), find_microvolts("deg")
    (1000.0, None)
    """
    return MICROVOLTS.get(normalise(unit))
