"""The C reference against the committed vectors, as any other implementation would be."""

import json
from ctypes import c_size_t
from typing import Any

import pytest
from tests.unit.bridge.test_vectors import FRAMES, VECTORS, frame_of, name_of
from tests.unit.firmware import c_library as c

from firingorder_bridge.frames import FrameType
from firingorder_bridge.messages import ChannelDescriptor, Command, Descriptor


@pytest.mark.parametrize("vector", FRAMES, ids=name_of)
def test_fields_encode_to_the_bytes(oml: c.Oml, vector: dict[str, Any]) -> None:
    data = oml.frame(frame_of(vector))
    assert data is not None
    assert data.hex() == vector["frame"]
    stuffed = oml.stuff(data)
    assert stuffed is not None
    assert stuffed.hex() == vector["stuffed"]


@pytest.mark.parametrize("vector", FRAMES, ids=name_of)
def test_stuffed_bytes_come_back(oml: c.Oml, vector: dict[str, Any]) -> None:
    (data,) = oml.take(bytes.fromhex(vector["stuffed"]))
    assert data.hex() == vector["frame"]


@pytest.mark.parametrize("vector", [each for each in FRAMES if "channels" in each["meaning"]], ids=name_of)
def test_descriptors_encode_to_the_bytes(oml: c.Oml, vector: dict[str, Any]) -> None:
    meaning: dict[str, Any] = json.loads(json.dumps(vector["meaning"]))
    channels = tuple(ChannelDescriptor(**each) for each in meaning.pop("channels"))
    data = oml.frame(frame_of(vector), *c.descriptor_puts(Descriptor(**meaning, channels=channels)))
    assert data is not None
    assert data.hex() == vector["frame"]


@pytest.mark.parametrize(
    "vector", [each for each in FRAMES if each["type_code"] == FrameType.CMD and each["version"] == 1], ids=name_of
)
def test_commands_are_read(oml: c.Oml, vector: dict[str, Any]) -> None:
    command = Command.decode(bytes.fromhex(vector["payload"]))
    read = oml.command(bytes.fromhex(vector["frame"]))
    assert (Command(*read) if read is not None else None) == command


@pytest.mark.parametrize("vector", VECTORS["damaged"], ids=name_of)
def test_damaged_bytes_are_refused(oml: c.Oml, vector: dict[str, Any]) -> None:
    frames = oml.take(bytes.fromhex(vector["stuffed"]))
    assert not any(oml.library.oml_is_whole(data, c_size_t(len(data))) for data in frames)
