"""Which serial ports there are, the likely sensors first."""

import os
from dataclasses import dataclass

from serial.tools import list_ports

# USB vendors of the boards and bridges that wearables are built on: Espressif, Nordic, Adafruit, Arduino, Raspberry Pi,
# ST, SiLabs CP210x, WCH CH34x, FTDI, Teensy (usb.org vendor list; boards' own documentation).
SENSOR_VENDORS = {0x303A, 0x1915, 0x239A, 0x2341, 0x2E8A, 0x0483, 0x10C4, 0x1A86, 0x0403, 0x16C0}


# Vendors of bridges with a real line behind them, which its baud rate limits: SiLabs CP210x, WCH CH34x, FTDI, Prolific
# PL2303 (as above). A board's own USB port, a pseudo-terminal and a radio's serial-port profile have no such line.
LINE_VENDORS = {0x10C4, 0x1A86, 0x0403, 0x067B}


@dataclass(frozen=True)
class PortInfo:
    """A serial port.

    Attributes
    ----------
    likely
        Made by a vendor whose boards and adapters sensors are built on. Any other port may still be one.
    """

    device: str
    description: str
    manufacturer: str | None = None
    serial_number: str | None = None
    vendor_id: int | None = None
    product_id: int | None = None
    likely: bool = False


def is_wire(port: PortInfo) -> bool:
    """Tell whether a port is one of a cable: a Bluetooth serial-port profile is a port, too, but no wire."""
    return "bluetooth" not in port.description.lower() and "rfcomm" not in port.device.lower()


def find_ports() -> list[PortInfo]:
    """Return the serial ports of this machine, likely sensors first, then by name."""
    ports = [
        PortInfo(
            device=port.device,
            description=port.description or "",
            manufacturer=port.manufacturer,
            serial_number=port.serial_number,
            vendor_id=port.vid,
            product_id=port.pid,
            likely=port.vid in SENSOR_VENDORS,
        )
        for port in list_ports.comports()
    ]
    return sorted(ports, key=lambda port: (not port.likely, port.device))


def has_line(device: str) -> bool:
    """Tell whether a port, perhaps named by a link to it, is a bridge to a line with a baud rate of its own."""
    names = (device, os.path.realpath(device))
    return any(port.device in names and port.vendor_id in LINE_VENDORS for port in find_ports())
