"""The frozen corpus: recordings whose results every version reproduces to the bit, or explains (`docs/corpus.md`).

Results are the JSON that `analyze --json` gives out, without what names the version that made them. Its numbers are
rounded to a tenth of a microsecond (`results_json.py`), and compared as written. The last bits of a sum may differ
where numpy picks other instructions of the processor, and other versions of numpy and scipy may add in another order:
so each stored result says on what it was made, and elsewhere numbers may differ by a microsecond (in lags, degrees,
shares alike), words and verdicts not at all.
"""

import json
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import scipy

from ..judging.analysis import analyze
from ..recordings.file_recording import FileRecording
from .json_kinds import Json, is_list, is_table

#: What is stored beside the recordings: hash, what it was made on, the recordings' own hashes.
INDEX = "corpus.json"
#: Heading in the changelog under which a change of results is explained.
HEADING = re.compile(r"^### Results ([0-9a-f]{12})$", re.MULTILINE)
#: Where other instructions add up: absolute for values around 1, relative beyond.
ELSEWHERE = 1e-6
#: Facts of a result that tell which version made it.
OF_VERSION = ("software_version",)


@dataclass(frozen=True)
class Difference:
    """A field of a result that is not what was stored."""

    recording: str
    field: str
    stored: Json
    got: Json

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.recording}: {self.field} was {self.stored!r}, is {self.got!r}"


def result_of(path: Path) -> Json:
    """Judge a recording as this version does."""
    result = analyze(FileRecording(path)).to_json()
    return json.loads(write({key: value for key, value in result.items() if key not in OF_VERSION}))


def write(result: Json) -> str:
    """Write a result the same way every time; Python's shortest decimal of a float reads back as the same bits."""
    return json.dumps(result, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def machine() -> str:
    """Say what the last bits of a sum depend on: processor, the instructions that numpy uses, numpy and scipy."""
    config: Json = np.show_config(mode="dicts")
    found = sorted(config.get("SIMD Extensions", {}).get("found", []))
    return f"{platform.machine()} {'+'.join(found)} numpy {np.__version__} scipy {scipy.__version__}"


def results_hash(folder: Path) -> str:
    """Return the hash of all stored results."""
    digest = sha256()
    for path in sorted(folder.glob("*.fo")):
        digest.update(path.stem.encode() + b"\0" + path.with_suffix(".json").read_bytes())
    return digest.hexdigest()[:12]


def store_results(folder: Path) -> str:
    """Store what this version gives, and return the hash that the changelog must name."""
    files: dict[str, str] = {}
    for path in sorted(folder.glob("*.fo")):
        path.with_suffix(".json").write_text(write(result_of(path)), encoding="utf-8")
        files[path.name] = sha256(path.read_bytes()).hexdigest()
    index = {"results": results_hash(folder), "made_on": machine(), "recordings": files}
    (folder / INDEX).write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")
    return str(index["results"])


def read_index(folder: Path) -> dict[str, Json]:
    """Read what is stored beside the recordings."""
    index: dict[str, Json] = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    return index


def compare(path: Path, *, exact: bool) -> list[Difference]:
    """Judge a recording and compare; not exact = on another machine than the stored result was made on."""
    stored = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return list(_differ(path.stem, "", stored, result_of(path), 0.0 if exact else ELSEWHERE))


def explained(changelog: str, results: str) -> str:
    """Return what the changelog says of results with this hash; empty where its newest heading names another."""
    found = HEADING.search(changelog)
    if found is None or found[1] != results:
        return ""
    return re.split(r"^#", changelog[found.end() :], maxsplit=1, flags=re.MULTILINE)[0].strip()


def _differ(recording: str, field: str, stored: Json, got: Json, within: float) -> Iterator[Difference]:
    """Yield what differs, field by field."""
    if is_table(stored) and is_table(got):
        for key in sorted({*stored, *got}):
            yield from _differ(recording, f"{field}.{key}".lstrip("."), stored.get(key), got.get(key), within)
    elif is_list(stored) and is_list(got) and len(stored) == len(got):
        for number, (one, other) in enumerate(zip(stored, got, strict=True)):
            yield from _differ(recording, f"{field}[{number}]", one, other, within)
    elif not _alike(stored, got, within):
        yield Difference(recording, field, stored, got)


def _alike(stored: Json, got: Json, within: float) -> bool:
    """Compare two values; a number with another only where both are numbers and no truth values."""
    if isinstance(stored, float) and isinstance(got, float) and within:
        return abs(stored - got) <= within * max(1.0, abs(stored))
    return type(stored) is type(got) and stored == got
