"""Ask for one movement after the other and listen which electrode and which motion sensor answers. No clock, no I/O.

Levels and attitudes go in with their times; `pass_time` moves the check on. An answer is taken while it lasts, from all
channels at once, over the same stretch, each against its own rest. What was answered is weighed in
`identity_evidence.py`. A question that nobody answers is asked once more; where the answers do not agree, what they
disagree on is asked once more; where a whole leg stays silent, the other leg is asked.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from .blocks import FloatArray, Side, Site
from .identity_evidence import (
    LEG,
    Ask,
    Identity,
    IdentityParams,
    Outcome,
    Question,
    question_of,
    weigh_muscles,
    weigh_segments,
)
from .identity_trail import REST_S, SETTLE_S, Trail, db, dbs, quietest, unit
from .power_bins import BIN_S

#: How long an answer is waited for: hearing, understanding and moving take some seconds (J).
LISTEN_S = 12.0
#: Both ways of a burst last at least this long (J): a twitch is no answer.
LASTING_S = 0.3
#: More of an answer is not needed; who goes on squeezing is not waited for.
ENOUGH_S = 2.5
#: Rest before a question is listened to, and the longest that is waited for it.
QUIET_S, QUIET_WAIT_S = 0.5, 4.0
#: The loud part of an answer lies within this of its peak; it is over when all are this far below it.
LOUD_DB, OVER_DB = 6.0, 10.0
#: Averaging of attitudes, seconds: longer than a knock, shorter than a lift.
STEADY_S = 0.25


class Hearing(Enum):
    """Where a question stands."""

    QUIET = "quiet"
    LISTENING = "listening"
    ANSWERING = "answering"
    OVER = "over"


@dataclass(frozen=True)
class Answer:
    """What came of one question: dB over rest (muscles) or degrees (segments) by site; None = nobody answered."""

    question: Question
    figures: Mapping[Site, float]
    heard: bool


class IdentityCheck:
    """A running check.

    Parameters
    ----------
    muscles, segments
        Sites as they are marked.
    side
        The leg that is tested: asked first. MIDDLE = the sides that are worn, right first.
    """

    def __init__(
        self, muscles: Iterable[Site], segments: Iterable[Site], side: Side, params: IdentityParams | None = None
    ) -> None:
        self.params = params or IdentityParams()
        self.muscles = tuple(sorted(site for site in set(muscles) if question_of(site) is not None))
        self.segments = tuple(sorted(set(segments)))
        self._levels = {site: Trail() for site in self.muscles}
        self._ups = {site: Trail() for site in self.segments}
        self._waiting = deque(_questions(self.muscles, self.segments, side))
        self._n_asked = 0
        self._second = False
        self._answers: dict[Question, list[Answer]] = {}
        self.question: Question | None = None
        self.attempt = 1
        self.hearing = Hearing.OVER
        self.time_s = float("-inf")
        self._since_s = float("-inf")
        self._rest: dict[Site, float] = {}
        self._still: dict[Site, FloatArray] = {}
        self._step()

    @property
    def is_over(self) -> bool:
        """Whether everything was asked."""
        return self.question is None

    @property
    def n_questions(self) -> tuple[int, int]:
        """The number of the question that is asked, and of how many."""
        return self._n_asked, self._n_asked + len(self._waiting)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All answers so far, in order."""
        return tuple(answer for own in self._answers.values() for answer in own)

    @property
    def muscle_identity(self) -> Identity:
        """What the muscles' answers say."""
        return weigh_muscles(self._mean(muscles=True), self.params)

    @property
    def segment_identity(self) -> Identity:
        """What the motion sensors' answers say."""
        return weigh_segments(self._mean(muscles=False), self.params)

    def add_power(self, site: Site, time_s: float, power: float) -> None:
        """Take the mean square of a channel over one bin, µV²."""
        if site in self._levels:
            self._levels[site].add(time_s, np.array([power]))
            self.time_s = max(self.time_s, time_s)

    def add_up(self, site: Site, time_s: float, acceleration: FloatArray) -> None:
        """Take the mean acceleration of a segment's sensor over one bin, shape (3,), m/s²."""
        if site in self._ups:
            self._ups[site].add(time_s, acceleration)
            self.time_s = max(self.time_s, time_s)

    def skip(self) -> None:
        """Go on without an answer: the question counts as not asked."""
        if self.question is not None:
            self._step()

    def rest_uv(self, site: Site) -> float | None:
        """Return the quietest level of a channel so far, µV RMS."""
        rest = quietest(self._levels[site])
        return None if rest is None else float(np.sqrt(rest))

    def levels_db(self) -> dict[Site, float]:
        """Return how far each channel is above its rest just now, dB; those that are known."""
        if not self._rest:
            return {}
        found: dict[Site, float] = {}
        for site in self.muscles:
            _, power = self._levels[site].since(self.time_s - 3 * BIN_S)
            if site in self._rest and len(power):
                found[site] = db(float(np.mean(power)), self._rest[site])
        return found

    def turned_deg(self) -> dict[Site, float]:
        """Return how far each segment has turned against its rest just now, degrees; those that are known."""
        return {
            site: float(turned[-1])
            for site in self.segments
            if site in self._still and len(turned := self._turned(site, self.time_s - STEADY_S))
        }

    def pass_time(self) -> bool:
        """Look at what came; return whether the check has moved on."""
        if self.question is None:
            return False
        match self.hearing:
            case Hearing.QUIET:
                return self._wait_for_quiet()
            case Hearing.LISTENING:
                return self._listen()
            case Hearing.ANSWERING:
                return self._hear_out()
            case Hearing.OVER:
                return False

    def _wait_for_quiet(self) -> bool:
        """Begin to listen once everybody has been quiet for a moment."""
        if self._since_s == float("-inf"):
            self._since_s = self.time_s
        if self.time_s - self._since_s < QUIET_S or not self._is_known():
            return False
        patient = self.time_s - self._since_s < QUIET_WAIT_S
        self._measure_rest()
        if patient and not self._is_quiet():
            return False
        self.hearing, self._since_s = Hearing.LISTENING, self.time_s
        return True

    def _is_known(self) -> bool:
        """Tell whether every channel has been there long enough for a rest."""
        trails = (*self._levels.values(), *self._ups.values())
        least_s = SETTLE_S + 2 * REST_S
        return all(trail.began_s is not None and self.time_s - trail.began_s > least_s for trail in trails)

    def _measure_rest(self) -> None:
        """Note every channel's rest and every sensor's attitude."""
        for site, trail in self._levels.items():
            rest = quietest(trail)
            if rest is not None:
                self._rest[site] = rest
        for site, trail in self._ups.items():
            _, ups = trail.since(self.time_s - QUIET_S)
            if len(ups):
                self._still[site] = unit(np.asarray(np.mean(ups, axis=0)))

    def _is_quiet(self) -> bool:
        """Tell whether all muscles are near their rest."""
        _, loudest = self._loudest(self.time_s - QUIET_S)
        return len(loudest) == 0 or float(np.max(loudest)) < self.params.answer_db

    def _listen(self) -> bool:
        """Wait for an answer that lasts."""
        times, figures = self._figures(self._since_s)
        above = figures >= self._limit
        n_lasting = round(LASTING_S / BIN_S)
        sums = np.concatenate([[0], np.cumsum(above)])
        begun = np.flatnonzero(sums[n_lasting:] - sums[:-n_lasting] == n_lasting)
        if len(begun):
            self.hearing, self._since_s = Hearing.ANSWERING, float(times[begun[0]])
            return True
        if self.time_s - self._since_s < LISTEN_S:
            return False
        return self._take(heard=False)

    def _hear_out(self) -> bool:
        """Wait for the end of an answer."""
        times, figures = self._figures(self._since_s)
        peak = float(np.max(figures, initial=0.0))
        over = self._limit if self._is_lift else max(self._limit, peak - OVER_DB)
        tail = figures[times > self.time_s - LASTING_S]
        is_over = len(tail) > 0 and float(np.max(tail)) < over
        if not is_over and self.time_s - self._since_s < ENOUGH_S:
            return False
        return self._take(heard=True)

    @property
    def _is_lift(self) -> bool:
        return self.question is not None and self.question.ask is Ask.LIFT_LEG

    @property
    def _limit(self) -> float:
        return self.params.answer_deg if self._is_lift else self.params.answer_db

    def _figures(self, since_s: float) -> tuple[FloatArray, FloatArray]:
        """Return what the loudest channel, or the segment that turned most, showed since a moment: times, figures."""
        return self._most_turned(since_s) if self._is_lift else self._loudest(since_s)

    def _loudest(self, since_s: float) -> tuple[FloatArray, FloatArray]:
        """Return the level of the loudest channel in each bin, dB over its rest."""
        rows = [self._levels[site].since(since_s) for site in self.muscles if site in self._rest]
        n = min((len(times) for times, _ in rows), default=0)
        if n == 0:
            return np.zeros(0), np.zeros(0)
        sites = [site for site in self.muscles if site in self._rest]
        levels = [dbs(power[:n, 0], self._rest[site]) for site, (_, power) in zip(sites, rows, strict=True)]
        return rows[0][0][:n], np.max(levels, axis=0)

    def _turned(self, site: Site, since_s: float) -> FloatArray:
        """Return how far a segment has turned in each bin, steadied, degrees, shape (n,)."""
        _, ups = self._ups[site].since(since_s - STEADY_S)
        n_mean = max(round(STEADY_S / BIN_S), 1)
        if len(ups) < n_mean:
            return np.zeros(0)
        sums = np.cumsum(np.vstack([np.zeros((1, 3)), ups]), axis=0)
        means = (sums[n_mean:] - sums[:-n_mean]) / n_mean
        cosines = means @ self._still[site] / np.linalg.norm(means, axis=1)
        return np.asarray(np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0))))

    def _most_turned(self, since_s: float) -> tuple[FloatArray, FloatArray]:
        """Return the angle of the segment that turned most in each bin."""
        rows = [self._turned(site, since_s) for site in self.segments if site in self._still]
        n = min((len(row) for row in rows), default=0)
        times, _ = self._ups[self.segments[0]].since(since_s) if self.segments else (np.zeros(0), None)
        n = min(n, len(times))
        if n == 0:
            return np.zeros(0), np.zeros(0)
        return times[-n:], np.max([row[-n:] for row in rows], axis=0)

    def _take(self, *, heard: bool) -> bool:
        """Keep the answer and go on; ask a second time where nobody answered."""
        question = self.question
        if question is None:
            return False
        if not heard and self.attempt == 1:
            self.attempt = 2
            self.hearing, self._since_s = Hearing.QUIET, float("-inf")
            return True
        figures = self._turns_of_answer() if self._is_lift else self._levels_of_answer()
        self._answers.setdefault(question, []).append(Answer(question, figures, heard))
        self._step()
        return True

    def _levels_of_answer(self) -> dict[Site, float]:
        """Measure every channel over the loud part of the answer, dB over its rest."""
        times, loudest = self._loudest(self._since_s)
        if len(times) == 0:
            return dict.fromkeys(self.muscles, 0.0)
        loud = loudest >= float(np.max(loudest)) - LOUD_DB
        found: dict[Site, float] = {}
        for site in self.muscles:
            _, power = self._levels[site].since(self._since_s)
            own = power[: len(loud), 0][loud[: len(power)]]
            found[site] = db(float(np.mean(own)), self._rest.get(site, 1.0)) if len(own) else 0.0
        return found

    def _turns_of_answer(self) -> dict[Site, float]:
        """Measure how far every segment turned."""
        turned = {site: self._turned(site, self._since_s) for site in self.segments if site in self._still}
        return {site: float(np.max(own, initial=0.0)) for site, own in turned.items()}

    def _step(self) -> None:
        """Go on to the next question; after the last one ask again what is not clear, once."""
        if not self._waiting and not self._second:
            self._second = True
            self._waiting.extend(self._doubtful())
        self.attempt = 1
        self._since_s = float("-inf")
        self.question = self._waiting.popleft() if self._waiting else None
        self._n_asked += self.question is not None
        self.hearing = Hearing.OVER if self.question is None else Hearing.QUIET

    def _doubtful(self) -> list[Question]:
        """List what to ask again: what is unclear; the other leg where this one stayed silent."""
        asked = list(self._answers)
        again: list[Question] = []
        identities = ((self.muscle_identity, True), (self.segment_identity, False))
        if any(identity.outcome is Outcome.SILENT for identity, _ in identities):
            # All of the other leg: a buttock that helps the other one has answered, and would go on as marked.
            again += [question.mirrored for question in asked if question.mirrored not in asked]
        lift = next((question for question in asked if question.ask is Ask.LIFT_LEG), None)
        worn = {site.side for site in self.segments if site.part in LEG}
        if self.segment_identity.renamed and len(worn) == 1 and lift is not None and lift.mirrored not in again:
            again.append(lift.mirrored)  # the pelvis tips with the other leg's lift too
        for identity, muscles in identities:
            if identity.outcome is Outcome.UNCLEAR or (identity.outcome is Outcome.SILENT and not again):
                again += [question for question in asked if (question.ask is not Ask.LIFT_LEG) == muscles]
        return again

    def _mean(self, *, muscles: bool) -> dict[Question, dict[Site, float]]:
        """Average the answers to each question."""
        found: dict[Question, dict[Site, float]] = {}
        for question, own in self._answers.items():
            if (question.ask is not Ask.LIFT_LEG) == muscles:
                sites = {site for answer in own for site in answer.figures}
                found[question] = {
                    site: float(np.mean([answer.figures.get(site, 0.0) for answer in own])) for site in sites
                }
        return found


def _questions(muscles: Iterable[Site], segments: Iterable[Site], side: Side) -> list[Question]:
    """List what to ask: muscles of the tested side first, then its lift, then the other side's."""
    first = Side.LEFT if side is Side.LEFT else Side.RIGHT
    questions = {question for site in muscles if (question := question_of(site)) is not None}
    sides = {site.side for site in segments if site.part in LEG} - {Side.MIDDLE}
    questions |= {Question(Ask.LIFT_LEG, each) for each in sides}
    if not sides and any(site.part in LEG for site in segments):
        questions.add(Question(Ask.LIFT_LEG, first))
    order = list(Ask)
    return sorted(questions, key=lambda each: (each.side is not first, order.index(each.ask)))


def renamed_together(identities: Iterable[Identity]) -> dict[Site, Site]:
    """Join what several kinds of sensors say of where they are."""
    return {site: true for identity in identities for site, true in identity.renamed.items()}
