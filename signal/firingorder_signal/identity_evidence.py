"""Which electrode and which sensor answered to what was asked: a decision from how much each of them answered.

One figure an answer, in decibel over the channel's own rest, so that a loud channel has no advantage over a quiet one.
No single answer decides: a buttock that helps to bend the knee, or a neighbour's signal under the electrode, would
win over a quiet hamstring. All answers are weighed together. The channels as marked are compared with every other way
they could have been put on, by the sum of their answers; what is common to a channel or to a question cancels.

It refuses to decide where the best way is not ahead of every other by `clear_db`, and says so. Two muscles that answer
to the same movement (outer and inner hamstring) are not told apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import permutations

import numpy as np

from .blocks import Side, Site


class Ask(Enum):
    """What somebody is asked to do, so that one part answers and its neighbours hardly do."""

    SQUEEZE = "squeeze"  # squeeze one buttock
    BEND_KNEE = "bend_knee"  # bend the knee against a hand
    STRAIGHTEN_KNEE = "straighten_knee"  # straighten the knee against a hand
    LIFT_LEG = "lift_leg"  # lift the straight leg: the motion sensors answer
    SPREAD_LEG = "spread_leg"  # move the leg sideways against a hand


#: The muscles that answer. The back extensors of both sides work in whatever lifts the trunk, and are not asked.
ANSWERS: dict[str, Ask] = {
    "gluteus_maximus": Ask.SQUEEZE,
    "hamstring_lateral": Ask.BEND_KNEE,
    "hamstring_medial": Ask.BEND_KNEE,
    "rectus_femoris": Ask.STRAIGHTEN_KNEE,
    "tensor_fasciae_latae": Ask.SPREAD_LEG,
}
#: Segments that move with a lifted leg.
LEG = ("thigh", "shank", "foot")


@dataclass(frozen=True)
class Question:
    """One thing asked of one side."""

    ask: Ask
    side: Side

    @property
    def mirrored(self) -> "Question":
        """The same of the other side."""
        return Question(self.ask, other_side(self.side))


@dataclass(frozen=True)
class IdentityParams:
    """When an answer counts.

    Attributes
    ----------
    answer_db
        A channel answers from here on: RMS twice its rest (J).
    silent_db
        A channel that never rises by so much has not answered at all (J).
    clear_db
        The best way of putting the channels on must be ahead of every other by so much, summed over the channels that
        differ (J): 2 dB a channel, where one and a half seconds of EMG tell a level to some 0.3 dB.
    most_db
        More than this above rest proves no more (J): one very strong answer must not outweigh all others.
    answer_deg, clear_ratio
        A segment moves from here on, and must turn so many times as far as another one. Simulated lifts turn the
        thigh by 9 to 16 degrees and the pelvis by a seventh to a third of that.
    """

    answer_db: float = 6.0
    silent_db: float = 3.0
    clear_db: float = 4.0
    most_db: float = 25.0
    answer_deg: float = 5.0
    clear_ratio: float = 1.4


class Outcome(Enum):
    """What became of a check."""

    AS_MARKED = "as_marked"
    EXCHANGED = "exchanged"
    UNCLEAR = "unclear"
    SILENT = "silent"


@dataclass(frozen=True)
class Exchange:
    """Two names that belong to each other's place; `figure` in dB (muscles) or degrees (segments) in favour of it."""

    one: Site
    other: Site
    figure: float
    unit: str


@dataclass(frozen=True)
class Identity:
    """What the answers say.

    Attributes
    ----------
    renamed
        Marked site -> where it truly is, only those that differ.
    margin
        How far ahead the best way is, dB a channel or degrees; None where nothing was asked.
    silent
        Channels that answered to nothing.
    """

    outcome: Outcome
    renamed: Mapping[Site, Site]
    exchanges: tuple[Exchange, ...] = ()
    margin: float | None = None
    silent: tuple[Site, ...] = ()


def other_side(side: Side) -> Side:
    """Return the other side; the middle has none."""
    return {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, Side.MIDDLE: Side.MIDDLE}[side]


def mirrored(site: Site) -> Site:
    """Return the same part of the other side."""
    return Site(site.part, other_side(site.side))


