"""BITalino (r)evolution over its serial-port profile: 10 bits, up to 1 kHz, four wide and two narrow inputs.

Sources: BITalinoWorld/revolution-python-api, `bitalino.py` at 185af21 (packet, checksum, commands); BITalino EMG sensor
data sheet (±1.64 mV at 3.3 V and a gain of 1009). Written anew from those facts.

A packet is one sample, without a delimiter: the last byte is a 4-bit number and a 4-bit checksum. Its only clock is its
sample counter, so the time stamps are the counter at the nominal rate, and a run of more than 15 lost packets, which
the number cannot tell, is found by the time that passed. Everything wired to one BITalino shares one converter.
"""

import struct
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..buffer import RawFrame
from ..events import SensorIdentified
from ..frames import Frame, FrameType, SampleFormat, pack_samples
from ..links.base import Link
from ..links.serial_link import SerialLink
from ..messages import ChannelDescriptor, Descriptor, Kind, Quantity
from ..session import State
from .catalogue import Settings, write_speech
from .dialect import Dialect, Spoken
