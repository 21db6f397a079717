"""References of effort: the better position counts, spread is told, and a recording gives them back."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from firingorder_session.events.live_events import Origin
from firingorder_session.recordings.recording import ArrayRecording, RecordingInfo
from firingorder_session.recordings.recording_writer import EventRow
from firingorder_session.setting_up.references import (
    REFERENCE,
    Reference,
    ReferenceKind,
    level_uv,
    references,
    settle_maximum,
    spread,
)
from firingorder_signal.blocks import Site

GLUTE = Site.parse("gluteus_maximus/right")


class Noted(ArrayRecording):
    """A recording with nothing but events."""

    def __init__(self, *data: dict[str, Any]) -> None:
        """Keep the data of references."""
        super().__init__(RecordingInfo("x", "x", Origin.LIVE), ())
        self._events = [EventRow(number, None, 0, REFERENCE, each) for number, each in enumerate(data)]

    def events(self) -> Sequence[EventRow]:
        """Return them."""
        return [EventRow(99, None, 0, "marker", {"text": "x"}), *self._events]


def test_the_better_position_counts_with_its_own_spread() -> None:
    found = settle_maximum(GLUTE, {"squeeze": [80.0, 120.0], "bent knee": [100.0, 101.0, 102.0]})
    assert found is not None
    assert (found.position, found.rms_uv, found.n_trials) == ("squeeze", 120.0, 2)
    assert found.cv == pytest.approx(0.283, abs=0.001)
    assert found.repeats is False


def test_one_trial_has_no_spread_and_none_no_reference() -> None:
    assert spread([80.0]) is None
    assert settle_maximum(GLUTE, {"squeeze": []}) is None


def test_a_recording_gives_back_the_last_reference_of_each_site() -> None:
    first = Reference(GLUTE, ReferenceKind.MAXIMUM, 100.0, 0.05, 3, "squeeze")
    second = Reference(GLUTE, ReferenceKind.REFERENCE_LIFT, 40.0)
    assert references(Noted(first.to_json(), second.to_json())) == {GLUTE: second}
    assert references(Noted(first.to_json()))[GLUTE].repeats is True


def test_a_level_is_the_rms_over_200_ms() -> None:
    power = np.array([100.0] * 8 + [400.0] * 8)
    assert level_uv(power, 0.05).max() == pytest.approx(20.0)
    assert len(level_uv(power[:3], 0.05)) == 0
