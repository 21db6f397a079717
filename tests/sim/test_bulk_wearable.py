"""What the virtual wearable sent, faults included, decodes in bulk exactly as it did frame by frame, live."""

from dataclasses import replace

import numpy as np
import pytest

from firingorder_bridge.buffer import Framing
from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.events import BridgeEvent, Samples
from firingorder_bridge.virtual.faults import Fault
from firingorder_bridge.virtual.loopback import Loopback
from firingorder_bridge.virtual.settings import SetParams
from firingorder_bridge.virtual.wearable import VirtualWearable
from firingorder_signal.blocks import SampleBlock

# A lift and the quiet around it, in simulated time; each case takes about a second of a core.
SHORT = replace(SetParams(), n_lifts=1, quiet_s=3.0, rest_s=1.0, tail_s=0.5)
FAULTS = {
    "none": (),
    "flipped bits": ("flip:3e-5",),
    "lost and dropped": ("lose:0.02", "drop:0.02"),
    "stall and bursts": ("stall@2:0.8", "burst@3-5:0.2"),
    "restart": ("restart@3",),
    "reboot": ("reboot@3",),
    "unplugged": ("unplug@3",),
    "electrode off": ("electrode-off@2-3",),
}


def rows(events: list[BridgeEvent]) -> dict[str, list[tuple[int, float, bytes]]]:
    """Return of each stream every row: index, time, bytes."""
    found: dict[str, list[tuple[int, float, bytes]]] = {}
    for event in events:
        if isinstance(event, Samples):
            found.setdefault(event.block.stream.stream_id, []).extend(rows_of(event.block))
    return found


def rows_of(block: SampleBlock) -> list[tuple[int, float, bytes]]:
    """Return a block's rows."""
    first = block.first_index
    times = [block.timebase.time_of(first + row) for row in range(block.n_samples)]
    return [(first + row, times[row], block.values[row].tobytes()) for row in range(block.n_samples)]


@pytest.mark.parametrize("name", FAULTS)
def test_bulk_decoding_repeats_what_was_said_live(name: str) -> None:
    faults = tuple(Fault.parse(text) for text in FAULTS[name])
    loopback = Loopback(VirtualWearable(SHORT, seed=4, faults=faults, replug_after_s=0.7))
    loopback.run_set()
    for sensor, recorded in enumerate(loopback.recorded):
        live = [each.event for each in loopback.events if each.sensor == sensor]
        bulk = SensorDecoder("virtual", Framing.COBS, loopback.wearable.host_origin_ns).decode_all(recorded)
        assert rows(bulk) == rows(live)
        assert [each for each in bulk if not isinstance(each, Samples)] == [
            each for each in live if not isinstance(each, Samples)
        ]


def test_index_of_every_stream_is_contiguous_whatever_happens() -> None:
    faults = tuple(Fault.parse(text) for texts in FAULTS.values() for text in texts if not text.startswith("unplug"))
    loopback = Loopback(VirtualWearable(SHORT, seed=5, faults=faults))
    loopback.run_set()
    for sensor in (0, 1):
        for found in rows([each.event for each in loopback.events if each.sensor == sensor]).values():
            assert np.all(np.diff([index for index, _, _ in found]) == 1)