def question_of(site: Site) -> Question | None:
    """Return what a muscle answers to; None for one that is not asked."""
    ask = ANSWERS.get(site.part)
    return None if ask is None or site.side is Side.MIDDLE else Question(ask, site.side)


def weigh_muscles(
    answers_db: Mapping[Question, Mapping[Site, float]], params: IdentityParams | None = None
) -> Identity:
    """Decide from all answers which channel is which.

    Parameters
    ----------
    answers_db
        Question -> how much each channel answered, decibel over its own rest.

    Examples
    --------
    >>> glute, hamstring = Site.parse("gluteus_maximus/right"), Site.parse("hamstring_lateral/right")
    >>> squeezed, bent = (Question(ask, Side.RIGHT) for ask in (Ask.SQUEEZE, Ask.BEND_KNEE))
    >>> weigh_muscles({squeezed: {glute: 2.0, hamstring: 18.0}, bent: {glute: 14.0, hamstring: 5.0}}).outcome
    <Outcome.EXCHANGED: 'exchanged'>
    """
    params = params or IdentityParams()
    answers_db = {question: own for question, own in answers_db.items() if question.ask is not Ask.LIFT_LEG}
    sites = sorted({site for own in answers_db.values() for site in own if question_of(site) is not None})
    if not sites or not answers_db:
        return Identity(Outcome.AS_MARKED, {})
    gains = {
        (site, question): float(np.clip(own.get(site, 0.0), 0.0, params.most_db))
        for question, own in answers_db.items()
        for site in sites
    }
    silent = tuple(site for site in sites if max(gains[site, each] for each in answers_db) < params.silent_db)
    ways = _ways(sites, list(answers_db))
    sums = np.array([_sum(sites, way, gains) for way in ways])
    order = np.argsort(-sums, kind="stable")
    best, marked = int(order[0]), 0
    rival = next((int(way) for way in order[1:]), None)
    margin = float("inf") if rival is None else float(sums[best] - sums[rival])
    n_moved = max(sum(one != other for one, other in zip(ways[best], ways[rival or 0], strict=True)), 1)
    if silent:
        return Identity(Outcome.SILENT, {}, margin=None, silent=silent)
    if margin < params.clear_db:
        return Identity(Outcome.UNCLEAR, {}, margin=margin / n_moved)
    if best == marked:
        return Identity(Outcome.AS_MARKED, {}, margin=margin / n_moved if rival is not None else None)
    renamed = {site: true for site, true in zip(sites, _places(sites, ways[best]), strict=True) if site != true}
    advantage = float(sums[best] - sums[marked]) / len(renamed)
    return Identity(Outcome.EXCHANGED, renamed, _pairs(renamed, advantage, "dB"), margin / n_moved)


def _sum(sites: Sequence[Site], way: Sequence[Question], gains: Mapping[tuple[Site, Question], float]) -> float:
    """Add up what the channels answered to the questions they would belong to."""
    return sum(gains.get((site, question), 0.0) for site, question in zip(sites, way, strict=True))


def _ways(sites: Sequence[Site], asked: Sequence[Question]) -> list[tuple[Question, ...]]:
    """List every way the channels could have been put on, as each one's question; the marked one first.

    All exchanges among the places worn; and all on the other side, where that was asked.
    """
    marked = tuple(question for site in sites if (question := question_of(site)) is not None)
    ways = [marked, *dict.fromkeys(permutations(marked))]
    other = tuple(question.mirrored for question in marked)
    if set(other) <= set(asked):
        ways += [other, *dict.fromkeys(permutations(other))]
    return list(dict.fromkeys(ways))


def _places(sites: Sequence[Site], way: Sequence[Question]) -> list[Site]:
    """Turn questions back into places: each channel takes the place of one that is marked for that question."""
    marked = [question_of(site) for site in sites]
    mirrored_all = not set(way) <= set(marked)
    free = [mirrored(site) if mirrored_all else site for site in sites]
    # A channel whose question has not changed stays what it is, so that two hamstrings are not exchanged for nothing.
    places: list[Site | None] = [
        site if question_of(site) == question else None for site, question in zip(sites, way, strict=True)
    ]
    free = [place for place in free if place not in places]
    for number, question in enumerate(way):
        if places[number] is None:
            found = next(place for place in free if question_of(place) == question)
            free.remove(found)
            places[number] = found
    return [place for place in places if place is not None]


