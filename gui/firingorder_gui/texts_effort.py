"""What the window says of effort: bars in percent of the own reference, shares, each hold in figures."""

from dataclasses import dataclass, field

from firingorder_signal.effort import ReferenceSource

UNITS = {
    ReferenceSource.MAXIMUM: "% of the own maximum",
    ReferenceSource.REFERENCE_LIFT: "% of the own reference lift",
    ReferenceSource.STRONGEST: "% of this set's highest so far, no reference",
}
DIRECTIONS = {
    (-1, 1): "frequency falls, amplitude rises: as with fatigue",
    (-1, -1): "both fall: the effort fell",
    (1, 1): "both rise: the effort rose",
    (-1, 0): "frequency falls at an even amplitude",
    (1, 0): "frequency rises at an even amplitude",
    (1, -1): "frequency rises, amplitude falls",
    (0, 1): "amplitude rises at an even frequency",
    (0, -1): "amplitude falls at an even frequency",
    (0, 0): "no change can be told",
}


@dataclass(frozen=True)
class EffortTexts:
    """Lines with `{...}` keep their names in every language.

    `directions` is by the sign of the slope of frequency and amplitude, 0 where the interval holds both signs.
    """

    title: str = "EFFORT"
    title_word: str = "Holds"
    units: dict[ReferenceSource, str] = field(default_factory=lambda: dict(UNITS))
    units_mixed: str = "% of the own references"
    units_none: str = "Percent appear with the first squeeze"
    counter: str = "{done} of {wanted} holds"
    ended: str = "{done} of {wanted} holds done"
    percent: str = "{value} %"
    no_percent: str = "–"
    target: str = "target {low} to {high} %"
    target_needs: str = "target needs a reference"
    share: str = "glute {glute} : {hamstring} hamstring"
    share_of_side: str = "{side}: glute {glute} : {hamstring} hamstring"
    work: str = "hold"
    rest: str = "rest"
    taking_over: str = "The hamstring takes over: its share grew by {grown} points, to {share} %"
    taking_over_of_side: str = "The {side} hamstring takes over: its share grew by {grown} points, to {share} %"
    hold_title: str = "Hold {number}"
    hold_cut: str = "Hold {number}, cut short"
    mean_in_band: str = "{name}: {percent} % on average, {band} of {length} s in the target"
    mean: str = "{name}: {percent} % on average"
    mean_none: str = "{name}: no percentage, no reference"
    slopes: str = "median frequency {frequency} ± {frequency_half} %/s, amplitude {amplitude} ± {amplitude_half} %/s"
    no_slopes: str = "no slopes: {what}"
    directions: dict[tuple[int, int], str] = field(default_factory=lambda: dict(DIRECTIONS))
    of_side: str = "{what}, {side}"

    # The lens
    lens_next: str = "THE HOLD"
    lens_effort: str = "effort"
    lens_frequency: str = "median frequency"
    lens_hertz: str = "{start} Hz"
    lens_slope: str = "{slope} ± {half} %/s"
    lens_amplitude: str = "amplitude {slope} ± {half} %/s"
    seconds: str = "{value} s"

    # The list of holds
    table_name: str = "Holds"
    column_hold: str = "HOLD"
    column_glute: str = "GLUTE"
    column_band: str = "IN TARGET"
    column_share: str = "HAMSTRING"
    column_frequency: str = "FREQUENCY, %/s"
    column_amplitude: str = "AMPLITUDE, %/s"
    in_band: str = "{band} of {length} s"
    slope_cell: str = "{slope} ± {half}"
    cut_short: str = "cut short"
    no_slope_cell: str = "not told"
    takes_over: str = "{share} %, taking over"
    row_spoken: str = "{title}: glute {percent}, {band}; {slopes}"

    # The review
    review_word: str = "Glute {percent} %"
    in_band_note: str = "{band} of {length} s in the target"
    review_no_percent: str = "Glute: no percentage"
    review_before: str = "Before the first hold"
    review_none: str = "No hold was found in this recording"
    earlier_hold: str = "earlier hold"
    later_hold: str = "later hold"
