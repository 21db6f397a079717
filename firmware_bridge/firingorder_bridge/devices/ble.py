"""Any sensor that speaks OML/1 over Bluetooth Low Energy: `ble:WHERE?notify=start|acquire&pair=no|yes`.

`WHERE` is the sensor's advertised name, its uid (16 hexadecimal digits) or its address. The frames are OML/1 as they
come, so there is no dialect. Sources: `docs/wire.md`, section 1; `links/ble_link.py`.
"""

from ..links.base import Link
from .catalogue import Settings
from .dialect import Dialect
from .settings import check_names, read_choice


def make_link(where: str, settings: Settings) -> Link:
    """Return a closed link; raise `ValueError` for a setting that makes no sense."""
    from ..links.ble_link import BleLink

    check_names(settings, ("notify", "pair"))
    if not where:
        raise ValueError("name the sensor: ble:NAME, ble:UID or ble:ADDRESS; `firingorder devices` lists them")
    notify = read_choice(settings, "notify", "start", ("start", "acquire"))
    pair = read_choice(settings, "pair", "no", ("no", "yes"))
    return BleLink(where, acquire=notify == "acquire", pair=pair == "yes")


def make_dialect(settings: Settings) -> Dialect:
    """Refuse: what comes from this kind of device is OML/1, and a recording says so."""
    raise ValueError("a ble link brings OML/1 frames; it has no dialect")
