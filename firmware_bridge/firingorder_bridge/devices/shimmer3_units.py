"""From a Shimmer3's counts to SI: the ExG converter's registers, and the calibration of its motion sensors.

Sources: TI data sheet ADS1292R (SBAS502B), registers CONFIG1 to RESP2; Shimmer-Java-Android-API, `SensorEXG.java` and
`ShimmerObject.java` (EMG set-up, 2.42 V, 12-bit converter), `SensorKionix*.java`, `SensorLSM303*.java`,
`SensorMPU9X50.java` (nominal sensitivities); log-and-stream-common, `Calibration/shimmer_calibration.c` (layout of the
calibration); shimmer3, `Shimmer_Driver/EXG/exg.c` (16 bits: the lowest 7 of 24 are left out).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

from ..messages import Quantity
from .shimmer3_channels import FIELDS, Counts

#: Reference of the converter with VREF_4V = 0, and its full scale (data sheet, CONFIG2 and "Data format").
REFERENCE_V, FULL_SCALE = 2.42, (1 << 23) - 1
#: Reference with VREF_4V = 1.
REFERENCE_4V_V = 4.033
_VREF_4V = 0x10
#: Bits of a count of 16 bits below which 24 bits have more.
NARROW_SHIFT = 7
#: Gain of CHnSET bits 4 to 6.
GAINS = (6, 1, 2, 3, 4, 8, 12)
#: Samples a second of CONFIG1 bits 0 to 2.
CONVERTER_RATES_HZ = (125, 250, 500, 1000, 2000, 4000, 8000)
_POWERED_DOWN = 0x80
_CONFIG1, _CONFIG2, _CH1SET, N_REGISTERS = 0, 1, 3, 10
#: The vendor's set-up for two EMG channels: chip 1 has its third input on channel 1 and its second on channel 2, and
#: drives the reference electrode; chip 2 sleeps.
_EMG_1 = bytes((0x00, 0xA0, 0x10, 0x09, 0x00, 0x20, 0x00, 0x00, 0x02, 0x03))
_EMG_2 = bytes((0x00, 0xA0, 0x10, 0x81, 0x81, 0x00, 0x00, 0x00, 0x02, 0x01))
#: The processor's 12-bit converter: volts of a count; the battery comes through a divider (ShimmerObject.java).
ADC_V, BATTERY_DIVIDER = 3.0 / 4095, 2.0
#: Zero and gain of the bridge amplifier's two ranges (ShimmerObject.java).
STRAIN = {0x27: (60, 551.0), 0x28: (1950, 183.7)}
_ADC = (0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13)

#: Groups of three channels that are one vector, and what they measure.
VECTORS: Mapping[str, tuple[int, Quantity]] = {
    "accel_ln": (0x00, Quantity.ACCELERATION),
    "accel_wr": (0x04, Quantity.ACCELERATION),
    "accel_alt": (0x14, Quantity.ACCELERATION),
    "gyro": (0x0A, Quantity.ANGULAR_RATE),
    "mag": (0x07, Quantity.MAGNETIC_FIELD),
    "mag_alt": (0x17, Quantity.MAGNETIC_FIELD),
}
#: From the unit of a calibration to SI: degrees a second, gauss.
_TO_SI = {Quantity.ACCELERATION: 1.0, Quantity.ANGULAR_RATE: math.pi / 180, Quantity.MAGNETIC_FIELD: 1e-4}
CALIBRATION_BYTES = 21


@dataclass(frozen=True)
class Registers:
    """The ten registers of one ExG converter."""

    data: bytes

    def gain(self, channel: int) -> int | None:
        """Return the gain of channel 1 or 2; None for one that is asleep or has a code that does not exist."""
        setting = self.data[_CH1SET + channel - 1]
        code = setting >> 4 & 7
        return None if setting & _POWERED_DOWN or code >= len(GAINS) else GAINS[code]

    @property
    def reference_v(self) -> float:
        """What full scale means at a gain of 1."""
        return REFERENCE_4V_V if self.data[_CONFIG2] & _VREF_4V else REFERENCE_V

    @property
    def rate_hz(self) -> int:
        """Rate of the converter, which is not that of the samples: each sample is its newest conversion."""
        return CONVERTER_RATES_HZ[min(self.data[_CONFIG1] & 7, len(CONVERTER_RATES_HZ) - 1)]


def emg_registers(gain: int, rate_hz: float) -> tuple[Registers, Registers]:
    """Return the vendor's set-up for EMG: the converter at the next rate that is not below the samples'."""
    rate = next((code for code, each in enumerate(CONVERTER_RATES_HZ) if each >= rate_hz), len(CONVERTER_RATES_HZ) - 1)
    setting = GAINS.index(gain) << 4
    first, second = bytearray(_EMG_1), bytearray(_EMG_2)
    first[_CONFIG1] = second[_CONFIG1] = rate
    first[_CH1SET] |= setting
    first[_CH1SET + 1] |= setting
    return Registers(bytes(first)), Registers(bytes(second))


@dataclass(frozen=True)
class Calibration:
    """Of one motion sensor: value = alignment^-1 (counts - offset) / sensitivity.

    Attributes
    ----------
    offset, sensitivity : shape (3,)
        Counts; counts for each m/s², degree a second or gauss.
    alignment : shape (3, 3)
        From the axes of the case to those of the chip.
    """

    offset: FloatArray
    sensitivity: FloatArray
    alignment: FloatArray

    @classmethod
    def decode(cls, data: bytes, divisor: float = 1.0) -> "Calibration | None":
        """Read 21 bytes, sensitivity in 1/`divisor`; None where nobody has calibrated it, or there are fewer."""
        if len(data) < CALIBRATION_BYTES:
            return None
        offset, sensitivity = np.frombuffer(data[:12], ">i2").astype(np.float64).reshape(2, 3)
        alignment = np.frombuffer(data[12:CALIBRATION_BYTES], np.int8).astype(np.float64).reshape(3, 3) / 100
        if (sensitivity <= 0).any() or abs(float(np.linalg.det(alignment))) < 0.1:
            return None
        return cls(offset, sensitivity / divisor, alignment)

    def apply(self, counts: NDArray[np.int64]) -> FloatArray:
        """Return the values of counts, both of shape (n_samples, 3)."""
        return np.asarray((counts - self.offset) @ self._to_case, dtype=np.float64)

    @cached_property
    def _to_case(self) -> FloatArray:
        """From counts to values along the axes of the case, shape (3, 3)."""
        return np.asarray(np.linalg.inv(self.alignment).T / self.sensitivity[:, None], dtype=np.float64)


@dataclass(frozen=True)
class Ranges:
    """The motion sensors' ranges, as the four configuration bytes tell them, and which chips they are.

    Attributes
    ----------
    second_generation
        KXTC9-2050 and LSM303AHTR instead of KXRB5-2042 and LSM303DLHC.
    """

    accel_wr: int = 0
    gyro: int = 0
    mag: int = 1
    accel_alt: int = 0
    second_generation: bool = True

    @classmethod
    def decode(cls, config: bytes, *, second_generation: bool) -> "Ranges":
        """Read four configuration bytes (`Configuration/shimmer_config.h`, bytes 6 to 9)."""
        return cls(config[0] >> 2 & 3, config[2] & 3, config[2] >> 5 & 7, config[3] >> 6 & 3, second_generation)


def _plain(offset: float, sensitivity: tuple[float, float, float], rows: str) -> Calibration:
    """Return a nominal calibration; `rows` names the axis of each row of the alignment, a capital for minus."""
    alignment = np.zeros((3, 3))
    for row, name in enumerate(rows):
        alignment[row, "xyz".index(name.lower())] = -1.0 if name.isupper() else 1.0
    return Calibration(np.full(3, offset), np.array(sensitivity), alignment)


def nominal_calibration(vector: str, ranges: Ranges) -> Calibration:
    """Return what the vendor takes for a sensor that nobody has calibrated."""
    second = ranges.second_generation
    if vector == "accel_ln":
        level = 92.0 if second else 83.0
        return _plain(2253.0 if second else 2047.0, (level, level, level), "YXZ")
    if vector == "gyro":
        level = (131.0, 65.5, 32.8, 16.4)[ranges.gyro]
        return _plain(0.0, (level, level, level), "YXZ")
    if vector == "mag_alt":
        return _plain(0.0, (1 / 0.003, 1 / 0.003, 1 / 0.003), "xyz")
    if vector == "mag" and not second:
        both, z = ((1100, 980), (855, 760), (670, 600), (450, 400), (400, 355), (330, 295), (230, 205))[
            min(max(ranges.mag, 1), 7) - 1
        ]
        return _plain(0.0, (both, both, z), "XyZ")
    if vector == "mag":
        return _plain(0.0, (667.0, 667.0, 667.0), "YxZ")
    if vector == "accel_wr" and not second:
        level = (1631.0, 815.0, 408.0, 135.0)[ranges.accel_wr]
        return _plain(0.0, (level, level, level), "XyZ")
    if vector == "accel_wr":
        # The LSM303AHTR numbers its ranges 2, 16, 4, 8 g (data sheet, CTRL1, FS).
        level = (1671.0, 209.0, 836.0, 418.0)[ranges.accel_wr]
        return _plain(0.0, (level, level, level), "YxZ")
    # The third accelerometer is in the gyroscope's chip and shares its axes.
    level = (1671.0, 836.0, 418.0, 209.0)[ranges.accel_alt]
    return _plain(0.0, (level, level, level), "YXZ")


@dataclass(frozen=True)
class Units:
    """What turns this device's counts into SI."""

    registers: tuple[Registers, Registers]
    ranges: Ranges
    own: Mapping[str, Calibration] = field(default_factory=dict[str, Calibration])

    def volts_per_count(self, channel: int) -> float | None:
        """Return the scale of an ExG channel; None for one that is asleep, or is none."""
        name = FIELDS[channel].name
        if not name.startswith("exg") or "_ch" not in name:
            return None
        registers = self.registers[int(name[3]) - 1]
        gain = registers.gain(int(name[name.index("_ch") + 3]))
        if gain is None:
            return None
        return registers.reference_v / gain / FULL_SCALE * (1 << NARROW_SHIFT if name.endswith("16bit") else 1)

    def vector(self, name: str, counts: Mapping[int, Counts]) -> FloatArray:
        """Return a vector of `VECTORS` in SI, shape (n_samples, 3)."""
        first, quantity = VECTORS[name]
        calibration = self.own.get(name) or nominal_calibration(name, self.ranges)
        return calibration.apply(np.stack([counts[first + axis] for axis in range(3)], axis=1)) * _TO_SI[quantity]

    @staticmethod
    def voltage(channel: int) -> tuple[float, float] | None:
        """Return scale and offset, in volt, of a channel of the processor's converter; None for another."""
        if channel == 0x03:
            return ADC_V * BATTERY_DIVIDER, 0.0
        if channel in STRAIN:
            zero, gain = STRAIN[channel]
            return ADC_V / gain, -zero * ADC_V / gain
        return (ADC_V, 0.0) if channel in _ADC else None


def read_calibrations(order: tuple[str, ...], data: bytes) -> dict[str, Calibration]:
    """Read calibrations that lie one behind the other; the gyroscope's sensitivity is in hundredths."""
    found: dict[str, Calibration] = {}
    for number, name in enumerate(order):
        piece = data[CALIBRATION_BYTES * number : CALIBRATION_BYTES * (number + 1)]
        calibration = Calibration.decode(piece, 100.0 if name == "gyro" else 1.0)
        if calibration is not None:
            found[name] = calibration
    return found
