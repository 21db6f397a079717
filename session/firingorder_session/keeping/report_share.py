"""Being told how much of a piece of work is done."""

from collections.abc import Callable

#: Called with the share done so far, 0 to 1.
ReportShare = Callable[[float], None]


def tell_nobody(share: float) -> None:
    """Take no notice."""