def _pairs(renamed: Mapping[Site, Site], figure: float, unit: str) -> tuple[Exchange, ...]:
    """Name what was exchanged: each two once; longer rounds as one exchange after the other."""
    seen: set[Site] = set()
    pairs: list[Exchange] = []
    for site, true in sorted(renamed.items()):
        if site in seen:
            continue
        seen |= {site} | ({true} if renamed.get(true) == site else set())
        pairs.append(Exchange(site, true, figure, unit))
    return tuple(pairs)


def weigh_segments(
    turned_deg: Mapping[Question, Mapping[Site, float]], params: IdentityParams | None = None
) -> Identity:
    """Decide from lifts of a leg which motion sensor is which.

    Parameters
    ----------
    turned_deg
        Question -> how far each segment's sensor turned against gravity, degrees.
    """
    params = params or IdentityParams()
    lifts = {question.side: own for question, own in turned_deg.items() if question.ask is Ask.LIFT_LEG and own}
    if not lifts:
        return Identity(Outcome.AS_MARKED, {})
    legs = {site.side for own in lifts.values() for site in own if site.part in LEG}
    if len(lifts) > 1 and len(legs) == 1:
        return _weigh_one_leg(lifts, legs.pop(), params)
    found = [_weigh_lift(side, own, params) for side, own in lifts.items()]
    wrong = next((each for each in found if each.outcome is not Outcome.AS_MARKED), None)
    return wrong or min(found, key=lambda each: each.margin or 0.0)


def _weigh_lift(side: Side, own: Mapping[Site, float], params: IdentityParams) -> Identity:
    """Look at one lift: what moved most should be of the leg that was lifted."""
    legs = [site for site in own if site.part in LEG and site.side in (side, Side.MIDDLE)]
    best = max(own, key=lambda site: own[site])
    if own[best] < params.answer_deg:
        return Identity(Outcome.SILENT, {}, silent=tuple(sorted(legs)))
    others = [own[site] for site in own if (site in legs) != (best in legs)]
    most = max(others, default=0.0)
    if own[best] < params.clear_ratio * most:
        return Identity(Outcome.UNCLEAR, {}, margin=own[best] - most)
    if best in legs or not legs:
        return Identity(Outcome.AS_MARKED, {}, margin=own[best] - most)
    # The thigh's, where it is worn: a shank that lies still belongs to no lifted leg either.
    meant = min(legs, key=lambda site: LEG.index(site.part))
    one, other = sorted((best, meant))
    return Identity(
        Outcome.EXCHANGED,
        {best: meant, meant: best},
        (Exchange(one, other, own[best] - own[meant], "deg"),),
        own[best] - own[meant],
    )


def _weigh_one_leg(lifts: Mapping[Side, Mapping[Site, float]], marked: Side, params: IdentityParams) -> Identity:
    """Look at lifts of both legs where one leg wears sensors: the lift that moved most is of the leg that does.

    The other lift tips the pelvis too, and one lift alone could not tell that from a thigh.
    """
    side = max(lifts, key=lambda each: max(lifts[each].values()))
    own = lifts[side]
    legs = sorted(site for site in own if site.part in LEG)
    if side is marked or not legs:
        return _weigh_lift(side, own, params)
    thigh = max(legs, key=lambda site: own[site])
    most = max((own[site] for site in own if site not in legs), default=0.0)
    if own[thigh] < params.answer_deg:
        return Identity(Outcome.SILENT, {}, silent=tuple(legs))
    if own[thigh] < params.clear_ratio * most:
        return Identity(Outcome.UNCLEAR, {}, margin=own[thigh] - most)
    renamed = {site: mirrored(site) for site in legs}
    figure = own[thigh] - max((lifts[other][thigh] for other in lifts if other is not side), default=0.0)
    return Identity(Outcome.EXCHANGED, renamed, _pairs(renamed, figure, "deg"), figure)
