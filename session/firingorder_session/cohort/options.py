"""How every recording of a cohort is read and judged: the same words for all, and a key that changes with them."""

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version

from firingorder_signal.pipeline import PipelineParams


@dataclass(frozen=True)
class CohortOptions:
    """What the caller states for all files; plain types, so that it travels to any worker.

    Attributes
    ----------
    sites
        Pairs of channel name and site.
    laboratory
        Name under which channels are remembered.
    protocol
        Judge as this test, a name or a `.toml` file; None = the one each recording holds.
    """

    hamstring: str | None = None
    glute: str | None = None
    side: str | None = None
    sites: tuple[tuple[str, str], ...] = ()
    unit: str | None = None
    rate_hz: float | None = None
    laboratory: str | None = None
    protocol: str | None = None

    def key(self) -> str:
        """Return what results depend on besides the file: these options, the rules and the version; hex digits.

        Raises
        ------
        UnknownProtocol, ProtocolRefused, LaboratoryRefused
            There is no such test or laboratory: no file could be judged by it.
        """
        known: dict[str, object] = {}
        if self.laboratory is not None:
            from ..setting_up.laboratories import recall_laboratory

            is_stated = any((self.hamstring, self.glute, self.sites, self.unit, self.rate_hz))
            remembered = recall_laboratory(self.laboratory, may_be_new=is_stated)
            known = {"sites": {name: str(site) for name, site in remembered.sites.items()}, "unit": remembered.unit}
            known["rate_hz"] = remembered.rate_hz
        test = ""
        if self.protocol is not None:
            from ..protocols.catalogue import load_protocol

            test = load_protocol(self.protocol).text  # a file of that name may have been changed
        whole = {"test": test, "options": asdict(self), "laboratory": known, "version": version("firingorder")}
        text = json.dumps({**whole, "rules": repr(PipelineParams())}, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
