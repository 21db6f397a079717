"""Decode a recording's links as something else than was recorded: with other settings, or by another driver.

Samples are computed from the frames each time anyway. What a link speaks is a fact of the recording, though, and the
settings of its driver may have been wrong on the day. Frames that were cut by wrong settings are no packets, so that
the bytes of such a link are cut anew as well, by the very way that live bytes go: the decoder asks, nobody hears it,
and what was answered on the day comes.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from firingorder_bridge.buffer import FrameBatch, LinkMark, RawFrame
from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.devices.catalogue import make_decoder
from firingorder_bridge.events import BridgeEvent
from firingorder_bridge.links.replay_link import as_chunk
from firingorder_bridge.session import State

from ..errors import UnreadableFile
from .recording_file import LinkRow

#: How often a decoder is told the time while it waits for answers: more often than live (`acquisition.TICK_S`), so that
#: it never passes over a command later than it did live; what was said next would then come too early for it.
TICK_NS = 1_000_000
EXPECTED = "expected [LINK:]KIND[ SETTING=VALUE...], such as 'bitalino channels=1,2' or '2:cobs'"


class Recutter:
    """Cuts a link's recorded bytes anew, and decodes them.

    Parameters
    ----------
    decoder
        New, of the link as it is to be understood.
    recorded
        What the recording says that is spoken: how its frames once lay on the line.
    opened_ns
        When the link was opened, as far as that is recorded: waiting for an answer begins there.
    """

    def __init__(self, decoder: SensorDecoder, recorded: str, opened_ns: int | None) -> None:
        self._decoder, self._recorded = decoder, recorded
        self._told_ns = opened_ns
        self._last_ns = 0
        self._is_up = True
        decoder.link_opened()

    def take(self, entry: FrameBatch | LinkMark) -> Iterator[BridgeEvent]:
        """Decode what the link brought, or follow its loss and return."""
        if isinstance(entry, LinkMark):
            if not entry.up:
                yield from self.end()
            self._is_up, self._told_ns = entry.up, entry.t_host_ns
            yield from self._decoder.decode(entry)
            return
        # Where frames end does not depend on what they say: all are cut first, for many together are decoded faster.
        cut = [frame for row in range(len(entry.data)) for frame in self._cut(entry.frame(row))]
        yield from self._decoder.decode_batch(FrameBatch.of(cut))

    def end(self) -> Iterator[BridgeEvent]:
        """Decode as damage what is begun."""
        yield from self._decoder.decode_batch(FrameBatch.of(self._decoder.flush(self._last_ns)))

    def _cut(self, recorded: RawFrame) -> list[RawFrame]:
        """Return a recorded frame's bytes as frames; what came while the link was lost stays as it is."""
        if not self._is_up:
            return [recorded]
        self._last_ns = t_ns = recorded.t_host_ns
        self._tell_time(t_ns)
        frames = self._decoder.frames(as_chunk(recorded, self._recorded), t_ns)
        self._decoder.tick(t_ns)
        return frames

    def _tell_time(self, now_ns: int) -> None:
        """Tell the decoder the time up to `now_ns`, so that it passes over what nobody answered, as it did live."""
        if self._told_ns is not None and self._decoder.state is not State.STREAMING:
            for t_ns in range(self._told_ns, now_ns, TICK_NS):
                self._decoder.tick(t_ns)
        self._decoder.tick(now_ns)
        self._decoder.data_to_send()
        self._told_ns = now_ns


def respeak(path: Path, links: Sequence[LinkRow], stated: Sequence[str]) -> Mapping[int, str]:
    """Return what is spoken on those links of which the caller knows better, by their numbers.

    Parameters
    ----------
    stated
        `KIND SETTING=VALUE...` for all links of that kind, or for the only link; with `2:` before it, for link 2.
        Settings that are not named stay as recorded, where the kind is the same; one without a value, such as
        `sites=`, goes back to its default. Of two for one link the later holds.

    Raises
    ------
    UnreadableFile
        There is no such link, or nothing here speaks so.
    """
    speeches: dict[int, str] = {}
    for text in stated:
        number, colon, speech = text.partition(":")
        if not (colon and number.isdecimal()):
            number, speech = "", text
        kind, *settings = speech.split() or [""]
        if not kind or not all("=" in setting for setting in settings):
            raise UnreadableFile(path, f"cannot be decoded as {text!r}: {EXPECTED}")
        found = _find(links, number, kind)
        if not found:
            there = ", ".join(f"{row.link} ({row.name}: {row.speech})" for row in links)
            raise UnreadableFile(path, f"has no link for {text!r}; its links are {there or 'none'}")
        for row in found:
            speeches[row.link] = _merge(speeches.get(row.link, row.speech), kind, settings)
    for speech in speeches.values():
        try:
            make_decoder("", speech, 0)
        except ValueError as error:
            raise UnreadableFile(path, f"cannot be decoded as {speech!r}: {error}") from error
    return speeches


def _find(links: Sequence[LinkRow], number: str, kind: str) -> list[LinkRow]:
    """Return which links are meant."""
    if number:
        return [row for row in links if row.link == int(number)]
    alike = [row for row in links if row.speech.split(" ")[0] == kind]
    return alike or [row for row in links if len(links) == 1]


def _merge(recorded: str, kind: str, stated: Sequence[str]) -> str:
    """Return a speech with the settings stated, and of those recorded what is not stated, in order of their names."""
    was_kind, *was = recorded.split()
    parts = [part.partition("=") for part in [*(was if was_kind == kind else []), *stated]]
    pairs = {name: value for name, _, value in parts}
    return " ".join([kind, *(f"{name}={value}" for name, value in sorted(pairs.items()) if value)])
