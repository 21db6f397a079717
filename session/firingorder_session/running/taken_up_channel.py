"""A sensor's way in where a test is taken up: first what was recorded, then its link, open again."""

from collections.abc import Callable, Sequence
from functools import partial

from firingorder_bridge.buffer import FrameBatch, LinkMark
from firingorder_bridge.devices.catalogue import make_decoder
from firingorder_bridge.errors import LinkLost
from firingorder_bridge.events import BridgeEvent, Samples, SamplesLost
from firingorder_bridge.links.base import Link

from ..acquiring.acquisition_params import AcquisitionParams
from ..acquiring.sensor_channel import SensorChannel
from ..bounded import BoundedQueue
from ..events.live_events import SensorChanged
from ..recordings.recorder import Recorder
from .taking_up import TakenUp

#: Makes the channel of a link from what `SensorChannel` takes.
MakeChannel = Callable[
    [
        int,
        Link,
        int,
        Recorder | None,
        BoundedQueue[BridgeEvent],
        Callable[[SensorChanged], None],
        Callable[[int, bytes, int], None],
        Callable[[int, int, LinkLost], None],
        AcquisitionParams | None,
        Callable[[], Sequence[Link]] | None,
    ],
    SensorChannel,
]


class TakenUpChannel(SensorChannel):
    """A link that goes on under its recorded number and name.

    Parameters
    ----------
    taken_up
        The test; the others are those of `SensorChannel`.
    place
        Of the link among those that were named, from 1.
    """

    def __init__(
        self,
        taken_up: TakenUp,
        place: int,
        link: Link,
        origin_ns: int,
        recorder: Recorder | None,
        sink: BoundedQueue[BridgeEvent],
        emit: Callable[[SensorChanged], None],
        post_data: Callable[[int, bytes, int], None],
        post_loss: Callable[[int, int, LinkLost], None],
        params: AcquisitionParams | None = None,
        find_ports: Callable[[], Sequence[Link]] | None = None,
    ) -> None:
        row = taken_up.links[place - 1]
        super().__init__(row.link, link, origin_ns, None, sink, emit, post_data, post_loss, params, find_ports)
        # A sensor that never says who it is goes by the name of its link.
        self.name = row.name
        self.decoder = make_decoder(row.name, row.speech, origin_ns)
        self.decoder.link_opened()
        self._last_ns = taken_up.last_ns
        self._was_up = True
        self._records_to = recorder
        self._away = set[str]()

    def follow(self, entry: FrameBatch | LinkMark) -> list[BridgeEvent]:
        """Take what the link brought before, which is recorded; return what it means."""
        if isinstance(entry, LinkMark):
            self._was_up = entry.up
            self.counts.losses_of_link += not entry.up
            events = self.decoder.decode(entry)
        else:
            self.counts.frames += len(entry.data)
            self.counts.n_bytes += sum(map(len, entry.data))
            events = self.decoder.decode_batch(entry)
        for event in events:
            self._note(event)
        return events

    def _greet(self, now_ns: int) -> None:
        """Begin to record: the link was gone since the last entry, and is back."""
        self._recorder = self._records_to
        if self._was_up:
            self._mark(LinkMark(self._last_ns, up=False), {"reason": "ended", "text": "the program ended"})
        self._away = set(self.streams)
        self._mark(LinkMark(now_ns, up=True), {"name": self.link.name})

    def _note(self, event: BridgeEvent) -> None:
        """Take note of what concerns the sensor itself; what was sent while nobody listened was not lost on its way."""
        if isinstance(event, SamplesLost) and event.stream_id in self._away:
            self._away.discard(event.stream_id)
            return
        if isinstance(event, Samples):
            self._away.discard(event.block.stream.stream_id)
        super()._note(event)


def channel_maker(taken_up: TakenUp | None) -> MakeChannel:
    """Say what makes the channels of a test."""
    return SensorChannel if taken_up is None else partial(TakenUpChannel, taken_up)


def follow(taken_up: TakenUp, channels: Sequence[SensorChannel]) -> list[list[BridgeEvent]]:
    """Decode what was recorded before the test was taken up, turn by turn."""
    by_number = {channel.number: channel for channel in channels if isinstance(channel, TakenUpChannel)}
    return [
        [event for number, entry in turn.items() for event in by_number[number].follow(entry)]
        for turn in taken_up.entries()
    ]
