"""A recording under review: analysed once as a whole, then looked at from any side, its onsets moved and put back.

`analyze` works in steps, so that a window stays alive meanwhile; what comes out of it are the pipeline's own events,
with the traces. Jumping about afterwards costs no analysis: the pipeline is kept, and a correction only judges its lift
and the set anew. It refuses corrections to what is no recording of ours, and in a file that cannot be written.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from firingorder_signal.blocks import Site, StreamKind
from firingorder_signal.corrections import WITHIN_S, can_be_moved
from firingorder_signal.events import PipelineEvent
from firingorder_signal.filters import RATE_LIMITS_HZ
from firingorder_signal.results import Correction, Lift, SetResult

from ..acquiring.acquisition import MARKER
from ..errors import ToldError, UnreadableFile
from ..events.effort_events import HoldSummary
from ..events.live_events import Origin, TestStarted
from ..keeping.encrypted_magic import is_encrypted
from ..messages import Message, MessageCode
from ..protocols.pool_key import pool_key
from ..recordings.append_event import EventRefused, append_event, check_appendable
from ..recordings.corrections import CORRECT_ONSET, UNDO_CORRECTION, OnsetMoved, find_corrections
from ..recordings.file_recording import FileRecording
from ..recordings.recording import Recording
from .analysis import (
    HOLD_S,
    choose_protocol,
    pipeline_params,
    stated_side,
)
from .earlier_visits import read_earlier
from .judge import Judge, JudgeHere, Piece
from .judge_apart import JudgeApart
from .visits import Visit


class CorrectionRefused(ToldError):
    """An onset cannot be moved, or not back; nothing was changed."""


class Review:
    """One recording, and what a person does with it.

    Parameters
    ----------
    recording
        From `read`.
    within_s
        Precision the person claims for an onset put by hand: half a 90 % interval, seconds.
    apart
        Judge in a process of its own (`judge_apart.py`), for a window that stays alive; `close` ends it. An encrypted
        recording is judged here all the same.

    Raises
    ------
    UnreadableFile
        It holds no samples, or EMG at a rate that no muscle is sampled at.
    """

    def __init__(self, recording: Recording, *, within_s: float = WITHIN_S, apart: bool = False) -> None:
        self.recording = recording
        self.within_s = within_s
        self._check()
        self.protocol = choose_protocol(recording, None)
        params = pipeline_params(self.protocol, stated_side(recording.info))
        self._corrections = find_corrections(recording.events())
        params = replace(params, hold_s=HOLD_S, shows_traces=True)
        here = JudgeHere(recording, self.protocol, params, self._corrections.values())
        # What an encrypted recording holds was decrypted into this process alone, and stays there.
        path = recording.info.path
        self._judge: Judge = JudgeApart(here) if apart and not (path and is_encrypted(path)) else here

    @property
    def started(self) -> TestStarted:
        """What was tested, as a running test says it."""
        info = self.recording.info
        return TestStarted(
            self.protocol.name,
            self.protocol.title,
            info.side,
            self.protocol.rules.lifts_wanted,
            Origin.REPLAY,
            info.name,
            info.origin is Origin.SIMULATED,
            titles=self.protocol.titles,
            hold=self.protocol.hold,
            shows_effort=self.protocol.hold is not None,
        )

    @property
    def hold_summaries(self) -> tuple[HoldSummary, ...]:
        """The holds so far, in their order."""
        return self._judge.hold_summaries

    @property
    def notes(self) -> tuple[str, ...]:
        """What was changed since it was recorded, or that this cannot be told; known once all is analysed."""
        return self._judge.notes

    @property
    def results(self) -> tuple[SetResult, ...]:
        """One set a side."""
        return self._judge.results

    @property
    def has_corrections(self) -> bool:
        """Whether an onset was moved by hand and not put back."""
        return bool(self._corrections)

    @property
    def marks_s(self) -> tuple[float, ...]:
        """When marks were put, seconds from the origin."""
        if not isinstance(self.recording, FileRecording):
            return ()
        origin_ns = self.recording.head.origin_ns
        return tuple((event.t_host_ns - origin_ns) * 1e-9 for event in self.recording.events() if event.kind == MARKER)

    @property
    def ready(self) -> bool:
        """Whether the next piece of the analysis can be had without waiting for another process."""
        return self._judge.ready

    def analyze(self) -> Iterator[Piece]:
        """Work through the recording; yield after each piece how far it is, 0..1, and what came of it."""
        return self._judge.pieces()

    def close(self) -> None:
        """End the process that judges, where there is one; the results stay."""
        self._judge.close()

    def visit(self, result: SetResult | None) -> Visit:
        """Describe one of its sets as a visit to be compared."""
        info = self.recording.info
        side = result.side if result is not None else info.side
        test, key = self.protocol, pool_key(self.protocol, side)
        earlier = read_earlier((event.kind, event.data) for event in self.recording.events())
        lags_s = earlier.lags_s.get(side, ())
        return Visit(info.name, info.created, info.subject, test.title, key, result, test.titles, lags_s)

    def why_not(self) -> Message | None:
        """Say why no onset can be moved here; None where it can."""
        path = self.recording.info.path
        if not isinstance(self.recording, FileRecording) or path is None:
            return Message(MessageCode.NO_CORRECTIONS_HERE)
        try:
            check_appendable(path)
        except EventRefused as error:
            return error.message
        return None

    def move(self, lift: Lift, site: Site, time_s: float, by: str) -> list[PipelineEvent]:
        """Put an onset where a person says it is: recorded first, then judged.

        Raises
        ------
        CorrectionRefused
            There is no onset to be moved, nobody says who it was, or the file is of another system.
        EventRefused
            The file cannot be written.
        """
        if not by.strip():
            raise CorrectionRefused(Message(MessageCode.NOBODY_SAYS_WHO))
        if not can_be_moved(lift, site):
            raise CorrectionRefused(Message(MessageCode.NOT_MOVABLE))
        correction = Correction(round(time_s, 6), self.within_s, by.strip(), now())
        moved = OnsetMoved(lift.side, lift.number, lift.start_s, site, correction)
        seq = self._append(CORRECT_ONSET, moved.to_json())
        self._corrections[seq] = moved
        return self._judge.correct(*moved.key, correction)

    def undo(self, by: str) -> list[PipelineEvent]:
        """Take the newest correction back, and return to what was there before; raise as `move` does."""
        if not self._corrections:
            raise CorrectionRefused(Message(MessageCode.NOTHING_MOVED))
        seq = max(self._corrections)
        self._append(UNDO_CORRECTION, {"undoes": seq, "by": by.strip(), "at": now()})
        undone = self._corrections.pop(seq)
        earlier = [moved.correction for moved in self._corrections.values() if moved.key == undone.key]
        return self._judge.correct(*undone.key, earlier[-1] if earlier else None)

    def _append(self, kind: str, data: dict[str, object]) -> int:
        """Write an event behind the recording; return its place."""
        path = self.recording.info.path
        if not isinstance(self.recording, FileRecording) or path is None:
            raise CorrectionRefused(Message(MessageCode.NO_CORRECTIONS_HERE))
        return append_event(path, kind, data).seq

    def _check(self) -> None:
        """Refuse what cannot be analysed."""
        path = self.recording.info.path
        if path is None:
            return
        if not self.recording.streams:
            raise UnreadableFile(path, "holds no samples; no sensor had answered when it was made")
        low, high = RATE_LIMITS_HZ
        for stream in self.recording.streams:
            if stream.kind is StreamKind.EMG and not low <= stream.rate_hz <= high:
                text = f"holds EMG at {float(stream.rate_hz):g} samples a second; expected {low:g} to {high:g}"
                raise UnreadableFile(path, text)


def now() -> str:
    """Return the wall clock, ISO 8601 with its offset."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
