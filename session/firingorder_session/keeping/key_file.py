"""The key file: which code is who, encrypted, apart from everything else, and only for whom it is wanted.

The history, recordings, reports and exports know codes alone. Whoever must know names keeps them here: one encrypted
file (`encryption.py`), never opened by anything but `firingorder names`. Without it the codes stay codes.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from ..written_whole import written_whole
from .encrypted_magic import is_encrypted
from .encryption import EncryptedFileRefused, decrypt_bytes, encrypt_bytes

#: Where it lies instead.
VARIABLE = "FIRINGORDER_NAMES"


def names_path() -> Path:
    """Say where the key file lies."""
    from platformdirs import user_data_path

    stated = os.environ.get(VARIABLE)
    return Path(stated) if stated else user_data_path("firingorder", appauthor=False) / "names.enc"


@dataclass
class KeyFile:
    """The names in a key file, open in memory.

    Attributes
    ----------
    names
        Code, in capitals as the history keeps it, to name.
    """

    path: Path
    passphrase: str = field(repr=False)
    names: dict[str, str] = field(default_factory=dict[str, str], repr=False)

    @classmethod
    def open(cls, path: Path, passphrase: str) -> "KeyFile":
        """Open a key file, or begin one where there is none; raise as `encryption.decrypt_chunks` does."""
        if not path.exists():
            return cls(path, passphrase)
        if not is_encrypted(path):
            raise EncryptedFileRefused(path, "is no key file; it is left as it is")
        try:
            content = json.loads(decrypt_bytes(path, passphrase))
            names = {str(code).strip().upper(): str(name) for code, name in content["names"].items()}
            return cls(path, passphrase, names)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise EncryptedFileRefused(path, "is encrypted, and holds no names; it is left as it is") from None

    def save(self) -> None:
        """Write it: the new one is whole on the disk before it takes the old one's place."""
        text = json.dumps({"names": dict(sorted(self.names.items()))}, ensure_ascii=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with written_whole(self.path, on_disk=True) as draft:
                draft.touch(0o600)
                draft.write_bytes(encrypt_bytes(text.encode(), self.passphrase))
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise EncryptedFileRefused(self.path, f"cannot be written ({why}); no name was kept") from error
