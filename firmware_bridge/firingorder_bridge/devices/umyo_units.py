"""What both ways to a uMyo share: its channels, their units, its rate and what the clock may take for granted.

Sources: ultimaterobotics/uMyo (firmware 3.1), `adc_read.c` at 9c14a98 (converter), `uMyo_fw_v3_1/main.c` at 121a82a
(packets), `lsm6ds3.c` at 40623f7 and `qmc7983.c` at 365b673 (ranges); ultimaterobotics/uMyo_v3_1_pcb, schematic at
dd24a32 (front-end). Written anew from those facts; no unit has been measured, so that volts are nominal.

The converter samples as fast as it can: 128 conversions of (5 + 2) µs make one sample, nominally 896 µs. What an
interrupt adds to that is not written anywhere (the vendor's own programs take 1116 Hz and 1150 Hz), so device time is
the sample's number at the nominal period, and the clock measures how long the period really is: per unit, up to 5 %.
"""

from ..envelope import ClockParams
from ..frames import SampleFormat
from ..messages import Axis, ChannelDescriptor, Descriptor, Kind, Quantity

#: Nominal time between samples: oversampling 128 x (acquisition 5 µs + conversion 2 µs).
PERIOD_US = 896
#: The converter fills 8 samples, then the firmware looks at them.
BLOCK = 8
#: Volt at the converter for one count: 14 bits over 6 x 0.6 V (the firmware's battery formula says the same).
COUNT_V = 3.6 / (1 << 14)
#: Gain of the input amplifier, an AD8293G80 (schematic of the board 3.1; its data sheet); `gain=` says another.
GAIN = "80"
#: The firmware holds the mean of its counts here, so that the amplifier's output rests between the rails (`main.c`).
REST_COUNT = 8000
#: Full scale of the converter.
TOP_COUNT = (1 << 14) - 1
#: m/s² and rad/s of one count: 2 g over 2^15; 500 degrees a second over 28572 (the firmware's own numbers).
COUNT_M_S2 = 9.8 * 2.0 / 32768.0
COUNT_RAD_S = 500.0 / 180.0 * 3.1415926 / 28572.0
#: Parts of 1 for one count of a quaternion.
COUNT_QUATERNION = 1.0 / 32000.0
#: Tesla of one count of the magnetometer, nominally: the firmware stretches what it met while it was calibrated to
#: ±5000 (`qmc7983.c`), so that a direction is told and no strength. 50 µT is the earth's field in the middle latitudes.
COUNT_TESLA = 50e-6 / 5000.0
#: A sample is the mean over its period, and so lies half a period before its end.
MEAN_US = PERIOD_US // 2

# A period off by 5 % moves the map by 50 ms a second: the running minimum, which knows no drift, is left after 0.5 s,
# and what is learnt later is bent in as fast as that. Simulated at -4.5 to +4.5 %: behind a base 0.3 ms rms from 2 s
# on, where leaving the minimum after 2 s had 15 ms; the stated uncertainty covers 99 % of the errors.
CABLE_CLOCK = ClockParams(early_s=0.5, max_ppm=50_000.0, slew=0.02, early_slew=0.1)
RADIO_CLOCK = ClockParams(slotted=True, early_s=0.5, max_ppm=50_000.0, slew=0.02, early_slew=0.1)


def describe_emg(gain: float, counts_added: int, latency_us: int, max_n: int, site: int) -> Descriptor:
    """Return the descriptor of the EMG stream; `counts_added` samples make one number on the wire."""
    scale = COUNT_V / gain / counts_added
    offset = -COUNT_V / gain * REST_COUNT
    channel = ChannelDescriptor(0, Quantity.VOLT, site=site, scale=scale, offset=offset, label="EMG")
    return Descriptor(Kind.EMG, SampleFormat.I16, 1_000_000, PERIOD_US, (channel,), latency_us=latency_us, max_n=max_n)


def describe_motion(kind: Kind, period_us: int, latency_us: int, vectors: str, site: int = 0) -> Descriptor:
    """Return the descriptor of a stream of vectors, in the order of the letters: acc, gyro, mag, quaternion."""
    channels: list[ChannelDescriptor] = []
    for letter in vectors:
        name, quantity, scale = _VECTORS[letter]
        axes = (Axis.W, Axis.X, Axis.Y, Axis.Z) if letter == "q" else (Axis.X, Axis.Y, Axis.Z)
        for axis in axes:
            number = len(channels)
            label = f"{name}{'XYZW'[axis]}"
            channels.append(ChannelDescriptor(number, quantity, axis, site, scale, label=label))
    return Descriptor(kind, SampleFormat.I16, 1_000_000, period_us, tuple(channels), latency_us=latency_us, max_n=1)


_VECTORS = {
    "a": ("acc", Quantity.ACCELERATION, COUNT_M_S2),
    "g": ("gyro", Quantity.ANGULAR_RATE, COUNT_RAD_S),
    "m": ("mag", Quantity.MAGNETIC_FIELD, COUNT_TESLA),
    "q": ("quat", Quantity.QUATERNION, COUNT_QUATERNION),
}


def read_gain(text: str) -> float:
    """Return a gain; raise ValueError where it is none."""
    try:
        gain = float(text)
    except ValueError:
        gain = 0.0
    if not 1.0 <= gain <= 10_000.0:
        raise ValueError(f"gain must be a number from 1 to 10000; got {text!r}")
    return gain
