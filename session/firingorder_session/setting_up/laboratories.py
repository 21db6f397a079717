"""What a laboratory calls its channels, remembered: which is which muscle, their unit and rate.

One TOML file a laboratory, in the user's folder of settings, so that it is asked once and not for every file. Channels
that a file does not have are passed over; what is stated for one file wins, and is remembered when asked.
"""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from firingorder_signal.blocks import Site
from firingorder_signal.errors import FiringOrderError

from ..written_whole import written_whole

#: The folder may be set for a clinic whose rooms share one.
FOLDER_VARIABLE = "FIRINGORDER_LABORATORIES"
_NAME = re.compile(r"^[\w][\w .-]{0,60}$")


class LaboratoryRefused(FiringOrderError):
    """A laboratory's file cannot be used, or its name is none."""


@dataclass(frozen=True)
class Laboratory:
    """Channels of one laboratory.

    Attributes
    ----------
    sites
        Channel name to site.
    unit
        Unit of EMG channels that state none; None = not remembered.
    rate_hz
        Rate of files that state none.
    """

    sites: Mapping[str, Site] = field(default_factory=dict[str, Site])
    unit: str | None = None
    rate_hz: float | None = None

    def updated(self, sites: Mapping[str, Site], unit: str | None, rate_hz: float | None) -> "Laboratory":
        """Return it with what was stated anew: a site moves from its old channel to the new one."""
        kept = {name: site for name, site in self.sites.items() if site not in sites.values()}
        return replace(self, sites={**kept, **sites}, unit=unit or self.unit, rate_hz=rate_hz or self.rate_hz)


def laboratory_path(name: str) -> Path:
    """Return where a laboratory is remembered.

    Raises
    ------
    LaboratoryRefused
        The name cannot be one of a file.
    """
    if not _NAME.match(name):
        raise LaboratoryRefused(f"{name!r} is no name of a laboratory; expected letters, digits, blanks, - and .")
    if folder := os.environ.get(FOLDER_VARIABLE):
        return Path(folder) / f"{name}.toml"
    from platformdirs import user_config_path

    return user_config_path("firingorder", appauthor=False) / "laboratories" / f"{name}.toml"


def recall_laboratory(name: str, *, may_be_new: bool = True) -> Laboratory:
    """Return what is remembered of a laboratory, nothing where it is new.

    Parameters
    ----------
    may_be_new
        Something is stated beside it. Where nothing is, a new name is a slip: usual names would be taken in its place.

    Raises
    ------
    LaboratoryRefused
        Its file is damaged, names a site that is none, or is not there and should be.
    """
    path = laboratory_path(name)
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        sites = {str(channel): Site.parse(str(site)) for channel, site in dict(table.get("sites", {})).items()}
        rate_hz = None if table.get("rate_hz") is None else float(table["rate_hz"])
    except FileNotFoundError:
        if not may_be_new:
            known = ", ".join(sorted(each.stem for each in path.parent.glob("*.toml"))) or "none yet"
            text = f"nothing is remembered of a laboratory {name!r} (known: {known}); correct the name, or state"
            raise LaboratoryRefused(f"{text} its channels once (--hamstring NAME --glute NAME)") from None
        return Laboratory()
    except (OSError, ValueError, TypeError) as error:
        raise LaboratoryRefused(
            f"{path}: cannot be used ({error}); correct it, or delete it and state all anew"
        ) from None
    return Laboratory(sites, table.get("unit"), rate_hz)


def remember_laboratory(name: str, laboratory: Laboratory) -> Path:
    """Write what a laboratory calls its channels; return where.

    Raises
    ------
    LaboratoryRefused
        It cannot be written.
    """
    path = laboratory_path(name)
    lines = ["# Which channel is which muscle; read by `--laboratory`, and meant to be edited.", ""]
    lines += [f"unit = {json.dumps(laboratory.unit)}"] if laboratory.unit else []
    lines += [f"rate_hz = {laboratory.rate_hz!r}"] if laboratory.rate_hz else []
    lines += [
        "[sites]",
        *(f"{json.dumps(channel)} = {json.dumps(str(site))}" for channel, site in laboratory.sites.items()),
    ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path, on_disk=True) as draft:
            draft.write_text("\n".join([*lines, ""]), "utf-8")
    except OSError as error:
        raise LaboratoryRefused(
            f"{path}: cannot be written ({error.strerror}); free space or set {FOLDER_VARIABLE}"
        ) from None
    return path
