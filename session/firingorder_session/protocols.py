"""Tests as data: what is asked for, how many lifts, which gates a lift must pass.

Each protocol is a record a clinician could read aloud. The order of the muscles needs nothing but rest before each
lift; everything else here is what makes two lifts comparable (clinical sources in `JudgementRules`). A bridge without a
sensor on the other thigh is just a bridge, and counts in the test of either kind.
"""

from dataclasses import dataclass, field

from firingorder_signal.errors import FiringOrderError
from firingorder_signal.exercise import Exercise
from firingorder_signal.rules import JudgementRules


class UnknownProtocol(FiringOrderError):
    """A protocol was asked for by a name that no protocol has."""


@dataclass(frozen=True)
class Protocol:
    """One test.

    Attributes
    ----------
    name
        What files and results carry.
    cue
        The words the person hears. They change the lag (Lewis & Sahrmann 2009: by some 95 ms), so they are recorded.
    rest_s
        Complete rest at the start.
    rest_between_s
        Rest asked for between lifts; at least 8 s (J, from the interval table of repeated lifts).
    uses_motion
        Lifts are found by the motion sensors; without, by the bursts of the muscles alone.
    exercises
        What counts, as the motion sensors name it; another movement is listed and stays out of the verdict.
    """

    name: str
    title: str
    cue: str
    rules: JudgementRules = field(default_factory=JudgementRules)
    rest_s: float = 3.0
    rest_between_s: float = 8.0
    uses_motion: bool = True
    exercises: frozenset[Exercise] = frozenset({Exercise.PRONE_LIFT})


#: In recordings of free movement a muscle hardly ever rests, and files often do not say their unit: any level will do.
FREE_RULES = JudgementRules(rest_warn_uv=None, rest_refuse_uv=None)

PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        Protocol("prone_hip_extension", "Prone hip extension", "Lift one straight leg about a hand's width."),
        Protocol(
            "single_leg_bridge",
            "Bridge on one leg",
            "Lift the pelvis with one leg, the other held off the table.",
            exercises=frozenset({Exercise.SINGLE_LEG_BRIDGE, Exercise.BRIDGE}),
        ),
        Protocol(
            "bilateral_bridge",
            "Bridge on both legs",
            "Lift the pelvis with both legs.",
            exercises=frozenset({Exercise.BILATERAL_BRIDGE, Exercise.BRIDGE}),
        ),
        Protocol(
            "hip_flexion",
            "Hip flexion",
            "Bring one knee towards the chest, past a right angle.",
            exercises=frozenset({Exercise.HIP_FLEXION}),
        ),
        Protocol("emg_bursts", "Muscle bursts", "", FREE_RULES, uses_motion=False),
    )
}


def find_protocol(name: str) -> Protocol:
    """Return the protocol of that name; raise UnknownProtocol, naming those there are, for any other.

    Examples
    --------
    >>> find_protocol("prone_hip_extension").title
    'Prone hip extension'
    """
    try:
        return PROTOCOLS[name]
    except KeyError:
        raise UnknownProtocol(f"no protocol is called {name!r}; there are: {', '.join(PROTOCOLS)}") from None
