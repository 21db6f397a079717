"""New names for what leads to a device or a person: the same old name always becomes the same new one.

A sensor's id stands in its own bytes, where its length must not change, and in text made of them. Which bytes an id is
made of is known for each device that has one: eight bytes of Open Muscle Link 1 (`docs/wire.md`), six of a Bluetooth
address (Shimmer3), four of a uMyo's unit, the letters of a Trigno base's serial number. New ones are drawn for every
export, so that two exports cannot be laid together by them.
"""

import re
import secrets
from binascii import unhexlify

from .json_kinds import Json, is_list, is_table

_HEX = re.compile(r"[0-9a-f]{12}|[0-9a-f]{16}")
_UMYO, _TRIGNO = "umyo-", "trigno-"
#: Shorter texts would be found by chance in samples; they are replaced where they are a whole text.
FEWEST_BYTES = 4


class Disguise:
    """Old names and new ones, as text and as bytes of the same length."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._bytes: dict[bytes, bytes] = {}

    def add_link(self, number: int, name: str) -> None:
        """Give a link a name that says nothing of its port or address."""
        self.texts.setdefault(name, f"link-{number}")

    def add_sensor(self, uid: str) -> None:
        """Draw an id of the same kind for a sensor."""
        if uid in self.texts or not uid:
            return
        if _HEX.fullmatch(uid):
            new = secrets.token_hex(len(uid) // 2)
            self._add_bytes(unhexlify(uid), unhexlify(new))
            self._add_bytes(unhexlify(uid)[::-1], unhexlify(new)[::-1])
        elif uid.startswith(_UMYO) and len(uid) == len(_UMYO) + 8:
            number = secrets.token_hex(4)
            new = f"{_UMYO}{number}"
            self._add_bytes(unhexlify(uid.removeprefix(_UMYO)), unhexlify(number))
        elif uid.startswith(_TRIGNO):
            serial = uid.removeprefix(_TRIGNO)
            number = secrets.token_hex(len(serial))[: len(serial)].upper()
            new = f"{_TRIGNO}{number}"
            self._add_bytes(serial.encode(), number.encode())
        else:
            new = secrets.token_hex(len(uid))[: max(len(uid), 1)]
        self.texts[uid] = new
        self._add_bytes(uid.encode(), new.encode())

    def text(self, text: str) -> str:
        """Return a text with new names for old, all at once; of two that begin alike the longer is meant."""
        if text in self.texts:
            return self.texts[text]
        old = sorted((each for each in self.texts if len(each) >= FEWEST_BYTES), key=len, reverse=True)
        return re.sub("|".join(map(re.escape, old)), lambda found: self.texts[found[0]], text) if old else text

    def data(self, data: bytes) -> bytes:
        """Return bytes with new ids for old ones, as long as they were."""
        for old, new in self._bytes.items():
            if old in data:
                data = data.replace(old, new)
        return data

    def value(self, value: Json) -> Json:
        """Return plain JSON with new names for old, in keys and values."""
        if isinstance(value, str):
            return self.text(value)
        if is_table(value):
            return {self.text(key): self.value(each) for key, each in value.items()}
        if is_list(value):
            return [self.value(each) for each in value]
        return value

    @property
    def old_bytes(self) -> tuple[bytes, ...]:
        """What must not be found any more."""
        return (*self._bytes, *(text.encode() for text in self.texts))

    def _add_bytes(self, old: bytes, new: bytes) -> None:
        if len(old) >= FEWEST_BYTES and len(old) == len(new):
            self._bytes[old] = new
