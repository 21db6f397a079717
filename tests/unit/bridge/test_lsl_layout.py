"""What a Lab Streaming Layer stream says of its channels becomes EMG, IMU and other streams in SI."""

from fractions import Fraction

import pytest

from firingorder_bridge.descriptors import read_layout
from firingorder_bridge.frames import SampleFormat
from firingorder_bridge.links.frame_writer import OutStream, make_uid
from firingorder_bridge.links.lsl_layout import ChannelText, is_simulated, plan_streams, read_channels
from firingorder_bridge.messages import Kind

RATE = Fraction(1000)
XML = """<info><name>x</name><desc><channels>
<channel><label>BF left</label><unit>millivolts</unit><type>EMG</type></channel>
<channel><label>accX</label></channel></channels></desc></info>"""


def plan(texts: list[ChannelText], stream_type: str = "EMG", unit: str = "") -> list[OutStream]:
    return plan_streams(texts, stream_type, RATE, SampleFormat.F32, unit=unit)


def test_channels_are_read_from_the_description() -> None:
    assert read_channels(XML, 3) == [ChannelText("BF left", "millivolts", "EMG"), ChannelText("accX"), ChannelText()]
    assert read_channels("no xml", 2) == [ChannelText()] * 2
    assert not is_simulated(XML)


@pytest.mark.parametrize(
    ("unit", "scale"), [("uV", 1e-6), ("microvolts", 1e-6), ("mV", 1e-3), ("V", 1.0), ("", 1e-6), ("counts", 1e-6)]
)
def test_an_electrodes_unit_is_its_scale(unit: str, scale: float) -> None:
    (stream,) = plan([ChannelText("a", unit, "EMG")])
    assert stream.descriptor.kind is Kind.EMG
    assert stream.descriptor.channels[0].scale == scale
    assert plan([ChannelText("a", unit, "EMG")], unit="mV")[0].descriptor.channels[0].scale == 1e-3


def test_a_stream_with_everything_is_divided() -> None:
    labels = ["BF", "acc_x", "acc_y", "acc_z", "Gyro X", "Gyro Y", "Gyro Z", "battery"]
    kinds = ["EMG", *["ACC"] * 3, *["GYRO"] * 3, "misc"]
    streams = plan([ChannelText(label, "", kind) for label, kind in zip(labels, kinds, strict=True)], "")
    assert [stream.descriptor.kind for stream in streams] == [Kind.EMG, Kind.IMU, Kind.ANALOG]
    assert [stream.columns for stream in streams] == [(0,), (1, 2, 3, 4, 5, 6), (7,)]
    layout = read_layout(streams[1].descriptor, "a/1", "a")
    assert not isinstance(layout, str)
    assert layout.scale.tolist() == pytest.approx([9.80665] * 3 + [0.017453292] * 3)


def test_acceleration_without_turning_rate_is_another_stream() -> None:
    streams = plan([ChannelText(f"acc{axis}", "g") for axis in "XYZ"], "ACC")
    assert [stream.descriptor.kind for stream in streams] == [Kind.ANALOG]


def test_many_channels_make_several_streams() -> None:
    streams = plan([ChannelText() for _ in range(40)])
    assert [len(stream.columns) for stream in streams] == [16, 16, 8]
    assert all(not isinstance(read_layout(stream.descriptor, "a/0", "a"), str) for stream in streams)


def test_chosen_channels_are_electrodes_whatever_they_are_called() -> None:
    (stream,) = plan_streams([ChannelText()] * 4, "misc", RATE, SampleFormat.I16, chosen=(2, 0), sites=(0x41, 0x42))
    assert (stream.descriptor.kind, stream.columns) == (Kind.EMG, (2, 0))
    assert [channel.site for channel in stream.descriptor.channels] == [0x41, 0x42]


def test_an_id_holds_nothing_that_breaks_a_query_or_a_file_name() -> None:
    assert make_uid("s['clock']", "/host\\") == "s-clock-host"
    assert make_uid("", "") == "unnamed"
    assert len(make_uid("x" * 200)) == 40
    assert make_uid("x" * 200, "a") != make_uid("x" * 200, "b")
