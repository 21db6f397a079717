"""What the window says while it leads a test: tone, rest, hold, other side."""

from dataclasses import dataclass, field

from firingorder_signal.blocks import Side

SWITCH = {
    Side.LEFT: "Now the left leg: lie ready, then press next",
    Side.RIGHT: "Now the right leg: lie ready, then press next",
}


@dataclass(frozen=True)
class GuideTexts:
    """Lines with `{...}` keep their names in every language; `{cue}` is a whole sentence of the test's file."""

    wait_for_tone: str = "Wait for the tone. {cue}"
    lift: str = "Lift now"
    rest: str = "Rest"
    rest_lift: str = "Let the leg lie loose · {seconds} s left"
    rest_hold: str = "Let go · {seconds} s left"
    rest_over: str = "Let the leg lie loose"
    hold: str = "Hold"
    hold_left: str = "{seconds} s left"
    hold_counter: str = "Hold"
    hold_progress: str = "{done} of {wanted} holds"
    kicker_hold: str = "HOLD {number} OF {wanted}"
    switch_side: str = "Switch side"
    switch_to: dict[Side, str] = field(default_factory=lambda: dict(SWITCH))
    key_tone: str = "tone"
