"""Any sensor that speaks OML/1 over Bluetooth Low Energy: `ble:WHERE?notify=start|acquire&pair=no|yes`.

`WHERE` is the sensor's advertised name, its uid (16 hexadecimal digits) or its address. The frames are OML/1 as they
come, so there is no dialect. Sources: `docs/wire.md`, section 1; `links/ble_link.py`.

Settings: `notify`, `pair`, and as on a cable `sites`, `segment`.
"""

from ..buffer import Framing
from ..links.base import Link
from .catalogue import Settings, say_placed
from .dialect import Dialect
from .settings import OML_SETTINGS, check_names, read_choice

SETTINGS = ("notify", "pair", *OML_SETTINGS)


def make_link(where: str, settings: Settings) -> Link:
    """Return a closed link; raise `ValueError` for a setting that makes no sense."""
    from ..links.ble_link import BleLink

    check_names(settings, SETTINGS)
    notify = read_choice(settings, "notify", "start", ("start", "acquire"))
    pair = read_choice(settings, "pair", "no", ("no", "yes"))
    placed = {name: value for name, value in settings.items() if name in OML_SETTINGS}
    speech = say_placed(Framing.DATAGRAM, placed)
    return BleLink(where, acquire=notify == "acquire", pair=pair == "yes", speech=speech)


def make_dialect(settings: Settings) -> Dialect:
    """Refuse: what comes from this kind of device is OML/1, and a recording says so."""
    raise ValueError("a ble link brings OML/1 frames; it has no dialect")
