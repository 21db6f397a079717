"""How long a notification may be, as bleak's characteristics tell it."""

from types import SimpleNamespace
from typing import cast

import pytest
from bleak.backends.characteristic import BleakGATTCharacteristic

from firingorder_bridge.links.ble_link import payload_bytes

#: BlueZ's path and properties, with and without the MTU, and another system's object; how many bytes are told.
CASES: list[tuple[object, int | None]] = [(("/char", {"MTU": 23}), 20), (("/char", {"UUID": ""}), None), (object(), 20)]


@pytest.mark.parametrize(("obj", "room"), CASES)
def test_a_bluez_that_does_not_tell_the_mtu_is_not_taken_for_a_small_one(obj: object, room: int | None) -> None:
    characteristic = SimpleNamespace(obj=obj, max_write_without_response_size=20)
    assert payload_bytes(cast(BleakGATTCharacteristic, characteristic)) == room
