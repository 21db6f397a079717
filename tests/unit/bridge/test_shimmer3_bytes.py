"""Shimmer3's formats, units and log files, by bytes made here."""

import numpy as np
import pytest

from firingorder_bridge.devices.shimmer3_channels import FIELDS, Layout, list_channels
from firingorder_bridge.devices.shimmer3_log import has_second_generation, read_log
from firingorder_bridge.devices.shimmer3_units import (
    VECTORS,
    Calibration,
    Ranges,
    Registers,
    Units,
    emg_registers,
    nominal_calibration,
)


def test_every_format_reads_its_extremes() -> None:
    """Each channel alone, by what its format must make of the same bytes."""
    data = bytes((0x81, 0x02, 0x83))
    for field in FIELDS.values():
        piece = data[: field.n_bytes]
        expected = int.from_bytes(piece, "big" if field.big_endian else "little", signed=field.signed)
        assert field.read(np.frombuffer(piece, np.uint8)[None, :], 0).tolist() == [expected], field.name


def test_the_first_generations_magnetometer_sends_the_high_byte_first() -> None:
    for second, order in ((False, (0x07, 0x09, 0x08)), (True, (0x07, 0x08, 0x09))):
        channels = list_channels(0x20, second_generation=second)
        assert channels == order
        values = np.array([-1000 * channel for channel in channels], "<i2" if second else ">i2")
        sample = bytes(3) + values.tobytes()
        counts = Layout(channels, 64).read(np.frombuffer(sample, np.uint8)[None, :])
        assert {channel: int(values[0]) for channel, values in counts.items()} == {c: -1000 * c for c in channels}


def test_sensors_come_in_the_firmwares_order() -> None:
    names = [FIELDS[channel].name for channel in list_channels(0x0030F8, second_generation=True)]
    assert names[:4] == ["accel_ln_x", "accel_ln_y", "accel_ln_z", "battery"]
    assert names[4:13:3] == ["gyro_x", "accel_wr_x", "mag_x"]
    assert names[13:16] == ["exg1_status", "exg1_ch1_24bit", "exg1_ch2_24bit"]
    assert names[16:] == ["exg2_status", "exg2_ch1_24bit", "exg2_ch2_24bit"]


def test_a_strain_gauge_takes_two_inputs_and_24_bits_go_before_16() -> None:
    assert list_channels(0x808100, second_generation=True) == (0x27, 0x28)
    assert list_channels(0x100010, second_generation=True) == (0x1D, 0x1E, 0x1F)


@pytest.mark.parametrize("gain", [1, 2, 3, 4, 6, 8, 12])
def test_the_emg_set_up_has_the_gain_asked_for_and_a_second_chip_asleep(gain: int) -> None:
    first, second = emg_registers(gain, 1024.0)
    assert [first.gain(1), first.gain(2), second.gain(1), second.gain(2)] == [gain, gain, None, None]
    assert first.rate_hz == 2000
    units = Units((first, second), Ranges())
    assert units.volts_per_count(0x1E) == pytest.approx(2.42 / gain / (2**23 - 1))
    assert units.volts_per_count(0x21) is None


def test_the_default_emg_set_up_is_the_vendors() -> None:
    first, second = emg_registers(12, 500.0)
    assert list(first.data) == [2, 160, 16, 105, 96, 32, 0, 0, 2, 3]
    assert list(second.data) == [2, 160, 16, 129, 129, 0, 0, 0, 2, 1]


def test_16_bits_cover_what_24_cover_but_their_lowest_7() -> None:
    units = Units(emg_registers(12, 1000.0), Ranges())
    wide, narrow = units.volts_per_count(0x1E), units.volts_per_count(0x23)
    assert wide is not None
    assert narrow == pytest.approx(128 * wide)


def test_the_other_reference_doubles_the_scale() -> None:
    high = Registers(bytes((2, 0xB0, 16, 0x60, 0x60, 0, 0, 0, 2, 3)))
    assert Units((high, high), Ranges()).volts_per_count(0x1E) == pytest.approx(4.033 / 12 / (2**23 - 1))


def test_a_calibration_is_taken_off_in_the_vendors_order() -> None:
    """Counts of a chip that is turned, off its zero and of unequal axes give back the vector they came from."""
    alignment = np.array([[0, -100, 3], [-98, 0, 2], [1, 0, -99]]) / 100
    data = np.array([10, -20, 30, 1671, 1600, 1700], ">i2").tobytes() + np.array(alignment * 100, np.int8).tobytes()
    calibration = Calibration.decode(data)
    assert calibration is not None
    truth = np.array([[1.0, 2.0, 9.0], [0.0, -9.8, 0.5]])
    counts = np.rint((truth @ alignment.T) * [1671, 1600, 1700] + [10, -20, 30]).astype(np.int64)
    assert np.allclose(calibration.apply(counts), truth, atol=1e-3)


