"""Every word of the page that shows a person's visits."""

from dataclasses import dataclass, field

from firingorder_session.judging.quantities import Quantity

NAMES = {
    Quantity.LAG: "Glute delay",
    Quantity.GLUTE_SHARE: "Glute share",
    Quantity.RANGE: "Hip range",
    Quantity.TILT: "Pelvic tilt",
    Quantity.HOLD_FATIGUE: "Hold fatigue",
    Quantity.FEELS_GLUTE: "Feels the glute",
    Quantity.PAIN: "Pain",
}
MEANINGS = {
    Quantity.LAG: "ms, glute max after the hamstring; below zero it is first",
    Quantity.GLUTE_SHARE: "% of both muscles' effort in holds",
    Quantity.RANGE: "degrees, the largest extension of the set",
    Quantity.TILT: "degrees forward, median of the lifts",
    Quantity.HOLD_FATIGUE: "% per second, the glute's frequency in holds",
    Quantity.FEELS_GLUTE: "0 not at all, 10 nothing else",
    Quantity.PAIN: "0 none, 10 the worst there is",
}
UNITS = {
    Quantity.LAG: "{value} ms",
    Quantity.GLUTE_SHARE: "{value} %",
    Quantity.RANGE: "{value}°",
    Quantity.TILT: "{value}°",
    Quantity.HOLD_FATIGUE: "{value} %/s",
    Quantity.FEELS_GLUTE: "{value} of 10",
    Quantity.PAIN: "{value} of 10",
}
#: Of a difference of two figures: of two shares it is points, not percent of a percent.
CHANGES = {
    **UNITS,
    Quantity.GLUTE_SHARE: "{value} points",
    Quantity.FEELS_GLUTE: "{value}",
    Quantity.PAIN: "{value}",
}


@dataclass(frozen=True)
class HistoryTexts:
    """English; lines with `{...}` keep their names in every language. `{day}` is written as `day` says (strftime)."""

    names: dict[Quantity, str] = field(default_factory=lambda: dict(NAMES))
    meanings: dict[Quantity, str] = field(default_factory=lambda: dict(MEANINGS))
    units: dict[Quantity, str] = field(default_factory=lambda: dict(UNITS))
    changes: dict[Quantity, str] = field(default_factory=lambda: dict(CHANGES))
    title: str = "VISITS OF {code}"
    title_open: str = "VISITS"
    count: str = "{count} visits"
    count_one: str = "1 visit"
    test_of: str = "{test}  ·  {place} of {count}"
    other_cue: str = "{test}, other words"
    day: str = "%Y-%m-%d"
    of_day: str = "Visit of {day}"
    simulated: str = "SIMULATED"
    some_simulated: str = "Pale points are simulated; they are compared with no person's"
    side_unknown: str = "The side was not stated: these visits are shown and not compared"

    # What has changed
    interval: str = "90 % interval {low} to {high}"
    since: str = "{change} since {day}"
    told: str = "A change: more than {limit}"
    told_own: str = "A change: more than the person's own {limit}"
    untold: str = "No change that can be told: that takes more than {limit}"
    untold_own: str = "No change that can be told: that takes more than the person's own {limit}"
    unknown: str = "Not interpreted: what differs by chance is known from three earlier visits on"
    since_first: str = "Since the first visit, {day}: {change}, {verdict}"
    first_told: str = "a change"
    first_untold: str = "no change that can be told"
    first_unknown: str = "not interpreted"
    first_visit: str = "First visit with this figure; the next is compared with it"
    compared_with_none: str = "Compared with none"
    band: str = "Within the band no change can be told"
    nothing: str = "Not measured at these visits"

    # What the person says
    asks: str = "WHAT THE PERSON SAYS"
    ask_feels: str = "How much did you feel the glute work?"
    ask_pain: str = "How much pain?"
    kept: str = "{name}: {value}, kept"
    step_name: str = "{name}: {value}"
    say_keys: str = "0 to 9  ·  1 then 0 is 10  ·  Tab: the other question"

    # Whose it is
    who: str = "Whose visit is this?"
    who_note: str = "The recording carries no code. Type or choose one: never a name, initials or a date."
    code: str = "Code"
    fresh: str = "{code}  ·  new, drawn by lot"
    typed: str = "{code}  ·  new"
    known: str = "{code}  ·  {visits}"
    known_since: str = "{code}  ·  {visits}  ·  last {day}"
    refused: str = "{code} may tell who somebody is; a code drawn by lot is {fresh}"
    who_keys: str = "Up and down choose  ·  Enter files the result under the code  ·  Esc goes back"

    # Meanwhile, and what went wrong
    reading: str = "Analysing the recording …"
    filing: str = "Filing the result …"
    filed: str = "Filed under {code}, visit of {day}"
    problem: str = "The history cannot be shown: {what}"
    problem_title: str = "No history"
    not_noted: str = "Not noted in the history: {what}"
    none_yet: str = "A history is kept of a recording whose test is over"
    nobody: str = "No visit is filed under {code} yet"

    # Keys
    key: str = "visits"
    key_next: str = "next figure"
    key_earlier: str = "figure before"
    key_test: str = "other test"
    key_question: str = "other question"
    key_back: str = "back"
