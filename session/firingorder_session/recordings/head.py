"""The head of a recording: what was tested, with what, when. Written once, before the first frame."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Any

from firingorder_signal.blocks import Alignment, Side

from ..events.live_events import Origin
from ..judging.alignments import read_alignments, write_alignments

Json = Any

#: Key of the fact by which a recording says that it was ended in order, and when by the wall clock.
ENDED = "ended"
#: Key of the fact by which a recording that was saved from a damaged file says how much of it there is.
RECOVERED = "recovered"


def hash_settings(settings: Mapping[str, Json]) -> str:
    """Return a short hash that two recordings share when they were made with the same settings.

    Examples
    --------
    >>> hash_settings({"a": 1, "b": 2}) == hash_settings({"b": 2, "a": 1})
    True
    """
    text = json.dumps(settings, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class RecordingHead:
    """What a recording is.

    Attributes
    ----------
    origin_ns
        Monotonic host time, ns, that counts as 0 s of the recording.
    created
        Wall clock at `origin_ns`, ISO 8601 with offset.
    recording_id
        Random; the same in every copy of the file.
    subject
        A random code, never a name.
    protocol_file
        The test as it was written, in full: a clinician's own file is known nowhere else.
    settings
        Everything that steers the test, as plain JSON values.
    alignments
        Constants between sensors, by uid, that were measured before and are taken out of their times.
    """

    origin_ns: int
    created: str
    recording_id: str = field(default_factory=lambda: secrets.token_hex(16))
    software_version: str = field(default_factory=lambda: version("firingorder"))
    protocol: str = ""
    side: Side = Side.MIDDLE
    subject: str = ""
    origin: Origin = Origin.LIVE
    protocol_file: str = ""
    settings: Mapping[str, Json] = field(default_factory=dict[str, Json])
    alignments: Mapping[str, Alignment] = field(default_factory=dict[str, Alignment])

    @classmethod
    def now(
        cls,
        origin_ns: int,
        *,
        protocol: str = "",
        side: Side = Side.MIDDLE,
        subject: str = "",
        protocol_file: str = "",
        settings: Mapping[str, Json] | None = None,
        alignments: Mapping[str, Alignment] | None = None,
    ) -> "RecordingHead":
        """Make the head of a recording that begins now; `origin_ns` is what `time.monotonic_ns()` says now."""
        created = datetime.now().astimezone().isoformat(timespec="milliseconds")
        return cls(
            origin_ns,
            created,
            protocol=protocol,
            side=side,
            subject=subject,
            protocol_file=protocol_file,
            settings=dict(settings or {}),
            alignments=dict(alignments or {}),
        )

    def as_rows(self) -> list[tuple[str, str]]:
        """Write the facts as (key, JSON value), for the table `head`."""
        facts: dict[str, Json] = {
            "recording_id": self.recording_id,
            "created": self.created,
            "origin_ns": self.origin_ns,
            "software": "firingorder",
            "software_version": self.software_version,
            "protocol": self.protocol,
            "side": self.side.value,
            "subject": self.subject,
            "origin": self.origin.value,
            "protocol_file": self.protocol_file,
            "settings": self.settings,
            "settings_hash": hash_settings(self.settings),
            "alignments": write_alignments(self.alignments),
        }
        return [(key, json.dumps(value, ensure_ascii=False)) for key, value in facts.items()]

    @classmethod
    def from_rows(cls, rows: Mapping[str, str]) -> "RecordingHead":
        """Read the facts back; raise KeyError or ValueError where they are not a head."""
        facts: dict[str, Json] = {key: json.loads(value) for key, value in rows.items()}
        return cls(
            origin_ns=int(facts["origin_ns"]),
            created=str(facts["created"]),
            recording_id=str(facts["recording_id"]),
            software_version=str(facts["software_version"]),
            protocol=str(facts["protocol"]),
            side=Side(facts["side"]),
            subject=str(facts["subject"]),
            origin=Origin(facts["origin"]),
            protocol_file=str(facts.get("protocol_file", "")),
            settings=dict(facts["settings"]),
            alignments=read_alignments(facts.get("alignments", {})),
        )
