"""What a person does on the page of visits: which figure is large, which test, what is said, and whose it is. No Qt."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from firingorder_session.history.records import RATING_LIMITS, SubjectSummary
from firingorder_session.history.trend import Trend
from firingorder_session.judging.quantities import OF_VISITS, Quantity
from firingorder_session.protocols.catalogue import find_protocol, protocol_names

from .history_content import HistoryContent, history_content, list_tests
from .history_desk import CodeWanted, Failed, Outcome, Visits
from .telling import tell_error
from .texts import Texts

#: Subjects that are offered at a time.
MOST_ROWS = 6


class PageState(Enum):
    """What the page shows."""

    WAITING = auto()
    CODE = auto()
    VISITS = auto()
    PROBLEM = auto()


@dataclass(frozen=True)
class CodeRow:
    """A code that may be taken, and how it is written."""

    code: str
    words: str


@dataclass
class HistoryModel:
    """State of the page."""

    texts: Texts
    state: PageState = PageState.WAITING
    message: str = ""
    trend: Trend | None = None
    day: date | None = None
    test: int = 0
    shown: Quantity = Quantity.LAG
    asked: Quantity = Quantity.FEELS_GLUTE
    said: dict[Quantity, int] = field(default_factory=dict[Quantity, int])
    wanted: CodeWanted = field(default_factory=lambda: CodeWanted((), ""))
    typed: str = ""
    row: int = 0
    _one: bool = False  # whether the last key was 1: a 0 makes it 10

    def wait(self, message: str) -> None:
        """Show that something is being done."""
        self.state, self.message = PageState.WAITING, message
        self.said.clear()

    def take(self, outcome: Outcome) -> None:
        """Take what came of a task."""
        words = self.texts.history
        match outcome:
            case Visits():
                is_other = self.trend is None or self.trend.code != outcome.trend.code or outcome.filed
                self.state, self.trend, self.day = PageState.VISITS, outcome.trend, outcome.day
                if is_other:
                    self.test, self.shown = 0, Quantity.LAG
                if outcome.filed and outcome.day is not None:
                    day = outcome.day.strftime(words.day)
                    self.message = words.filed.format(code=outcome.trend.code, day=day)
                elif not outcome.trend.ratings:
                    self.message = words.nobody.format(code=outcome.trend.code)
            case CodeWanted():
                self.state, self.wanted, self.message, self.row = PageState.CODE, outcome, "", 0
                if outcome.refused:
                    self.message = words.refused.format(code=outcome.refused, fresh=outcome.fresh)
            case Failed():
                self.state = PageState.PROBLEM
                self.message = words.problem.format(what=tell_error(outcome.error, self.texts))

    def content(self) -> HistoryContent | None:
        """Derive the page; None while there are no visits."""
        if self.trend is None or self.state is not PageState.VISITS:
            return None
        return history_content(
            self.trend,
            self.texts,
            titles=titles_in(self.texts.language),
            test=self.test,
            shown=self.shown,
            asked=self.asked,
            day=self.day,
            said=self.said,
        )

    def turn(self, step: int) -> None:
        """Show the next figure, or the one before."""
        content = self.content()
        if content is not None and content.charts:
            self.shown = content.charts[(content.shown + step) % len(content.charts)].quantity

    def turn_test(self) -> None:
        """Show another test."""
        if self.trend is not None:
            self.test = (self.test + 1) % max(len(list_tests(self.trend)), 1)

    def turn_question(self) -> None:
        """Let the keys answer the other question."""
        self.asked = OF_VISITS[(OF_VISITS.index(self.asked) + 1) % len(OF_VISITS)]
        self._one = False

    def type_digit(self, digit: int) -> int | None:
        """Take a digit as an answer; return the answer, None where nothing is asked."""
        if self.state is not PageState.VISITS or self.day is None:
            return None
        value = 10 if digit == 0 and self._one else digit
        self._one = digit == 1
        return self.say(self.asked, value)

    def say(self, quantity: Quantity, value: int) -> int:
        """Answer a question."""
        words, (low, high) = self.texts.history, RATING_LIMITS
        self.asked, self.said[quantity] = quantity, min(max(value, low), high)
        name = words.names[quantity]
        self.message = words.kept.format(name=name, value=self.said[quantity])
        return self.said[quantity]

    def rows(self) -> tuple[CodeRow, ...]:
        """List the codes that may be taken: those there are that begin as was typed, a new one behind."""
        words, typed = self.texts.history, self.typed.strip().upper()
        found = [each for each in self.wanted.subjects if each.code.startswith(typed)]
        found.sort(key=lambda each: (each.last_day or date.min, each.added), reverse=True)
        rows = [CodeRow(each.code, self._write(each)) for each in found[: MOST_ROWS - 2]]
        if typed and all(each.code != typed for each in found):
            rows.append(CodeRow(typed, words.typed.format(code=typed)))
        return (*rows, CodeRow(self.wanted.fresh, words.fresh.format(code=self.wanted.fresh)))

    def _write(self, subject: SubjectSummary) -> str:
        """Write a subject of the list."""
        words = self.texts.history
        visits = words.count_one if subject.n_visits == 1 else words.count.format(count=subject.n_visits)
        if subject.last_day is None:
            return words.known.format(code=subject.code, visits=visits)
        day = subject.last_day.strftime(words.day)
        return words.known_since.format(code=subject.code, visits=visits, day=day)

    def type_code(self, typed: str) -> None:
        """Follow what is typed."""
        self.typed, self.row = typed, 0

    def step_row(self, step: int) -> None:
        """Choose another code of the list."""
        self.row = min(max(self.row + step, 0), len(self.rows()) - 1)

    def chosen_code(self) -> str:
        """Return the chosen code."""
        rows = self.rows()
        return rows[min(self.row, len(rows) - 1)].code


def titles_in(language: str) -> dict[str, str]:
    """Return what our tests are called in a language, by name."""
    found = (find_protocol(name) for name in protocol_names())
    return {each.name: each.titles.get(language, each.title) for each in found}
