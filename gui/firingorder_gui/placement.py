"""Where the motion sensors sit, as the window says it: chips, sensors' card, the card before a lift. No Qt.

A turned thigh sensor is allowed for and only mentioned; everything else asks for a fix, which the chip and the state
card show, because the sensors' card is put away once there are lifts.
"""

from collections.abc import Sequence

from firingorder_signal.blocks import Side, Site
from firingorder_signal.placement import ALLOWED_FOR
from firingorder_signal.reasons import describe
from firingorder_signal.results import Reason, ReasonCode

from .model import ViewModel
from .texts import Texts

#: Parts whose sensor each finding is about.
PARTS = {
    ReasonCode.THIGH_FACE_DOWN: ("thigh",),
    ReasonCode.PELVIS_FACE_DOWN: ("pelvis",),
    ReasonCode.SENSORS_SWAPPED: ("pelvis", "thigh"),
    ReasonCode.THIGH_STAYED: ("thigh",),
}


def placement_notes(model: ViewModel) -> tuple[str, ...]:
    """Return what there is to know of the sensors' places, each with what to do."""
    return tuple(f"{_sentence(reason, model.texts)}." for reason in _found(model))


def placement_fix(model: ViewModel) -> str:
    """Return the first finding that asks for a fix, with it; empty where the sensors can stay as they are."""
    found = _found(model)
    return _sentence(found[0], model.texts) if found and found[0].code not in ALLOWED_FOR else ""


def sensor_place(sites: Sequence[Site], model: ViewModel) -> str:
    """Return the word for a sensor that sits wrongly; empty for one that does not."""
    for side, reasons in model.placement.items():
        for reason in reasons:
            parts = PARTS.get(reason.code, ())
            # A pelvis sensor belongs to no side, and so may a thigh sensor, where there is but one.
            if any(site.part in parts and site.side in (side, Side.MIDDLE) for site in sites):
                return _place_word(reason.code, model.texts)
    return ""


def _place_word(code: ReasonCode, texts: Texts) -> str:
    return {
        ReasonCode.THIGH_FACE_DOWN: texts.place_face_down,
        ReasonCode.PELVIS_FACE_DOWN: texts.place_face_down,
        ReasonCode.SENSORS_SWAPPED: texts.place_swapped,
        ReasonCode.THIGH_STAYED: texts.place_other_leg,
    }[code]


def _found(model: ViewModel) -> list[Reason]:
    """Collect the findings of all sides, those that ask for a fix first, each once: both sides share the pelvis."""
    found = dict.fromkeys(reason for reasons in model.placement.values() for reason in reasons)
    return sorted(found, key=lambda reason: reason.code in ALLOWED_FOR)


def _sentence(reason: Reason, texts: Texts) -> str:
    what, fix = describe(reason, texts.words.reasons)
    return texts.what_and_fix.format(what=what[:1].upper() + what[1:], fix=fix)
