"""Whether what the sensors send fits through their link: told before a test, not by losses in it. Pure arithmetic.

Sources: Bluetooth Core 5.4, volume 6, part B (packet times and pauses on the 1M and 2M layers); what hosts take, four
to six packets of 251 bytes a connection interval (`docs/bluetooth.md`); ten bits a byte on a serial line.
"""

from dataclasses import dataclass
from fractions import Fraction

from .frames import CRC_SIZE, HEADER_SIZE, MAX_FRAME_RADIO

#: A frame holds 20 ms: a shorter one costs more headers, a longer one delays (`docs/wire.md`).
FRAME_S = Fraction(1, 50)
#: Payload bytes a second that a radio takes at a connection interval of 15, 30, 50 ms with packets of 251 bytes, six a
#: interval; without the longer packets a tenth of it.
RADIO_BYTES_S = {15: 98_000, 30: 49_000, 50: 29_000}
#: The interval that a sensor should ask for, and a phone-like host gives (ms).
USUAL_INTERVAL_MS = 30
SERIAL_BITS_A_BYTE = 10
#: A descriptor of one channel (`docs/wire.md`, DESC: 24 bytes, and 24 a channel); without it nothing is decoded.
LEAST_FRAME_RADIO = HEADER_SIZE + 24 + 24 + CRC_SIZE
#: Above this share of a link frames wait for each other, and then for good (J).
FULL = 0.8


@dataclass(frozen=True)
class Load:
    """What is asked of a link, and what it can do, bytes a second."""

    asked: float
    able: float

    @property
    def share(self) -> float:
        """Share of the link that is used."""
        return self.asked / self.able

    @property
    def fits(self) -> bool:
        """Whether there is room for what comes late."""
        return self.share <= FULL


def wire_bytes_s(rate_hz: float, sample_bytes: int) -> float:
    """Return what one stream takes on the wire, bytes a second, headers included.

    Parameters
    ----------
    sample_bytes
        Bytes of one sample of all its channels.

    Examples
    --------
    >>> round(wire_bytes_s(2000.0, 2 * 3))
    12956
    """
    payload = rate_hz * sample_bytes
    frames = max(payload / (MAX_FRAME_RADIO - HEADER_SIZE - CRC_SIZE), float(1 / FRAME_S))
    return payload + frames * (HEADER_SIZE + CRC_SIZE)


def radio_load(bytes_s: float, interval_ms: int = USUAL_INTERVAL_MS) -> Load:
    """Return the load of one adapter by all its sensors together; they share the air."""
    return Load(bytes_s, float(RADIO_BYTES_S[interval_ms]))


def warn_of_room(frame_bytes: int | None, bytes_s: float, what: str) -> str | None:
    """Return one line where a radio link carries shorter frames than the usual ones, None where it does not.

    Parameters
    ----------
    frame_bytes
        See `Link.frame_bytes`.
    bytes_s
        What its sensor sends, as far as it is known.
    """
    if frame_bytes is None or frame_bytes >= MAX_FRAME_RADIO:
        return None
    small = f"{what}: a notification holds {frame_bytes} bytes instead of {MAX_FRAME_RADIO}"
    advice = "Let the sensor ask for an MTU of 247, or use another Bluetooth adapter."
    if frame_bytes < LEAST_FRAME_RADIO:
        return f"{small}, too few for a sensor to say what it measures. {advice}"
    # As many packets fit between two connection events as before, and each holds less.
    load = Load(bytes_s, RADIO_BYTES_S[USUAL_INTERVAL_MS] * frame_bytes / MAX_FRAME_RADIO)
    verdict = f"; {bytes_s / 1000:.0f} kB/s are sent, and samples will be lost" if not load.fits else ""
    return f"{small}, so the link takes about {load.able / 1000:.0f} kB/s{verdict}. {advice}"


def serial_load(bytes_s: float, baud_rate: int) -> Load:
    """Return the load of one serial line. A USB board's own port is faster than any baud rate says."""
    return Load(bytes_s, baud_rate / SERIAL_BITS_A_BYTE)
