"""The shared vectors: this implementation against the committed bytes, and the bytes against their program."""

import hashlib
import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from firingorder_bridge.buffer import CobsFramer
from firingorder_bridge.frames import Frame, FrameFault, SampleFormat, checksum, find_fault, parse_frame
from firingorder_bridge.messages import Descriptor
from firingorder_bridge.stuffing import stuff, unstuff

FIXTURES = Path(__file__).parents[3] / "fixtures"
VECTORS: dict[str, Any] = json.loads((FIXTURES / "oml1-vectors.json").read_text())
FRAMES: list[dict[str, Any]] = VECTORS["frames"]
FIELDS = ("type_code", "stream", "seq", "index", "t_us", "n_samples", "flags", "desc_id", "aux", "version")


def frame_of(vector: dict[str, Any]) -> Frame:
    """Return the frame that a vector describes."""
    fields: dict[str, Any] = {field: vector[field] for field in FIELDS}
    return Frame(**fields, payload=bytes.fromhex(vector["payload"]))


def name_of(vector: dict[str, Any]) -> str:
    return str(vector["name"])


@pytest.mark.parametrize("vector", FRAMES, ids=name_of)
def test_fields_encode_to_the_bytes(vector: dict[str, Any]) -> None:
    data = frame_of(vector).encode()
    assert data.hex() == vector["frame"]
    assert stuff(data).hex() == vector["stuffed"]


@pytest.mark.parametrize("vector", FRAMES, ids=name_of)
def test_bytes_decode_to_the_fields(vector: dict[str, Any]) -> None:
    (raw,) = CobsFramer().feed(bytes.fromhex(vector["stuffed"]), 0)
    assert not raw.damaged
    assert parse_frame(raw.data) == frame_of(vector)


@pytest.mark.parametrize("vector", [each for each in FRAMES if "samples" in each["meaning"]], ids=name_of)
def test_samples_decode_to_the_numbers(vector: dict[str, Any]) -> None:
    meaning, payload = vector["meaning"], bytes.fromhex(vector["payload"])
    width = SampleFormat(meaning["format"]).n_bytes
    values = [int.from_bytes(payload[at : at + width], "little", signed=True) for at in range(0, len(payload), width)]
    assert values == [value for row in meaning["samples"] for value in row]


@pytest.mark.parametrize("vector", [each for each in FRAMES if "channels" in each["meaning"]], ids=name_of)
def test_descriptors_decode_to_the_facts(vector: dict[str, Any]) -> None:
    descriptor = Descriptor.decode(bytes.fromhex(vector["payload"]))
    assert descriptor is not None
    assert {**vars(descriptor), "channels": [vars(each) for each in descriptor.channels]} == vector["meaning"]


@pytest.mark.parametrize("vector", VECTORS["damaged"], ids=name_of)
def test_damaged_bytes_are_refused_for_the_reason_given(vector: dict[str, Any]) -> None:
    stuffed = bytes.fromhex(vector["stuffed"])
    assert all(raw.damaged for raw in CobsFramer().feed(stuffed, 0))
    data = unstuff(stuffed[:-1])
    fault = FrameFault.STUFFING if data is None else find_fault(data)
    assert fault is FrameFault(vector["why"])


def test_the_checksum_is_that_of_the_file() -> None:
    assert f"{checksum(bytes.fromhex(VECTORS['checksum']['data'])):04x}" == VECTORS["checksum"]["crc"]


def test_the_sidecar_knows_the_file() -> None:
    sidecar = json.loads((FIXTURES / "oml1-vectors.sidecar.json").read_text())
    assert sidecar["sha256"] == hashlib.sha256((FIXTURES / "oml1-vectors.json").read_bytes()).hexdigest()


def test_the_file_is_what_its_program_makes() -> None:
    make = runpy.run_path(str(FIXTURES / "make_oml1_vectors.py"))["make"]
    assert json.loads(json.dumps(make())) == VECTORS
