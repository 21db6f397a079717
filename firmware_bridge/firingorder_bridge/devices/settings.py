"""Settings that kinds of devices share: where its channels sit, who it is, how it is told in the recording."""

import re

from firingorder_signal.blocks import Site

from ..descriptors import code_of
from .catalogue import Settings


def read_sites(settings: Settings, n_channels: int) -> list[int]:
    """Return the site code of each channel from `sites=gluteus_maximus/right,hamstring_lateral/right`; unknown else.

    Raises
    ------
    ValueError
        More sites than channels, or one that is not in the vocabulary.
    """
    names = [name for name in settings.get("sites", "").split(",") if name]
    if len(names) > n_channels:
        raise ValueError(f"sites names {len(names)} channels; there are {n_channels}")
    codes = [code_of(Site.parse(name)) for name in names]
    return codes + [0] * (n_channels - len(codes))


def read_choice(settings: Settings, name: str, default: str, choices: tuple[str, ...]) -> str:
    """Return a setting that is one of several; raise ValueError for another."""
    value = settings.get(name, default)
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}; got {value!r}")
    return value


def check_names(settings: Settings, known: tuple[str, ...]) -> None:
    """Raise ValueError for a setting that this kind of device does not have."""
    unknown = sorted(set(settings) - set(known))
    if unknown:
        raise ValueError(f"no setting {unknown[0]!r}; known are {', '.join(known)}")


def name_device(kind: str, where: str) -> str:
    """Return an id for a device that has none of its own: its kind and where it is.

    Examples
    --------
    >>> name_device("bitalino", "/dev/rfcomm0")
    'bitalino-rfcomm0'
    """
    last = where.rstrip("/").rsplit("/", 1)[-1]
    return f"{kind}-{re.sub('[^A-Za-z0-9.-]', '-', last)}"


def read_numbers(settings: Settings, name: str) -> tuple[int, ...]:
    """Return a setting such as `1,2,5`: numbers from 1 on, each once; raise ValueError for another."""
    words = [word for word in settings.get(name, "").split(",") if word]
    if any(not word.isdecimal() or int(word) < 1 for word in words) or len(set(words)) < len(words):
        raise ValueError(f"{name} must be numbers from 1 on, such as 1,2; got {settings[name]!r}")
    return tuple(int(word) for word in words)
