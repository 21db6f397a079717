"""Settings that kinds of devices share: where its channels sit, who it is, how it is told in the recording."""

import re
from collections.abc import Mapping

from firingorder_signal.blocks import Site

from ..descriptors import code_of
from ..places import Places

#: Settings of a device by name, as the user wrote them.
Settings = Mapping[str, str]
#: What can be said of a sensor that speaks OML/1, which describes itself: where it sits, other than its maker thought.
OML_SETTINGS = ("sites", "segment")


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


def read_places(settings: Settings) -> Places:
    """Return where a sensor that describes itself sits, by `sites` (EMG channels in order) and `segment` (motion).

    Raises
    ------
    ValueError
        Another setting, or a site that is not in the vocabulary.
    """
    check_names(settings, OML_SETTINGS)
    sites, segments = (
        tuple(code_of(Site.parse(each)) for each in settings.get(name, "").split(",") if each) for name in OML_SETTINGS
    )
    if len(segments) > 1:
        raise ValueError(f"segment is one part of the body; got {settings['segment']!r}")
    return Places(sites, segments[0] if segments else None)


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
