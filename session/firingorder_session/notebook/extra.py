"""The libraries of the extra `notebook`: imported when they are used, and named when they are missing."""

from importlib import import_module
from typing import Any

from firingorder_signal.errors import FiringOrderError


class ExtraMissing(FiringOrderError):
    """A library is needed that is not installed."""


def load_extra(name: str) -> Any:
    """Import a module of the extra `notebook`.

    Raises
    ------
    ExtraMissing
        It is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        library = name.partition(".")[0]
        raise ExtraMissing(f"this needs {library}; install it: pip install 'firingorder[notebook]'") from None
