"""How every recording of a cohort is read and judged: the same words for all, and a key that changes with them."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version

from firingorder_signal.pipeline import PipelineParams

from ..protocols.catalogue import load_protocol
from ..protocols.protocol_plan import Protocol
from ..setting_up.laboratories import Laboratory, recall_laboratory


@dataclass(frozen=True)
class CohortOptions:
    """What the caller states for all files; plain types, so that it travels to any worker.

    Attributes
    ----------
    sites
        Pairs of channel name and site.
    laboratory
        Name under which channels are remembered, or what is remembered.
    protocol
        Judge as this test, a name or a `.toml` file; None = the one each recording holds.
    """

    hamstring: str | None = None
    glute: str | None = None
    side: str | None = None
    sites: tuple[tuple[str, str], ...] = ()
    unit: str | None = None
    rate_hz: float | None = None
    laboratory: str | Laboratory | None = None
    protocol: str | Protocol | None = None

    def recalled(self) -> "CohortOptions":
        """Return them with what files say in the place of their names: workers elsewhere have no such files.

        Raises
        ------
        UnknownProtocol, ProtocolRefused, LaboratoryRefused
            A name is none, or its file cannot be used.
        """
        laboratory, protocol = self.laboratory, self.protocol
        if isinstance(laboratory, str):
            is_stated = any((self.hamstring, self.glute, self.sites, self.unit, self.rate_hz))
            laboratory = recall_laboratory(laboratory, may_be_new=is_stated)
        protocol = load_protocol(protocol) if isinstance(protocol, str) else protocol
        return replace(self, laboratory=laboratory, protocol=protocol)

    def key(self) -> str:
        """Return what results depend on besides the file: these options, the rules and the version; hex digits.

        Raises
        ------
        UnknownProtocol, ProtocolRefused, LaboratoryRefused
            There is no such test or laboratory: no file could be judged by it.
        """
        known: dict[str, object] = {}
        recalled = self.recalled()
        remembered, test = recalled.laboratory, recalled.protocol
        if isinstance(remembered, Laboratory):
            known = {"sites": {name: str(site) for name, site in remembered.sites.items()}, "unit": remembered.unit}
            known["rate_hz"] = remembered.rate_hz
        stated = asdict(replace(self, laboratory=None, protocol=None))
        stated["protocol"] = test.text if isinstance(test, Protocol) else None
        whole = {"options": stated, "laboratory": known, "version": version("firingorder")}
        text = json.dumps({**whole, "rules": repr(PipelineParams())}, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
