"""What the set-up page says at each step: one word, one instruction, one row a sensor. No Qt.

Derived from `SetUpChanged` alone, and at the first step from what is being chosen. Alarm colour only for what is to be
mended at a sensor.
"""

from dataclasses import dataclass

from firingorder_session.events.set_up_events import (
    IdentityView,
    ReferencePhase,
    ReferenceView,
    RestView,
    SetUpChanged,
    SetUpStep,
)
from firingorder_session.protocols.catalogue import find_protocol, protocol_names
from firingorder_session.setting_up.electrode_sites import (
    ELECTRODE_MM,
    ELECTRODE_SITES,
    INTER_ELECTRODE_MM,
    MOTION_SITES,
    is_placed,
)
from firingorder_session.setting_up.references import CV_MAX, TRIAL_S, Reference, ReferenceKind
from firingorder_signal.blocks import Side, Site
from firingorder_signal.electrode_state import GOOD_UV, USABLE, ElectrodeCause, ElectrodeState
from firingorder_signal.identity_check import Hearing
from firingorder_signal.identity_evidence import Ask, Exchange, Outcome, question_of
from firingorder_signal.reasons import write_quantity
from firingorder_signal.rules import JudgementRules

from .set_up_parts import BAR_DB, BAR_DEG, BAR_UV, PageContent, PageRow, capital, key_caps, kicker, site_name
from .sites import letter_of, role_of, row_key
from .texts import Texts

#: The test that is chosen unless another is.
USUAL_TEST = "prone_hip_extension"


