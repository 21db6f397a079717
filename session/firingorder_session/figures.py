"""How figures are written: whole milliseconds and degrees, a true minus, a rounded-up uncertainty.

Pure text, for the window and the report.
"""

import math

MINUS = "\u2212"


def whole(value: float) -> int:
    """Round half away from zero, so that -0.4 is plain 0 and 0.5 is 1."""
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


def integer(value: float) -> str:
    """Write a rounded number with a true minus.

    Examples
    --------
    >>> integer(-34.2), integer(-0.3)
    ('−34', '0')
    """
    number = whole(value)
    return f"{MINUS}{-number}" if number < 0 else str(number)


def signed(value: float) -> str:
    """Write a rounded number with its sign, zero without.

    Examples
    --------
    >>> signed(84.4), signed(-6), signed(0.2)
    ('+84', '−6', '0')
    """
    number = whole(value)
    return f"+{number}" if number > 0 else integer(value)


def milliseconds(value_s: float) -> str:
    """Write a duration without sign, as in `84 ms`."""
    return f"{abs(whole(value_s * 1000))} ms"


def signed_milliseconds(value_s: float) -> str:
    """Write a lag, as in `+84 ms`."""
    return f"{signed(value_s * 1000)} ms"


def about_milliseconds(value_s: float) -> str:
    """Write a duration without sign to ten milliseconds, as in `80 ms`."""
    return f"{abs(whole(value_s * 100)) * 10} ms"


def half_width(interval_s: tuple[float, float]) -> str:
    """Write half an interval's width, rounded up so that the claim is never too sharp.

    Examples
    --------
    >>> half_width((0.060, 0.0835))
    '± 12 ms'
    """
    return f"± {math.ceil((interval_s[1] - interval_s[0]) * 500 - 1e-6)} ms"


def degrees(value_deg: float) -> str:
    """Write an angle, as in `17°`."""
    return f"{integer(value_deg)}°"


def clock(time_s: float) -> str:
    """Write minutes and seconds, as in `01:42`; hours in front once there are any.

    Examples
    --------
    >>> clock(102.9), clock(3725)
    ('01:42', '1:02:05')
    """
    minutes, seconds = divmod(max(int(time_s), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"
