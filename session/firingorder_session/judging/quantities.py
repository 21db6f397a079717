"""What is followed over visits: each quantity's name, unit and digits, and what a change of it must exceed at least."""

from dataclasses import dataclass
from enum import Enum

from firingorder_signal.compensation import VISIT_CHANGE_DEG

from .detectable import FLOOR_S, LAG_DETECTABLE_S


class Quantity(Enum):
    """What is followed over visits."""

    LAG = "lag_s"
    GLUTE_SHARE = "glute_share"
    RANGE = "active_range_deg"
    TILT = "tilt_deg"
    HOLD_FATIGUE = "hold_fatigue_percent_s"
    FEELS_GLUTE = "feels_glute"
    PAIN = "pain"


@dataclass(frozen=True)
class Kind:
    """What a quantity is, and what a change of it must exceed.

    Attributes
    ----------
    scale
        By which the stored figure is multiplied to be shown.
    known
        What a change must always exceed, in the stored unit; None where nothing is known before there are visits.
    floor
        What it must exceed however alike the visits were.
    """

    label: str
    unit: str
    scale: float
    n_digits: int
    known: float | None
    floor: float


KINDS = {
    Quantity.LAG: Kind("lag", "ms", 1000.0, 0, LAG_DETECTABLE_S, FLOOR_S),
    # In one hold a growth of 10 points is one that is spoken of (docs/effort.md); half of it between means (J).
    Quantity.GLUTE_SHARE: Kind("glute's share", "%", 100.0, 0, None, 0.05),
    Quantity.RANGE: Kind("hip range", "°", 1.0, 0, VISIT_CHANGE_DEG, VISIT_CHANGE_DEG),
    Quantity.TILT: Kind("pelvic tilt", "°", 1.0, 0, VISIT_CHANGE_DEG, VISIT_CHANGE_DEG),
    # One hold of 25 s tells its slope to 0.35 %/s (docs/effort.md): two means of five holds to 0.35 sqrt(2/5).
    Quantity.HOLD_FATIGUE: Kind("hold fatigue", "%/s", 1.0, 2, None, 0.22),
    # A step of the scale.
    Quantity.FEELS_GLUTE: Kind("feels the glute", "of 10", 1.0, 0, None, 1.0),
    Quantity.PAIN: Kind("pain", "of 10", 1.0, 0, None, 1.0),
}
OF_SETS = (Quantity.LAG, Quantity.GLUTE_SHARE, Quantity.RANGE, Quantity.TILT, Quantity.HOLD_FATIGUE)
OF_VISITS = (Quantity.FEELS_GLUTE, Quantity.PAIN)