@dataclass(frozen=True)
class Choice:
    """What is being chosen at the first step."""

    protocol: str
    side: Side

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests there are to choose from: those that motion sensors find, the usual one first."""
        names = sorted(protocol_names(), key=lambda name: name != USUAL_TEST)
        return tuple(name for name in names if find_protocol(name).uses_motion)

    def moved(self, step: int) -> "Choice":
        """Return the choice of the test so many further."""
        tests = self.tests
        place = tests.index(self.protocol) if self.protocol in tests else 0
        return Choice(tests[(place + step) % len(tests)], self.side)

    def number(self, number: int) -> "Choice":
        """Return the choice of a test by its number, from 1."""
        return Choice(self.tests[number - 1], self.side) if 1 <= number <= len(self.tests) else self


def title_of(name: str, texts: Texts) -> str:
    """Return a test's title; the name itself of a clinician's own, which is not among those to choose from."""
    if name not in protocol_names():
        return name
    protocol = find_protocol(name)
    return protocol.titles.get(texts.language, protocol.title)


def page_content(said: SetUpChanged, choice: Choice, texts: Texts) -> PageContent:
    """Derive the page."""
    match said.step:
        case SetUpStep.CHOOSE:
            return _choose(said, choice, texts)
        case SetUpStep.PLACE:
            return _place(said, texts)
        case SetUpStep.SIGNAL:
            return _signal(said, texts)
        case SetUpStep.IDENTITY if said.identity is not None:
            view = said.identity
            return _ask(said, view, texts) if view.question is not None else _answered(said, view, texts)
        case SetUpStep.REST if said.rest is not None:
            return _rest(said, said.rest, texts)
        case SetUpStep.REFERENCE if said.reference is not None:
            return _reference(said, said.reference, texts)
        case _:
            return PageContent(kicker(said, texts), "", "")


def _choose(said: SetUpChanged, choice: Choice, texts: Texts) -> PageContent:
    words = texts.set_up
    rows = [
        PageRow(title_of(name, texts), letter=str(number), chosen=name == choice.protocol)
        for number, name in enumerate(choice.tests, start=1)
    ]
    rows += [
        PageRow(texts.leg.format(side=texts.sides[side]), letter=cap, chosen=side is choice.side)
        for side, cap in ((Side.LEFT, "←"), (Side.RIGHT, "→"))
    ]
    word, body = words.choose_side_word, words.choose_body
    if choice.side is not Side.MIDDLE:
        word = words.chosen.format(test=title_of(choice.protocol, texts), side=texts.sides[choice.side])
    caps = ((texts.cap_next, words.key_next), (words.cap_arrows, words.key_arrows))
    return PageContent(kicker(said, texts), word, body, rows=tuple(rows), caps=caps)


def _place(said: SetUpChanged, texts: Texts) -> PageContent:
    words = texts.set_up
    sites = tuple(sorted((site for site in said.sites if is_placed(site)), key=row_key))
    body = words.place_body.format(distance=INTER_ELECTRODE_MM, size=ELECTRODE_MM, reference=words.reference_place)
    first, second, third = words.skin_steps
    note = words.skin.format(first=first, second=second, third=third)
    rows = tuple(_place_row(site, sites, texts) for site in sites)
    if not rows:
        body = words.place_waiting
    return PageContent(
        kicker(said, texts), words.place_word, body, rows=rows, note=note, caps=key_caps(texts), sites=sites
    )


def _place_row(site: Site, shown: tuple[Site, ...], texts: Texts) -> PageRow:
    """Say where one electrode pair or sensor goes."""
    words, name = texts.set_up, site_name(site, texts)
    place = ELECTRODE_SITES.get(site.part)
    if place is None:
        where = words.motion_places.get(site.part, "")
        return PageRow(name, where, words.arrow, letter="↑", role="hip") if site.part in MOTION_SITES else PageRow(name)
    line = words.place_line.format(
        percent=f"{place.percent:.0f}", start=words.landmarks[place.start], end=words.landmarks[place.end]
    )
    detail = words.place_detail.format(orientation=words.orientations[site.part], tag=words.tags[place.tag])
    where = line if place.by_percent else words.offsets[site.part]
    return PageRow(name, where, detail, letter_of(site, shown), role_of(site))


def _signal(said: SetUpChanged, texts: Texts) -> PageContent:
    words = texts.set_up
    muscles = tuple(each.site for each in said.electrodes)
    rows = tuple(
        _signal_row(each, muscles, texts) for each in sorted(said.electrodes, key=lambda one: row_key(one.site))
    )
    bad = [each for each in said.electrodes if each.cause not in (*USABLE, ElectrodeCause.WAITING)]
    word, body, role = words.signal_good_word, words.signal_good_body, "text"
    emphasis: tuple[Site, ...] = ()
    if bad:
        first = bad[0]
        cause, fix = words.causes[first.cause]
        word, role, emphasis = cause[:1].upper() + cause[1:], "alarm", (first.site,)
        fix = fix.format(figure=write_quantity(first.figure, first.unit, texts.words.reasons))
        body = words.signal_fix.format(name=capital(site_name(first.site, texts)), fix=fix)
    elif not rows or any(each.cause is ElectrodeCause.WAITING for each in said.electrodes):
        word, body = words.signal_wait_word, words.signal_wait_body if rows else words.place_waiting
    sites = tuple(site for site in said.sites if is_placed(site))
    return PageContent(
        kicker(said, texts), word, body, role, rows, caps=key_caps(texts), sites=sites, emphasis=emphasis
    )


def _signal_row(state: ElectrodeState, shown: tuple[Site, ...], texts: Texts) -> PageRow:
    words = texts.set_up
    word, fix = words.causes[state.cause]
    level = "" if state.rest_uv is None else words.rest_figure.format(level=texts.numbers.write(state.rest_uv, 1))
    well = state.cause in (*USABLE, ElectrodeCause.WAITING)
    # What is to be mended takes the room of the bar.
    share = None if state.rest_uv is None or not well else min(state.rest_uv / BAR_UV, 1.0)
    detail = fix.format(figure=write_quantity(state.figure, state.unit, texts.words.reasons)) if fix else level
    return PageRow(
        site_name(state.site, texts), word, detail, letter_of(state.site, shown), role_of(state.site), well, share
    )


def _ask(said: SetUpChanged, view: IdentityView, texts: Texts) -> PageContent:
    """Ask for one movement, and show who answers."""
    words, question = texts.set_up, view.question
    assert question is not None
    asked = words.asks[question.ask].format(side=texts.sides[question.side])
    if view.hearing is Hearing.QUIET:
        word, body = words.let_go_word, words.let_go_body
    else:
        answering = view.hearing is Hearing.ANSWERING
        word = asked
        body = words.answering_body if answering else words.ask_body if view.attempt == 1 else words.ask_again_body
    meant = tuple(site for site in said.sites if question_of(site) == question)
    if question.ask is Ask.LIFT_LEG:
        meant = tuple(site for site in said.sites if site.part == "thigh" and site.side is question.side)
    share = (view.number - 1) / max(view.total, 1)
    return PageContent(
        kicker(said, texts), word, body, rows=_level_rows(said, view, texts), progress=share,
        caps=key_caps(texts, skip=True), sites=tuple(site for site in said.sites if is_placed(site)), emphasis=meant,
    )  # fmt: skip


def _level_rows(said: SetUpChanged, view: IdentityView, texts: Texts) -> tuple[PageRow, ...]:
    """Show how much each muscle and each motion sensor answers just now."""
    words = texts.set_up
    muscles = tuple(each.site for each in said.electrodes)
    lifting = view.question is not None and view.question.ask is Ask.LIFT_LEG
    rows: list[PageRow] = []
    for site in sorted(view.levels_db, key=row_key):
        level = max(view.levels_db[site], 0.0)
        word = words.decibels.format(level=f"+{level:.0f}")
        share = min(level / BAR_DB, 1.0)
        name = site_name(site, texts)
        rows.append(PageRow(name, word, "", letter_of(site, muscles), role_of(site), True, share, strong=not lifting))
    for site in sorted(view.turned_deg, key=row_key):
        angle = view.turned_deg[site]
        share = min(angle / BAR_DEG, 1.0)
        word = words.degrees.format(angle=f"{angle:.0f}")
        rows.append(PageRow(site_name(site, texts), word, "", "↑", "hip", True, share, strong=lifting))
    return tuple(rows)


def _answered(said: SetUpChanged, view: IdentityView, texts: Texts) -> PageContent:
    """Say who is who."""
    words = texts.set_up
    found = [each for each in (view.muscles, view.segments) if each is not None]
    exchanges = tuple(exchange for each in found for exchange in each.exchanges)
    silent = tuple(site for each in found for site in each.silent)
    outcomes = {each.outcome for each in found}
    caps = key_caps(texts, back=words.key_again)
    role, emphasis = "alarm", tuple(site for exchange in exchanges for site in (exchange.one, exchange.other))
    if view.exchanged:
        word, body, role, emphasis = words.renamed_word, words.renamed_body, "text", ()
    elif exchanges:
        word, body = words.exchanged_word, _exchange_words(exchanges, said, texts)
        caps = key_caps(texts, ("X", words.key_exchange), back=words.key_again)
    elif silent:
        names = ", ".join(site_name(site, texts) for site in silent)
        word, body, emphasis = words.silent_word, words.silent_body.format(names=capital(names)), silent
    elif Outcome.UNCLEAR in outcomes:
        word, body = words.unclear_word, words.unclear_body
    elif not view.answers:
        word, body, role = words.not_asked_word, words.not_asked_body, "text"
    elif len(view.answers) < view.total:  # a question was skipped: what it would have shown is not known
        counts = {"answered": len(view.answers), "total": view.total}
        word, body, role = words.partly_word, words.partly_body.format(**counts), "text"
    else:
        word, body, role = words.marked_word, words.marked_body, "text"
    sites = tuple(site for site in said.sites if is_placed(site))
    rows = _answer_rows(said, view, texts)
    return PageContent(kicker(said, texts), word, body, role, rows, caps=caps, sites=sites, emphasis=emphasis)


def _exchange_words(exchanges: tuple[Exchange, ...], said: SetUpChanged, texts: Texts) -> str:
    """Name the exchange of muscles, or of sensors where only these are exchanged."""
    first, words = exchanges[0], texts.set_up
    names = [site_name(site, texts) for site in (first.one, first.other)]
    level = f"{first.figure:.0f}"
    unit = words.decibels.format(level=level) if first.unit == "dB" else words.degrees.format(angle=level)
    if first.one.part == first.other.part and first.other not in said.sites:
        side = texts.sides[first.other.side]
        return words.other_leg_body.format(one=texts.sides[first.one.side], side=side, figure=unit)
    return words.exchange_body.format(one=names[0], other=names[1], figure=unit)


def _answer_rows(said: SetUpChanged, view: IdentityView, texts: Texts) -> tuple[PageRow, ...]:
    """Show what each answered to its own question, and the most to another."""
    words = texts.set_up
    muscles = tuple(each.site for each in said.electrodes)
    renamed = {
        site: true for each in (view.muscles, view.segments) if each is not None for site, true in each.renamed.items()
    }
    rows: list[PageRow] = []
    for answer in view.answers:
        asked = words.asks[answer.question.ask].format(side=texts.sides[answer.question.side])
        if not answer.figures:
            continue
        best = max(answer.figures, key=lambda site: answer.figures[site])
        well = best not in renamed or view.exchanged
        best, level = renamed.get(best, best) if view.exchanged else best, answer.figures[best]
        lift = answer.question.ask is Ask.LIFT_LEG
        figure = f"{level:.0f}"
        word = words.degrees.format(angle=figure) if lift else words.decibels.format(level=f"+{figure}")
        letter, role = ("↑", "hip") if lift else (letter_of(best, muscles), role_of(best))
        name = site_name(best, texts)
        rows.append(PageRow(asked, word, name, letter, role, well, wide=True))
    return tuple(rows)


def _rest(said: SetUpChanged, rest: RestView, texts: Texts) -> PageContent:
    words, rules = texts.set_up, JudgementRules()
    if not rest.levels_uv:
        body = words.rest_body
        if rest.moving:
            body = words.rest_moving.format(name=capital(site_name(rest.moving[0], texts)))
        return PageContent(
            kicker(said, texts), words.rest_word, body, progress=rest.progress, caps=key_caps(texts, skip=True)
        )
    warn_uv, refuse_uv = rules.rest_warn_uv or float("inf"), rules.rest_refuse_uv or float("inf")
    worst = max(rest.levels_uv.values())
    shown = tuple(rest.levels_uv)
    rows: list[PageRow] = []
    for site in sorted(rest.levels_uv, key=row_key):
        level = rest.levels_uv[site]
        grade = (level > GOOD_UV) + (level > warn_uv) + (level > refuse_uv)
        figure = words.rest_figure.format(level=texts.numbers.write(level, 1))
        share = min(level / BAR_UV, 1.0)
        name = site_name(site, texts)
        rows.append(
            PageRow(name, figure, words.rest_words[grade], letter_of(site, shown), role_of(site), grade < 2, share)
        )
    body, role = words.rest_good_body, "text"
    if worst > refuse_uv:
        body, role = words.rest_refuse_body.format(limit=f"{refuse_uv:.0f}"), "alarm"
    elif worst > warn_uv:
        body, role = words.rest_warn_body.format(limit=f"{warn_uv:.0f}"), "alarm"
    word = words.rest_good_word.format(level=texts.numbers.write(worst, 1))
    return PageContent(kicker(said, texts), word, body, role, tuple(rows), caps=key_caps(texts))


def _reference(said: SetUpChanged, view: ReferenceView, texts: Texts) -> PageContent:
    words, head = texts.set_up, kicker(said, texts)
    if view.phase is ReferencePhase.OFFERED:
        kinds = (PageRow(words.reference_maximum, letter="1"), PageRow(words.reference_lift, letter="2"))
        return PageContent(
            head, words.reference_word, words.reference_body, rows=kinds, caps=key_caps(texts, skip=True)
        )
    rows = tuple(_found_row(each, view, texts) for each in view.found)
    if view.phase is ReferencePhase.OVER:
        done = words.reference_done_body if view.kind is ReferenceKind.MAXIMUM else words.reference_lift_body
        body = done if rows else words.reference_none_body
        return PageContent(
            head, words.reference_done_word, body, rows=rows, caps=key_caps(texts, back=words.key_measure)
        )
    side = texts.sides[said.side]
    task = words.reference_tasks[view.task].format(side=side)
    trial = words.trial.format(number=view.trial, total=view.n_trials)
    seconds = f"{view.seconds_left:.0f}"
    caps = key_caps(texts, skip=True)
    meant = tuple(view.levels_uv)
    live = tuple(
        PageRow(site_name(site, texts), words.rest_figure.format(level=f"{level:.0f}"), "", letter_of(site, meant),
                role_of(site)) for site, level in view.levels_uv.items()
    )  # fmt: skip
    if view.phase is ReferencePhase.HOLDING:
        progress = 1.0 - view.seconds_left / TRIAL_S
        return PageContent(head, words.hold_word.format(seconds=seconds), task, rows=live, progress=progress, caps=caps)
    if view.phase is ReferencePhase.RESTING:
        word = words.resting_word.format(seconds=seconds)
        return PageContent(head, word, words.resting_body, rows=rows, caps=caps)
    return PageContent(head, task, trial, rows=live, caps=caps)


def _found_row(found: Reference, view: ReferenceView, texts: Texts) -> PageRow:
    words = texts.set_up
    shown = tuple(each.site for each in view.found)
    level = words.rest_figure.format(level=f"{found.rms_uv:.0f}")
    detail = words.positions.get(found.position, "")
    well = True
    if found.cv is not None:
        word = words.repeats_words[0 if found.repeats else 1].format(limit=f"{100 * CV_MAX:.0f}")
        level = words.repeats.format(level=f"{found.rms_uv:.0f}", cv=f"{100 * found.cv:.0f}", word=word)
        well = found.repeats is not False
    name = site_name(found.site, texts)
    return PageRow(name, level, detail, letter_of(found.site, shown), role_of(found.site), well)
