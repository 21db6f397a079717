"""The user's word on which sensor sits where: it wins over what the sensors say (`docs/wire.md`, site codes)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from firingorder_signal.blocks import HAMSTRINGS, UNKNOWN_PART, Site, StreamInfo, StreamKind

from ..errors import UnreadableFile
from ..formats.assign import GLUTE, ChannelChoice, on_side
from ..setting_up.channel_names import name_in_full


class SiteMap:
    """Which site each channel of a recording has, after what the caller states.

    Parameters
    ----------
    path
        The recording, for messages.
    streams
        Its streams as the sensors describe them.
    choice
        What the caller states. A channel is named by its label, its site, or its stream's id.
    """

    def __init__(self, path: Path, streams: Sequence[StreamInfo], choice: ChannelChoice) -> None:
        self._path = path
        self._names = [name for stream in streams for name in _names_of(stream)]
        self._full_names = [name_in_full(stream, channel) for stream in streams for channel in range(len(stream.sites))]
        self._stated = {self._find(name): site for name, site in (choice.sites or {}).items()}
        self._silenced: set[str] = set()
        for wanted, parts in ((choice.hamstring, HAMSTRINGS), (choice.glute, GLUTE)):
            if wanted is not None:
                self._silenced.update(parts)
                name = self._find(wanted)
                site = self._stated.get(name) or self._recorded(streams, name)
                self._stated[name] = site if site.part in parts else replace(site, part=parts[0])
        self._side = choice.side
        self._made: dict[StreamInfo, StreamInfo] = {}

    def apply(self, stream: StreamInfo) -> StreamInfo:
        """Return the stream with the sites that hold."""
        if stream not in self._made:
            sites = tuple(self._site(stream, channel) for channel in range(len(stream.sites)))
            self._made[stream] = replace(stream, sites=sites) if sites != stream.sites else stream
        return self._made[stream]

    def _site(self, stream: StreamInfo, channel: int) -> Site:
        """Return the site of one channel."""
        site = stream.sites[channel]
        stated = next((self._stated[name] for name in _keys_of(stream, channel) if name in self._stated), None)
        if stated is not None:
            site = stated
        elif stream.kind is StreamKind.EMG and site.part in self._silenced:
            site = Site(UNKNOWN_PART, site.side)
        return on_side(site, self._side)

    def _find(self, wanted: str) -> str:
        """Return the recording's own spelling of a name, or stop and list those there are."""
        found = next(
            (name for name in (*self._names, *self._full_names) if name.lower() == wanted.strip().lower()), None
        )
        if found is None:
            text = f"has no channel {wanted!r}; its channels are {', '.join(dict.fromkeys(self._names))}"
            raise UnreadableFile(self._path, text)
        return found

    def _recorded(self, streams: Sequence[StreamInfo], name: str) -> Site:
        """Return the recorded site of a named channel."""
        return next(
            stream.sites[channel]
            for stream in streams
            for channel in range(len(stream.sites))
            if name in _keys_of(stream, channel)
        )


def _keys_of(stream: StreamInfo, channel: int) -> tuple[str, ...]:
    """Return what one channel may be called."""
    return (name_in_full(stream, channel), *_short_keys_of(stream, channel))


def _short_keys_of(stream: StreamInfo, channel: int) -> tuple[str, ...]:
    """Return what one channel is called in short. The six labels of a motion sensor are axes, not places."""
    site, single = str(stream.sites[channel]), len(stream.sites) == 1
    label = stream.labels[channel] if stream.kind is not StreamKind.IMU and channel < len(stream.labels) else ""
    return tuple(name for name in (label, site, stream.stream_id if single else "") if name)


def _names_of(stream: StreamInfo) -> list[str]:
    """Return the names of a stream's channels that a user is told."""
    return [name for channel in range(len(stream.sites)) for name in _short_keys_of(stream, channel)]
