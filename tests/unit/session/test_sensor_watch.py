"""A sensor that has sent and does not is mute; one that never sent is another matter."""

from firingorder_session.acquiring.sensor_watch import SensorWatch
from firingorder_session.events.live_events import SensorChanged, SensorPhase


def test_who_never_sent_is_not_mute() -> None:
    watch = SensorWatch()
    watch.take(SensorChanged("a", SensorPhase.CONNECTING))
    watch.take(SensorChanged("b", SensorPhase.STREAMING))
    assert not watch.is_one_mute
    assert [each.link for each in watch.sensors] == ["a", "b"]


def test_who_has_sent_is_mute_until_samples_come_again() -> None:
    watch = SensorWatch()
    watch.take(SensorChanged("a", SensorPhase.STREAMING))
    for phase in (SensorPhase.STALE, SensorPhase.LOST, SensorPhase.CONNECTING):
        watch.take(SensorChanged("a", phase))
        assert watch.is_one_mute
    watch.take(SensorChanged("a", SensorPhase.STREAMING))
    assert not watch.is_one_mute
