"""What sensors put on wrongly must show, whichever generator made the session."""

from collections.abc import Callable

import numpy as np
import pytest

from firingorder_bridge.virtual.session_params import Placement
from firingorder_signal.blocks import FloatArray

#: With sensors put on so: change of the right thigh's gravity in its case at the top of a lift, and all the data.
FirstLift = Callable[[Placement], tuple[FloatArray, dict[str, FloatArray]]]


def check_case_on_its_face(first_lift: FirstLift) -> None:
    """Check that a case on its face, and that one alone, sees gravity from the other side."""
    for placement, site in (
        (Placement(thigh_face_down=True), "thigh/right"),
        (Placement(pelvis_face_down=True), "pelvis"),
    ):
        imu = first_lift(placement)[1]
        assert [name for name, values in imu.items() if values[0, 2] < -9] == [site]


def check_exchanged_sensors(first_lift: FirstLift) -> None:
    """Check that sensors in each other's place give each other's data, and that the other leg stays down."""
    good = first_lift(Placement())[1]
    swapped = first_lift(Placement(swapped=True))[1]
    assert swapped["pelvis"] == pytest.approx(good["thigh/right"])
    assert swapped["thigh/right"] == pytest.approx(good["pelvis"])
    wrong = first_lift(Placement(wrong_leg=True))[1]
    assert wrong["thigh/right"] == pytest.approx(good["thigh/left"])
    assert np.std(wrong["thigh/right"][:, 4]) < 0.3 * np.std(good["thigh/right"][:, 4])
