"""What the top and bottom bars say: sensor chips, recording, origin, data health. Derived from the model without Qt."""

from collections import Counter
from dataclasses import dataclass

from firingorder_bridge.links.base import Security
from firingorder_session.events.live_events import DataHealth, NoticeKind, Origin, Phase, SensorChanged, SensorPhase
from firingorder_signal.blocks import Side, Site, SyncClass
from firingorder_signal.events import ChannelQuality
from firingorder_signal.rules import JudgementRules

from . import figures
from .model import ViewModel
from .placement import sensor_place
from .sites import SIDE_LETTERS, row_key, sensor_name
from .telling import tell
from .texts import Texts

RULES = JudgementRules()
#: A share of lost samples worth a word beside the electrode: one 20 ms frame in a second (OML/1 frame length).
LOST_NOTE = 0.02
#: Analysis this far behind is said in the bottom bar: the verdict's own limit (`docs/limits.md`).
BEHIND_NOTE_S = 0.5


@dataclass(frozen=True)
class ChipContent:
    """One sensor in the top bar: a circle when it is well, a triangle and a word when it is not."""

    name: str
    well: bool
    word: str

    @property
    def spoken(self) -> str:
        """Name and state, for a screen reader."""
        return f"{self.name}: {self.word}"


@dataclass(frozen=True)
class CircleContent:
    """One lift in the counter."""

    label: str
    filled: bool
    current: bool


@dataclass(frozen=True)
class TopContent:
    """The top bar, left to right."""

    title: str
    leg: str
    circles: tuple[CircleContent, ...]
    counter: str  # before the circles; with the count where there are too many of them
    chips: tuple[ChipContent, ...]
    origin: str
    recording: str
    recording_role: str  # a dot is drawn only while recording
    is_recording: bool
    error: str


def electrode_note(quality: ChannelQuality | None, texts: Texts) -> str:
    """Name an electrode's trouble, the gravest first; empty when it is well or not known yet."""
    if quality is None:
        return ""
    if quality.flat:
        return texts.note_flat
    if quality.lost >= LOST_NOTE:
        return texts.note_lost.format(share=max(1, figures.whole(quality.lost * 100)))
    if quality.clipped > RULES.clip_max:
        return texts.note_clipped
    if quality.mains is not None and quality.mains > RULES.mains_max:
        return texts.note_mains
    if quality.artefact is not None and quality.artefact > RULES.artefact_max:
        return texts.note_artefact
    return ""


def sensor_word(phase: SensorPhase, texts: Texts) -> str:
    """Give the word of a sensor's phase."""
    return {
        SensorPhase.CONNECTING: texts.sensor_connecting,
        SensorPhase.STREAMING: texts.sensor_streaming,
        SensorPhase.STALE: texts.sensor_stale,
        SensorPhase.LOST: texts.sensor_lost,
        SensorPhase.ENDED: texts.sensor_ended,
    }[phase]


def trouble_word(sensor: SensorChanged, texts: Texts) -> str:
    """Give the word of a sensor that is not well, with the streams that stay away where others come."""
    kinds = dict.fromkeys(stream.kind.value.upper() for stream in sensor.silent)
    return " ".join([*([", ".join(kinds)] if kinds else []), sensor_word(sensor.phase, texts)])


def well_word(sensor: SensorChanged, texts: Texts) -> str:
    """Give the word of a sensor that is well; of one on a radio also whether others can listen."""
    if sensor.security is None:
        return texts.sensor_streaming
    secured = texts.radio_bonded if sensor.security is Security.BONDED else texts.radio_open
    return f"{texts.sensor_streaming}, {secured}"


def sensor_title(sensor: SensorChanged, model: ViewModel) -> str:
    """Name a sensor; its side is said too where another one measures the same on the other leg."""
    name, texts = sensor_name(sensor.link, sensor.sites, model.texts), model.texts
    alike = [each for each in model.sensors.values() if sensor_name(each.link, each.sites, texts) == name]
    sides = [site.side for site in sorted(sensor.sites, key=row_key) if site.side is not Side.MIDDLE]
    return f"{name} {SIDE_LETTERS[sides[0]]}" if len(alike) > 1 and sides else name


def chip(sensor: SensorChanged, model: ViewModel) -> ChipContent:
    """Build one sensor's chip: its phase first, then the trouble of its electrodes, then a wrong place."""
    texts = model.texts
    name = sensor_title(sensor, model)
    if sensor.phase is not SensorPhase.STREAMING:
        # That a test has ended is no trouble of the sensor's.
        if sensor.phase is SensorPhase.ENDED:
            return ChipContent(name, True, sensor_word(sensor.phase, texts))
        return ChipContent(name, False, trouble_word(sensor, texts))
    notes = [
        note for site in sorted(sensor.sites, key=row_key) if (note := electrode_note(model.quality.get(site), texts))
    ]
    if place := sensor_place(sensor.sites, model):
        notes.append(place)
    return ChipContent(name, not notes, notes[0] if notes else well_word(sensor, texts))


def lane_notes(model: ViewModel) -> dict[Site, str]:
    """Name the trouble of each lane: its sensor's phase, else its electrode's; sites without trouble are left out."""
    notes = {site: note for site, quality in model.quality.items() if (note := electrode_note(quality, model.texts))}
    for sensor in model.sensors.values():
        again = sensor.phase is SensorPhase.CONNECTING and sensor.link in model.streamed
        if again or sensor.phase in (SensorPhase.STALE, SensorPhase.LOST):
            stopped = [site for stream in sensor.silent for site in stream.sites] or sensor.sites
            notes.update(dict.fromkeys(stopped, sensor_word(sensor.phase, model.texts)))
    return notes


