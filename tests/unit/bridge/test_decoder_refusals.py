"""What the decoder refuses, in so many words: descriptors that make no sense, other versions."""

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.bridge.test_decoder import decode, only

from firingorder_bridge.buffer import RawFrame
from firingorder_bridge.events import Refused, RefusedWhat
from firingorder_bridge.frames import Frame, FrameType
from firingorder_bridge.messages import Descriptor, Kind


@pytest.mark.parametrize(
    "change",
    [
        {"channels": ()},
        {"rate_num": 0},
        {"rate_den": 0},
        {"rate_num": 4_000_000_000},
        {"rate_num": 1, "rate_den": 1000},
        {"sample_format": 9},
        {"kind": 77},
        {"schema": 2},
        {"latency_us": -2_000_000_000},
        {"kind": Kind.IMU},
    ],
    ids=str,
)
def test_a_nonsense_descriptor_is_refused_with_a_reason(
    emg_descriptor: Descriptor, hello: Frame, change: dict[str, Any]
) -> None:
    payload = replace(emg_descriptor, **change).encode()
    events = decode([RawFrame(1, hello.encode()), RawFrame(2, Frame(FrameType.DESC, 0, payload=payload).encode())])
    (refused,) = only(Refused, events)
    assert refused.what is RefusedWhat.DESCRIPTOR
    assert refused.detail


@pytest.mark.parametrize(
    "change",
    [{"scale": 0.0}, {"scale": float("nan")}, {"scale": float("inf")}, {"skew_ns": 5_000_000}, {"skew_ns": -5_000_000}],
    ids=str,
)
def test_a_channel_that_makes_no_sense_is_refused(
    emg_descriptor: Descriptor, hello: Frame, change: dict[str, Any]
) -> None:
    channels = (replace(emg_descriptor.channels[0], **change),)
    payload = replace(emg_descriptor, channels=channels).encode()
    events = decode([RawFrame(1, hello.encode()), RawFrame(2, Frame(FrameType.DESC, 0, payload=payload).encode())])
    assert only(Refused, events)


def test_another_major_version_is_refused_once(hello: Frame) -> None:
    foreign = replace(hello, version=2).encode()
    events = decode([RawFrame(number, foreign) for number in range(5)])
    (refused,) = only(Refused, events)
    assert refused.what is RefusedWhat.VERSION
    assert events == [refused]
