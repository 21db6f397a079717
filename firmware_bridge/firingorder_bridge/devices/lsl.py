"""Any Lab Streaming Layer stream: Delsys, OpenSignals, Noraxon, OTB and whatever else sends one.

Sources: labstreaminglayer/pylsl 1.18.6, sccn/liblsl; what a stream says of its channels is read in `lsl_layout.py`.

Address: `lsl:NAME`, or `lsl:` with what it must have: `lsl:?type=EMG`, `lsl:NAME?source_id=...&hostname=...`.

Settings: `name`, `type`, `source_id`, `hostname` (which stream), `unit` (uV, mV, V: for one that says it wrongly),
`channels` (`1,2`: which are electrodes), `sites`.
"""

import re

from ..links.base import Link
from ..links.library_link import LibraryLink
from ..links.lsl_layout import UNITS
from ..links.lsl_link import LslSource, LslWanted
from ..messages import Quantity
from .catalogue import Settings
from .dialect import Dialect
from .settings import check_names, read_numbers, read_sites

KIND = "lsl"
PROPERTIES = ("name", "type", "source_id", "hostname")
SETTINGS = (*PROPERTIES, "unit", "channels", "sites")
#: liblsl looks streams up by an XPath predicate, and finds nothing where a value would end its quotes.
BREAKING = re.compile(r"""['"\[\]<>&]""")


def make_link(where: str, settings: Settings) -> Link:
    """Make the link; see `catalogue.Kind`."""
    name = f"{KIND}:{where or _say(settings)}"
    return LibraryLink(name, LslSource(name, read_wanted(where, settings)))


def make_dialect(settings: Settings) -> Dialect:
    """Refuse: the link brings OML/1 frames; see `catalogue.KINDS`."""
    raise ValueError("a Lab Streaming Layer link brings frames and has no dialect")


def read_wanted(where: str, settings: Settings) -> LslWanted:
    """Read which stream is meant; raise ValueError for what makes no sense."""
    check_names(settings, SETTINGS)
    properties = {name: settings[name] for name in PROPERTIES if settings.get(name)}
    if where:
        properties = {"name": where, **properties}
    if not properties:
        raise ValueError(f"which stream? Give its name, or one of {', '.join(PROPERTIES)}")
    for name, value in properties.items():
        if BREAKING.search(value):
            raise ValueError(f"{name} holds a quote or bracket, by which no stream is found; use another property")
    unit = settings.get("unit", "")
    if unit and UNITS.get(unit.lower(), (None,))[0] is not Quantity.VOLT:
        raise ValueError(f"unit must be uV, mV or V; got {unit!r}")
    channels = read_numbers(settings, "channels")
    sites = read_sites(settings, len(channels) or 255)
    n_sites = len(settings.get("sites", "").split(",")) if settings.get("sites") else 0
    return LslWanted(properties, unit, tuple(number - 1 for number in channels), tuple(sites[:n_sites]))


def _say(settings: Settings) -> str:
    """Name a stream by what it must have, as it is typed."""
    return "?" + "&".join(f"{name}={settings[name]}" for name in PROPERTIES if settings.get(name))
