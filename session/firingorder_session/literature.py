"""What published groups showed of the order of onset: context beside a person's own figure, never a limit or a colour.

Only figures that stand in the sources named are here. In healthy people the hamstring usually comes first, and no
study gives a limit beyond which a lag means anything about a person.
"""

from dataclasses import dataclass

from firingorder_signal.results import SetResult

#: Tests in which the figures below were measured, by the name of the protocol.
PRONE_TESTS = "prone_hip_extension"


@dataclass(frozen=True)
class PublishedLag:
    """A group's mean lag of gluteus maximus behind the hamstring.

    Attributes
    ----------
    lag_s
        Positive = the hamstring came first.
    hamstring
        The part of the hamstring it was measured against; empty where the study names the first active muscle instead.
    glute_cue
        Whether the people were told to use the glutes.
    who, citation
        Who was measured, and where it is published.
    """

    lag_s: float
    hamstring: str
    glute_cue: bool
    who: str
    citation: str


CHANG = "Chang 2006"
LEWIS = "Lewis & Sahrmann 2009"
LEHMAN = "Lehman 2004"
#: Full references of the short ones.
REFERENCES = {
    CHANG: "Chang J-D et al. 2006, Physical Therapy Korea (13 healthy men, 7.5 and 30 degrees a second)",
    LEWIS: "Lewis CL, Sahrmann SA 2009, J Athl Train 44:238-248 (11 healthy women, 30 degrees of flexion to neutral)",
    LEHMAN: "Lehman GJ et al. 2004, BMC Musculoskelet Disord 5:3 (14 healthy people)",
}
PUBLISHED = (
    PublishedLag(0.079, "hamstring_lateral", False, "13 healthy men", CHANG),
    PublishedLag(0.089, "hamstring_lateral", False, "11 healthy women", LEWIS),
    PublishedLag(0.184, "hamstring_medial", False, "11 healthy women", LEWIS),
    PublishedLag(-0.006, "hamstring_lateral", True, "11 healthy women", LEWIS),
    PublishedLag(0.086, "hamstring_medial", True, "11 healthy women", LEWIS),
    PublishedLag(0.370, "", False, "14 healthy people", LEHMAN),
)


def published_lags(result: SetResult, *, glute_cue: bool = False) -> tuple[PublishedLag, ...]:
    """Return what was published for a set like this one; empty for a test in which nobody published a lag.

    Parameters
    ----------
    result
        The set; its lifts say which part of the hamstring was compared: the lateral one where both were worn.
    glute_cue
        Whether the person was told to use the glutes.
    """
    if not result.protocol.startswith(PRONE_TESTS):
        return ()
    parts = {site.part for lift in result.lifts for site in lift.onsets}
    medial = "hamstring_medial" in parts and "hamstring_lateral" not in parts
    part = "hamstring_medial" if medial else "hamstring_lateral"
    return tuple(each for each in PUBLISHED if each.glute_cue is glute_cue and each.hamstring in (part, ""))
