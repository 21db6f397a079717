"""German of the effort card."""

from firingorder_signal.effort import ReferenceSource

from .texts_effort import EffortTexts

EFFORT = EffortTexts(
    title="ANSTRENGUNG",
    units={
        ReferenceSource.MAXIMUM: "% des eigenen Maximums",
        ReferenceSource.REFERENCE_LIFT: "% der eigenen Referenz",
        ReferenceSource.STRONGEST: "% des bisher Stärksten (keine Referenz gemessen)",
    },
    units_mixed="% der eigenen Referenzen",
    units_none="Prozente erscheinen mit der ersten Anspannung",
    counter="{done} von {wanted} Haltezeiten",
    ended="{done} von {wanted} Haltezeiten geschafft",
    percent="{value}\u00a0%",
    no_percent="\u2013\u2009",
    target="Ziel {low} bis {high} %",
    share="Gesäß {glute} : {hamstring} Beinbeuger",
    share_of_side="{side}: Gesäß {glute} : {hamstring} Beinbeuger",
    work="halten",
    rest="Pause",
    taking_over="Der Beinbeuger übernimmt: Anteil um {grown} Punkte auf {share} % gestiegen",
    taking_over_of_side="Beinbeuger {side} übernimmt: Anteil um {grown} Punkte auf {share} % gestiegen",
    hold_title="Haltezeit {number}",
    hold_cut="Haltezeit {number}, abgebrochen",
    mean_in_band="{name}: im Mittel {percent} %, {band} von {length} s im Ziel",
    mean="{name}: im Mittel {percent} %",
    mean_none="{name}: kein Prozentwert, keine Referenz",
    slopes="Medianfrequenz {frequency} ± {frequency_half} %/s, Amplitude {amplitude} ± {amplitude_half} %/s",
    no_slopes="keine Steigungen: {what}",
    directions={
        (-1, 1): "Frequenz fällt, Amplitude steigt: wie bei Ermüdung",
        (-1, -1): "beide fallen: die Anspannung ließ nach",
        (1, 1): "beide steigen: die Anspannung nahm zu",
        (-1, 0): "Frequenz fällt bei gleicher Amplitude",
        (1, 0): "Frequenz steigt bei gleicher Amplitude",
        (1, -1): "Frequenz steigt, Amplitude fällt",
        (0, 1): "Amplitude steigt bei gleicher Frequenz",
        (0, -1): "Amplitude fällt bei gleicher Frequenz",
        (0, 0): "keine Veränderung festzustellen",
    },
)
