"""Read a test from its TOML file, strictly: a file that is not quite right is refused in one line, never guessed at.

`docs/protocols.md` lists the keys. A recording keeps the file as it was written, comments and all, read back by the
same code; what a test means must therefore not depend on anything but its text.
"""

import re
import tomllib
from dataclasses import replace

from firingorder_signal.exercise import Exercise, RangeGates
from firingorder_signal.lift_gates import LiftGates
from firingorder_signal.rules import JudgementRules

from ..errors import ProtocolRefused
from ..toml_table import TomlTable
from .protocol_plan import CueText, HoldPlan, Protocol, SideOrder

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
TITLE = re.compile(r"title_([a-z]{2})")
LANGUAGE = re.compile(r"[a-z]{2}")
KNEES = ("straight", "bent", "free")
POSTURES = ("prone", "supine", "supine_bench", "seated", "any")
MUSCLE_CUES = ("", "glute")
#: What can be asked for at all; outside of these a number is a slip of the pen or of the unit (judgement).
REST_S, FORE_PERIOD_S, BETWEEN_S = (0.5, 120.0), (0.2, 10.0), (0.0, 300.0)
MOST_LIFTS, FEWEST_LIFTS = 100, 3
HEIGHT_DEG, SPEED_DEG_S = (0.5, 180.0), (0.5, 1000.0)
KNEE_DEG, PELVIS_DEG = (1.0, 90.0), (1.0, 90.0)
STILL_S, STILL_DEG_S = (0.3, 2.0), (0.5, 100.0)
HOLD_S, HOLD_REST_S, MOST_HOLDS, TARGET_PERCENT = (1.0, 600.0), (0.0, 1800.0), 50, (1.0, 300.0)
#: In recordings of free movement a muscle hardly ever rests, and files often do not say their unit: any level will do.
FREE_RULES = JudgementRules(rest_warn_uv=None, rest_refuse_uv=None)


def parse_protocol(text: str, where: str) -> Protocol:
    """Read a test from the text of its file.

    Parameters
    ----------
    where
        What the text was read from, for messages.

    Raises
    ------
    ProtocolRefused
        It is no TOML, has a key that no test has, lacks one, or has a value that cannot be meant.
    """
    try:
        top = TomlTable(tomllib.loads(text), where)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolRefused(where, f"is no TOML: {error}") from None
    name = top.text("name")
    if not NAME.fullmatch(name):
        raise top.refuse("name", "small letters, digits and _, beginning with a letter")
    hold = _read_hold(top.table("hold")) if "hold" in top else None
    for key in ("movements", "lifts", "gates"):
        if hold is not None and key in top:
            raise top.refuse(key, "no such key in a static set: it has a [hold] and no lifts")
    exercises = _read_exercises(top, hold)
    rest = top.table("rest")
    rules, gates = (JudgementRules(), None) if hold else _read_gates(top, exercises)
    protocol = Protocol(
        name=name,
        titles=_read_titles(top),
        cues=_read_cues(top.table("cue")),
        muscle_cue=top.choice("muscle_cue", MUSCLE_CUES),
        knee=top.choice("knee", KNEES),
        posture=top.choice("posture", POSTURES),
        side_order=SideOrder(top.choice("side_order", [each.value for each in SideOrder])),
        rules=rules,
        rest_s=rest.number("before_s", REST_S, "seconds"),
        rest_between_s=8.0 if hold else rest.number("between_lifts_s", BETWEEN_S, "seconds"),
        fore_period_s=rest.pair("fore_period_s", FORE_PERIOD_S, "seconds") if "fore_period_s" in rest else None,
        uses_motion=top.choice("lifts_found_by", ("motion", "muscles"), "motion") == "motion",
        exercises=exercises,
        gates=gates,
        hold=hold,
        text=text,
    )
    rest.finish()
    top.finish()
    return protocol


def _read_titles(top: TomlTable) -> dict[str, str]:
    """Read the title, and `title_de` and its like."""
    titles = {"en": top.text("title")}
    return titles | {match[1]: top.text(key) for key in top.keys() if (match := TITLE.fullmatch(key))}


def _read_cues(table: TomlTable) -> dict[str, CueText]:
    """Read the cue, a table for each language."""
    cues: dict[str, CueText] = {}
    for language in ("en", *table.keys()):
        if not LANGUAGE.fullmatch(language):
            raise table.refuse(language, "a table for each language, named by two letters, such as [cue.en]")
        words = table.table(language)
        both = words.text("both", "the words the person hears, whichever the side")
        sides = {side: words.text(side) for side in ("left", "right") if side in words}
        cues[language] = CueText(both, **sides)
        words.finish()
    table.finish()
    return cues


def _read_exercises(top: TomlTable, hold: HoldPlan | None) -> frozenset[Exercise]:
    """Read which movements count; a hold moves nothing."""
    if hold is not None:
        return frozenset()
    return frozenset(map(Exercise, top.choices("movements", [each.value for each in Exercise])))


def _read_gates(top: TomlTable, exercises: frozenset[Exercise]) -> tuple[JudgementRules, LiftGates]:
    """Read how many lifts are wanted, and what each must keep to count."""
    lifts, table = top.table("lifts"), top.table("gates")
    base = FREE_RULES if table.choice("rest_level", ("checked", "any"), "checked") == "any" else JudgementRules()
    height = table.pair("height_deg", HEIGHT_DEG, "degrees")
    speed = table.pair("speed_deg_s", SPEED_DEG_S, "degrees a second")
    fewest = lifts.count("fewest", MOST_LIFTS)
    if fewest < FEWEST_LIFTS:
        raise lifts.refuse("fewest", f"{FEWEST_LIFTS} or more: fewer lifts say nothing about an order")
    rules = _rules_of(base, height, speed, exercises, (fewest, lifts.count("wanted", MOST_LIFTS)))
    gates = LiftGates(
        rules,
        still_s=table.number("still_s", STILL_S, "seconds"),
        still_deg_s=table.number("still_deg_s", STILL_DEG_S, "degrees a second"),
        knee_deg=table.number("knee_change_deg", KNEE_DEG, "degrees"),
        ranges={each: RangeGates(height, speed) for each in exercises if each is not Exercise.PRONE_LIFT},
        pelvis_deg=table.number("pelvis_tilt_deg", PELVIS_DEG, "degrees") if "pelvis_tilt_deg" in table else None,
    )
    lifts.finish()
    table.finish()
    return rules, gates


def _rules_of(
    base: JudgementRules,
    height: tuple[float, float],
    speed: tuple[float, float],
    exercises: frozenset[Exercise],
    lifts: tuple[int, int],
) -> JudgementRules:
    """Put what a test says into the rules of judgement, whose range and speed are those of a prone lift."""
    rules = replace(base, lifts_min=lifts[0], lifts_wanted=lifts[1])
    if Exercise.PRONE_LIFT not in exercises:
        return rules
    return replace(
        rules, hip_min_deg=height[0], hip_max_deg=height[1], speed_min_deg_s=speed[0], speed_max_deg_s=speed[1]
    )


def _read_hold(table: TomlTable) -> HoldPlan:
    """Read a static set."""
    plan = HoldPlan(
        work_s=table.number("work_s", HOLD_S, "seconds"),
        rest_s=table.number("rest_s", HOLD_REST_S, "seconds"),
        count=table.count("count", MOST_HOLDS),
        target_percent=table.pair("target_percent", TARGET_PERCENT, "percent") if "target_percent" in table else None,
        between_sides_s=table.number("between_sides_s", HOLD_REST_S, "seconds") if "between_sides_s" in table else None,
    )
    table.finish()
    return plan