def test_blank_calibration_bytes_are_none() -> None:
    assert Calibration.decode(b"\xff" * 21) is None
    assert Calibration.decode(bytes(21)) is None


@pytest.mark.parametrize("vector", list(VECTORS))
@pytest.mark.parametrize("second", [False, True])
def test_nominal_axes_are_each_used_once(vector: str, *, second: bool) -> None:
    calibration = nominal_calibration(vector, Ranges(second_generation=second))
    assert (np.abs(calibration.alignment).sum(axis=0) == 1).all()
    assert (np.abs(calibration.alignment).sum(axis=1) == 1).all()
    assert (calibration.sensitivity > 0).all()


def test_a_wider_range_has_a_lower_sensitivity() -> None:
    """±2, 4, 8, 16 g are numbered 0, 1, 2, 3 in the first generation and 0, 2, 3, 1 in the second."""
    for second, order in ((False, (0, 1, 2, 3)), (True, (0, 2, 3, 1))):
        levels = [
            nominal_calibration("accel_wr", Ranges(accel_wr=n, second_generation=second)).sensitivity[0] for n in order
        ]
        assert levels == sorted(levels, reverse=True)
    gyro = [nominal_calibration("gyro", Ranges(gyro=n)).sensitivity[0] for n in range(4)]
    assert gyro == [131.0, 65.5, 32.8, 16.4]


def test_the_configuration_bytes_tell_the_ranges() -> None:
    ranges = Ranges.decode(bytes((0b0000_1100, 0, 0b0110_0010, 0b0100_0000)), second_generation=True)
    assert (ranges.accel_wr, ranges.gyro, ranges.mag, ranges.accel_alt) == (3, 2, 3, 1)


def test_boards_tell_which_generation_they_carry() -> None:
    assert has_second_generation(bytes((47, 4, 0)))
    assert has_second_generation(bytes((31, 2, 171)))
    assert not has_second_generation(bytes((31, 5, 0)))
    assert not has_second_generation(bytes((255, 255, 255)))


def _head(mask: int = 0x10, divider: int = 32) -> bytearray:
    """Return the head of a log that begins at tick 2^24 - 40."""
    head = bytearray(b"\xff" * 256)
    head[:2], head[3:6], head[16] = divider.to_bytes(2, "little"), mask.to_bytes(3, "little"), 0
    head[24:30], head[30:32], head[34:40] = bytes(range(6)), b"\0\3", b"\0\3\0\1\2\3"
    head[44:52], head[56:66] = (32768).to_bytes(8, "big"), emg_registers(4, 1024.0)[0].data
    head[251], head[252:256] = 1, ((1 << 24) - 40).to_bytes(4, "little")
    return head


def test_a_log_is_read_over_the_wrap_of_its_stamps_and_over_a_gap() -> None:
    ticks = [(1 << 32) + (1 << 24) - 40 + 32 * n for n in (0, 1, 2, 5)]
    samples = [
        (t & 0xFFFFFF).to_bytes(3, "little") + b"\x80" + n.to_bytes(3, "big") + (-n).to_bytes(3, "big", signed=True)
        for n, t in enumerate(ticks)
    ]
    log = read_log(bytes(_head()) + b"".join(samples) + b"cut")
    assert log.ticks.tolist() == ticks
    assert log.n_lost == 2
    assert log.named()["exg1_ch2_24bit"].tolist() == [0, -1, -2, -3]
    assert log.unix_ms[0] == pytest.approx((ticks[0] + 32768) / 32.768)
    assert np.allclose(log.emg_v()["exg1_ch1_24bit"], np.arange(4) * 2.42 / 4 / (2**23 - 1))
    assert (log.uid, log.firmware, float(log.rate_hz)) == ("000102030405", (1, 2, 3), 1024.0)


def test_a_log_without_samples_is_empty() -> None:
    log = read_log(bytes(_head()))
    assert len(log.ticks) == len(log.time_s) == log.n_lost == 0


def test_what_is_no_log_is_refused_with_a_reason() -> None:
    with pytest.raises(ValueError, match="head alone has 256"):
        read_log(b"short")
    with pytest.raises(ValueError, match="no Shimmer3 log"):
        read_log(bytes(1000))
    head = _head()
    head[31] = 10
    with pytest.raises(ValueError, match="Shimmer3R"):
        read_log(bytes(head))
    head[31], head[16] = 3, 4
    with pytest.raises(ValueError, match="synchronised"):
        read_log(bytes(head))
    with pytest.raises(ValueError, match="no channels"):
        read_log(bytes(_head(mask=0)))