def origin_word(model: ViewModel) -> str:
    """Say that the data is not from a live sensor, in every way that applies; empty when it is."""
    words = [model.texts.simulated] if model.is_simulated else []
    words += [replay_word(model)] if model.origin is Origin.REPLAY else []
    return "  ·  ".join(words)


def replay_word(model: ViewModel) -> str:
    """Say that this is a replay, and how fast where that is not the speed it had."""
    if model.speed in (None, 1.0) or model.ended is not None:
        return model.texts.replay
    return model.texts.replay_at.format(speed=f"{model.speed:g}".replace(".", model.texts.numbers.decimal))


def circles(model: ViewModel, most: int = 10) -> tuple[CircleContent, ...]:
    """Build the lift counter: filled up to the scored lifts; empty where more are wanted than can be drawn."""
    wanted = model.wanted
    if not 0 < wanted <= most:
        return ()
    scored = model.n_scored
    current = scored if model.phase.phase is Phase.LIFTING and model.ended is None else -1
    return tuple(CircleContent(str(i + 1), i < scored, i == current) for i in range(wanted))


def counter_words(model: ViewModel, *, has_circles: bool) -> str:
    """Say what is counted, and how many there are where no circles show it."""
    texts = model.texts
    wanted = model.wanted
    if has_circles or wanted <= 0:
        return texts.guide.hold_counter if model.holds else texts.lift_counter
    progress = texts.guide.hold_progress if model.holds else texts.lift_progress
    return progress.format(done=model.n_scored, wanted=wanted)


def leg_words(model: ViewModel) -> str:
    """Name the tested side."""
    if model.side in (None, Side.MIDDLE):
        return ""
    leg = model.texts.leg.format(side=model.texts.sides[model.side])
    return leg[:1].upper() + leg[1:]


def recording_words(model: ViewModel) -> tuple[str, str, bool]:
    """Say whether a recording is being written: words, colour role, and whether the dot is lit."""
    texts = model.texts
    if model.recording is not None and model.recording.recording and model.ended is None:
        return texts.recording.format(clock=figures.clock(model.head_s or 0.0)), "alarm", True
    if model.origin is Origin.REPLAY or model.ended is not None:
        return (figures.clock(model.head_s) if model.head_s is not None else "", "muted", False)
    return texts.not_recording, "alarm" if model.recording is not None else "muted", False


def top_content(model: ViewModel) -> TopContent:
    """Derive the top bar."""
    shown = circles(model)
    words, role, lit = recording_words(model)
    return TopContent(
        title=model.title,
        leg=leg_words(model),
        circles=shown,
        counter=counter_words(model, has_circles=bool(shown)),
        chips=tuple(chip(sensor, model) for sensor in model.sensors.values()),
        origin=origin_word(model),
        recording=words,
        recording_role=role,
        is_recording=lit,
        error=tell(model.recording.error, model.texts) if model.recording else "",
    )


def rates_line(model: ViewModel) -> str:
    """Name the EMG channels and their rates, as in `EMG 2 x 2000 Hz`; empty before any streams."""
    counts = Counter[float]()
    for stream in model.streams.values():
        counts[float(stream.rate_hz)] += stream.n_channels
    counted = ", ".join(f"{count} × {rate:g} Hz" for rate, count in sorted(counts.items(), reverse=True))
    streams = counted.replace(".", model.texts.numbers.decimal)
    return model.texts.emg_rates.format(streams=streams) if streams else ""


def health_words(health: DataHealth, texts: Texts) -> list[str]:
    """Name what was lost and how late the analysis is; troubles only where there are any."""
    words = [texts.samples_lost.format(count=health.samples_lost)]
    if health.frames_corrupt:
        words.append(texts.frames_corrupt.format(count=health.frames_corrupt))
    if health.view_overflow:
        words.append(texts.view_overflow.format(count=health.view_overflow))
    if health.analysis_delay_s > BEHIND_NOTE_S:
        words.append(texts.analysis_behind.format(seconds=texts.numbers.write(health.analysis_delay_s, 1)))
    if health.clock_uncertainty_s is not None:
        words.append(clock_words(health.clock_uncertainty_s, health.sync, texts))
    return words


def clock_words(uncertainty_s: float, sync: SyncClass | None, texts: Texts) -> str:
    """Say how sure the clocks are, and of two sensors that are compared, how they came to share one."""
    ms = texts.numbers.write(uncertainty_s * 1000, 1)
    if sync in (None, SyncClass.SAME_CONVERTER):
        return texts.clock_within.format(ms=ms)
    return texts.clock_class.format(ms=ms, letter=sync.value, words=texts.words.sync.classes[sync])


def health_line(model: ViewModel) -> str:
    """Derive the right end of the bottom bar."""
    words = [origin_word(model), rates_line(model)]
    if any(kind is NoticeKind.NETWORK for kind, _ in model.notices) and model.ended is None:
        words.insert(1, model.texts.to_network)
    if model.health is not None:
        words += health_words(model.health, model.texts)
    return "  ·  ".join(word for word in words if word)
