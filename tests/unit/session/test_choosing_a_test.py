"""What is run when another test is chosen in the set-up, and when the first one is chosen again."""

from collections.abc import Sequence
from dataclasses import replace
from queue import SimpleQueue

from firingorder_session.acquiring.acquisition import Acquisition
from firingorder_session.acquiring.roll_call import Expected
from firingorder_session.events.live_events import TestStarted
from firingorder_session.events.set_up_events import ChooseTest
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.running.live_test import Emit, LiveTest
from firingorder_session.running.plan import TestPlan
from firingorder_signal.blocks import Side

PRONE = find_protocol("prone_hip_extension")
#: A clinician's own file, which kept the name of the one it was copied from.
OWN = replace(PRONE, rest_s=PRONE.rest_s + 1.0, text=PRONE.text + "# my own\n")


def make_test() -> LiveTest:
    """Make a test of the clinician's own file that is set up first; nothing runs."""

    def make(emit: Emit) -> Acquisition:
        return Acquisition((), origin_ns=0, emit=emit)

    return LiveTest(TestPlan(OWN, set_up=True, asks_test=True), Expected(0), make)


def test_a_clinicians_own_test_is_taken_again_after_another_was_looked_at() -> None:
    test, begun = make_test(), SimpleQueue[TestStarted]()

    def listen(events: Sequence[object]) -> None:
        for event in events:
            if isinstance(event, TestStarted):
                begun.put(event)

    test.audience = listen
    test.start()
    try:
        for name, expected in (
            (OWN.name, OWN),
            ("single_leg_bridge", find_protocol("single_leg_bridge")),
            (OWN.name, OWN),
        ):
            test.command(ChooseTest(name, Side.LEFT))
            assert begun.get(timeout=30.0).protocol == name
            assert (test.plan.protocol, test.plan.side) == (expected, Side.LEFT)
    finally:
        test.close()
