"""Consistent overhead byte stuffing, behind two typed functions.

A frame on a cable is stuffed, so that it holds no zero byte, and ends with one zero byte. A receiver that starts in the
middle, or that met damage, is in step again at the next zero. Source: Cheshire and Baker 1999, doi:10.1109/90.769765.
"""

from importlib import import_module
from typing import Any

DELIMITER = b"\0"

# The package has no types and star-imports its C half: the only Any of this package ends in this file.
_cobs: Any = import_module("cobs.cobs")
_DecodeError: type[Exception] = _cobs.DecodeError


def stuff(frame: bytes) -> bytes:
    r"""Return the frame as it goes over a cable: stuffed, delimiter included.

    Examples
    --------
    >>> stuff(bytes([0x11, 0x00, 0x22]))
    b'\x02\x11\x02"\x00'
    """
    return bytes(_cobs.encode(frame)) + DELIMITER


def unstuff(stuffed: bytes) -> bytes | None:
    r"""Return the frame inside stuffed bytes (without delimiter), or None where they cannot be stuffed bytes.

    Examples
    --------
    >>> unstuff(b'\x02\x11\x02"')
    b'\x11\x00"'
    >>> unstuff(b'\x09\x11') is None
    True
    """
    try:
        return bytes(_cobs.decode(stuffed))
    except _DecodeError:
        return None


def stuffed_limit(max_frame: int) -> int:
    """Return the most bytes that a frame of `max_frame` bytes takes once stuffed, without its delimiter."""
    return max_frame + max_frame // 254 + 1
