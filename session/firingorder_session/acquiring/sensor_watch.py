"""Which sensors there are, as each said last, and whether one that has sent is mute now: nobody is to lift then."""

from dataclasses import dataclass, field

from ..events.live_events import SensorChanged, SensorPhase


@dataclass
class SensorWatch:
    """Follow what the sensors do; told on any thread, asked on another."""

    _last: dict[str, SensorChanged] = field(default_factory=dict[str, SensorChanged])
    _sent: set[str] = field(default_factory=set[str])

    def take(self, event: SensorChanged) -> None:
        """Note what a sensor does now."""
        self._last[event.link] = event
        if event.phase is SensorPhase.STREAMING:
            self._sent.add(event.link)

    @property
    def sensors(self) -> list[SensorChanged]:
        """What each said last."""
        return list(self._last.values())

    @property
    def is_one_mute(self) -> bool:
        """Whether nothing comes of a sensor that has sent before; one that never did is not waited for."""
        return any(each.link in self._sent and each.phase is not SensorPhase.STREAMING for each in self.sensors)
