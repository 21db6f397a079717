"""Where electrodes and motion sensors go, as data: a percentage along a line between two landmarks one can feel.

Percent along a named line is what BIDS-EMG stores as coordinates too (unit "percent"). Each place says where its words
come from. Nothing here was copied from a standard: wording marked `FROM_MEMORY` is to be checked against the source
before it is quoted as the source's, and the window says so.
Sources: seniam.org (sites, 20 mm between electrodes, skin, reference), as read or as remembered, place by place.
"""

from dataclasses import dataclass
from enum import Enum

from firingorder_signal.blocks import Side, Site

#: Middle of one electrode to the middle of the other, and the largest electrode along the fibres (SENIAM, read).
INTER_ELECTRODE_MM = 20
ELECTRODE_MM = 10


class Tag(Enum):
    """How a wording came here."""

    READ = "read in the source"
    FROM_MEMORY = "wording from memory"
    JUDGEMENT = "judgement of this project"


class View(Enum):
    """From where a body is looked at."""

    BACK = "back"
    FRONT = "front"


class Landmark(Enum):
    """Places that can be felt under the skin."""

    SACRUM = "sacrum"
    GREATER_TROCHANTER = "greater_trochanter"
    PSIS = "psis"
    ISCHIAL_TUBEROSITY = "ischial_tuberosity"
    LATERAL_KNEE = "lateral_knee"
    MEDIAL_KNEE = "medial_knee"
    SPINE_L1 = "spine_l1"
    SPINE_L5 = "spine_l5"
    LOW_BACK_EDGE = "low_back_edge"
    INTERSPACE_L1 = "interspace_l1"
    ILIAC_CREST = "iliac_crest"
    ASIS = "asis"
    LATERAL_FEMUR = "lateral_femur"
    PATELLA = "patella"


@dataclass(frozen=True)
class ElectrodeSite:
    """One pair of electrodes over one muscle.

    Attributes
    ----------
    start, end
        The line: the pair's middle lies `percent` of the way from the one to the other.
    orientation
        Along which direction the two electrodes lie, as words; `along` are the landmarks of that direction, where it
        is not the line itself.
    posture, test
        How to lie, and what to do against a hand so that the muscle shows itself.
    offset
        What a line does not say; empty for most.
    by_percent
        Whether the source gives a percentage; where it gives fingers or centimetres, `percent` only places the drawing.
    """

    part: str
    view: View
    start: Landmark
    end: Landmark
    percent: float
    orientation: str
    posture: str
    test: str
    source: str
    tag: Tag
    along: tuple[Landmark, Landmark] | None = None
    offset: str = ""
    by_percent: bool = True


@dataclass(frozen=True)
class MotionSite:
    """One motion sensor: where, and which way the arrow on its case points (`signal/segments.py`: x to the head)."""

    part: str
    view: View
    start: Landmark
    end: Landmark
    percent: float
    words: str
    arrow: str = "arrow towards the head, face away from the skin"
    source: str = "FiringOrder, motion.md"
    tag: Tag = Tag.JUDGEMENT


#: Skin, in the order it is done (SENIAM, sister pages read; the words are ours).
SKIN_PREPARATION = (
    "shave the place if there is hair",
    "rub it with alcohol until it is slightly pink, and let it dry",
    "press both electrodes on for ten seconds, tape the cable down",
)
#: The reference electrode, where the sensor has one (SENIAM, read).
REFERENCE_PLACE = "on the ankle, or on the spinous process of C7"

_SENIAM = "SENIAM, seniam.org"

ELECTRODE_SITES: dict[str, ElectrodeSite] = {
    site.part: site
    for site in (
        ElectrodeSite(
            "gluteus_maximus", View.BACK, Landmark.SACRUM, Landmark.GREATER_TROCHANTER, 50.0,
            "towards the middle of the back of the thigh", "prone",
            "lift the whole leg against a hand on the thigh", _SENIAM, Tag.FROM_MEMORY,
            (Landmark.PSIS, Landmark.LATERAL_KNEE),
            "the fullest place of the buttock, well above the bulge of the hip bone",
        ),
        ElectrodeSite(
            "hamstring_lateral", View.BACK, Landmark.ISCHIAL_TUBEROSITY, Landmark.LATERAL_KNEE, 50.0,
            "along the line", "prone, knee a little bent and turned outwards",
            "bend the knee against a hand above the ankle", _SENIAM, Tag.FROM_MEMORY,
        ),
        ElectrodeSite(
            "hamstring_medial", View.BACK, Landmark.ISCHIAL_TUBEROSITY, Landmark.MEDIAL_KNEE, 50.0,
            "along the line", "prone, knee a little bent and turned inwards",
            "bend the knee against a hand above the ankle", "SENIAM, copy at studylib.net/doc/6887665", Tag.READ,
        ),
        ElectrodeSite(
            "erector_spinae", View.BACK, Landmark.SPINE_L1, Landmark.LOW_BACK_EDGE, 35.0,
            "up and down", "prone", "lift the chest", _SENIAM, Tag.FROM_MEMORY,
            (Landmark.SPINE_L1, Landmark.SPINE_L5), "two finger widths beside the spine at L1",
            by_percent=False,
        ),
        ElectrodeSite(
            "multifidus", View.BACK, Landmark.PSIS, Landmark.INTERSPACE_L1, 30.0,
            "along the line", "prone", "lift the chest", _SENIAM, Tag.FROM_MEMORY,
            None, "at the height of L5, two to three centimetres beside the spine",
            by_percent=False,
        ),
        ElectrodeSite(
            "gluteus_medius", View.BACK, Landmark.ILIAC_CREST, Landmark.GREATER_TROCHANTER, 50.0,
            "along the line", "lying on the other side", "lift the leg sideways against a hand", _SENIAM,
            Tag.FROM_MEMORY,
        ),
        ElectrodeSite(
            "tensor_fasciae_latae", View.FRONT, Landmark.ASIS, Landmark.LATERAL_FEMUR, 100.0 / 6.0,
            "along the line", "seated or supine", "move the leg sideways against a hand", _SENIAM, Tag.FROM_MEMORY,
        ),
        ElectrodeSite(
            "rectus_femoris", View.FRONT, Landmark.ASIS, Landmark.PATELLA, 50.0,
            "along the line", "seated", "straighten the knee against a hand above the ankle",
            "SENIAM, copy at studylib.net", Tag.READ,
        ),
    )
}  # fmt: skip

MOTION_SITES: dict[str, MotionSite] = {
    site.part: site
    for site in (
        MotionSite("pelvis", View.BACK, Landmark.SPINE_L5, Landmark.SACRUM, 100.0, "flat on the sacrum, in the middle"),
        MotionSite(
            "thigh", View.BACK, Landmark.ISCHIAL_TUBEROSITY, Landmark.LATERAL_KNEE, 75.0,
            "on the back of the thigh, a hand's width above the knee",
        ),
    )
}  # fmt: skip


def find_site(part: str) -> ElectrodeSite | MotionSite | None:
    """Return where a part's electrodes or sensor go; None for one that has no place here."""
    return ELECTRODE_SITES.get(part) or MOTION_SITES.get(part)


def views_of(sites: tuple[Site, ...]) -> tuple[View, ...]:
    """Return the pictures that show all these places, the back first."""
    found = {place.view for site in sites if (place := find_site(site.part)) is not None}
    return tuple(view for view in View if view in found)


def is_placed(site: Site) -> bool:
    """Tell whether a place is known, and on a side where it needs one."""
    place = find_site(site.part)
    return place is not None and (site.side is not Side.MIDDLE or site.part == "pelvis")
