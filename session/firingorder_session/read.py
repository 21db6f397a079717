"""`read`: open a recording of any known format, told by its content, not by its name."""

import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import cast

from firingorder_signal.blocks import Side, Site

from .errors import UnreadableFile
from .formats.assign import ChannelChoice, assign
from .formats.contract import HEAD_BYTES, Imported, Importer, ImportHints
from .live_events import Origin
from .recording import ArrayRecording, ArrayStream, Recording, RecordingInfo
from .recording_file import SQLITE_MAGIC

#: Tried in this order; plain CSV takes any text and says what is wrong with it.
IMPORTERS = ("biometrics_text", "plain_csv")


def read(
    path: str | Path,
    *,
    hamstring: str | None = None,
    glute: str | None = None,
    side: Side | str | None = None,
    sites: Mapping[str, Site | str] | None = None,
    unit: str | None = None,
    rate_hz: float | Fraction | None = None,
    redecode: bool = False,
    speech: Sequence[str] = (),
    refine_clocks: bool = False,
) -> Recording:
    """Open a recording.

    Parameters
    ----------
    path
        A `.fo` file, a CSV with a header, or a Biometrics DataLOG text export.
    hamstring, glute
        Names of the channels that are the hamstring and the gluteus maximus; None = by their usual names.
    side
        Side of the body of channels whose names tell none.
    sites
        Channel name to site (`"ES": "erector_spinae/left"`), for any other channel.
    unit
        Unit of EMG columns that state none: `"V"`, `"mV"` or `"uV"`. Without it they are taken as µV; a note says so.
    rate_hz
        Sampling rate of a file that states none, Hz.
    redecode
        Trust nothing of a `.fo` file but its raw bytes: what the streams are is decoded anew too.
    speech
        What is spoken on links of a `.fo` file, where it is wrong about that, such as `["bitalino channels=1,2"]`; see
        `redecode.respeak`. Implies `redecode`.
    refine_clocks
        Map the clocks of a `.fo` file's sensors by a second pass over all of it; by default they are as they were live,
        to the last bit. Other files have one clock.

    Raises
    ------
    UnreadableFile
        The file is missing, damaged or of no known kind, or leaves a question open that one of the arguments answers.
    ValueError
        `side` or a site is not in the vocabulary, or `rate_hz` is no rate: a mistake of the caller.

    Notes
    -----
    EMG comes in µV, motion in m/s² and rad/s. Source of the formats: each module of `formats` names its own;
    `docs/recording.md` for `.fo`.
    """
    path = Path(path)
    if rate_hz is not None and not 0.0 < float(rate_hz) < float("inf"):
        raise ValueError(f"rate_hz must be a number above 0; got {rate_hz!r}. Pass the sampling rate in Hz")
    choice = ChannelChoice(
        hamstring,
        glute,
        Side(side) if isinstance(side, str) else side,
        {name: Site.parse(site) if isinstance(site, str) else site for name, site in (sites or {}).items()},
        unit,
    )
    hints = ImportHints(unit, None if rate_hz is None else float(rate_hz))
    try:
        if redecode or speech:
            return _redecode(path, choice, [speech] if isinstance(speech, str) else speech, refine_clocks)
        return _read(path, choice, hints, refine_clocks)
    except OSError as error:
        raise UnreadableFile(path, f"cannot be read ({(error.strerror or str(error)).lower()})") from error


def _read(path: Path, choice: ChannelChoice, hints: ImportHints, refine_clocks: bool) -> Recording:
    """Look at the first bytes and let the right module read the file."""
    if path.is_dir():
        raise UnreadableFile(path, "is a folder; expected a recording")
    if not path.exists():
        raise UnreadableFile(path, "there is no such file")
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(SQLITE_MAGIC):
        from .file_recording import FileRecording

        return FileRecording(path, choice, refine_clocks=refine_clocks)
    if path.suffix == ".fo":
        found = "it is empty" if not head else f"it begins with {head[:8].hex(' ')}"
        raise UnreadableFile(path, f"is not a recording: {found}; expected an SQLite database made by FiringOrder")
    return import_file(path, find_importer(path, head), choice, hints)


def _redecode(path: Path, choice: ChannelChoice, speech: Sequence[str], refine_clocks: bool) -> Recording:
    """Decode a recording of our own anew from its raw bytes."""
    from .file_recording import FileRecording

    if not path.exists():
        raise UnreadableFile(path, "there is no such file")
    with path.open("rb") as file:
        if not file.read(HEAD_BYTES).startswith(SQLITE_MAGIC):
            raise UnreadableFile(path, "holds no raw bytes; only .fo recordings can be decoded again")
    return FileRecording(path, choice, redecode=True, speech=speech, refine_clocks=refine_clocks)


def find_importer(path: Path, head: bytes) -> Importer:
    """Return the module that reads files beginning with `head`."""
    for name in IMPORTERS:
        module = cast(Importer, import_module(f"{__package__}.formats.{name}"))
        if module.matches(head):
            return module
    raise UnreadableFile(path, "is binary, and of no kind known here; expected a .fo recording, CSV or DataLOG text")


def import_file(path: Path, importer: Importer, choice: ChannelChoice, hints: ImportHints) -> ArrayRecording:
    """Read a file of another system as a recording."""
    imported = importer.load(path, hints)
    streams, notes = assign(path, imported, choice)
    if choice.side is None and all(site.side is Side.MIDDLE for each in streams for site in each.stream.sites):
        notes.append("the side is not stated")
    arrays = [ArrayStream(each.stream, each.values, each.start_s) for each in streams]
    return ArrayRecording(_describe(path, imported, choice.side, notes), arrays)


def _describe(path: Path, imported: Imported, side: Side | None, notes: list[str]) -> RecordingInfo:
    """Say what an imported file is."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return RecordingInfo(
        name=path.name,
        content_id=f"sha256:{digest}",
        origin=Origin.REPLAY,
        path=path,
        created=imported.created,
        format_name=imported.format_name,
        side=side or Side.MIDDLE,
        notes=tuple(notes),
    )
