"""What the product is for, and what it does not do: shown by the window, the reports, the README."""

INTENDED_USE = (
    "Research and training feedback tool. It measures the timing and size of surface muscle signals. It is not a "
    "medical device; it does not diagnose, treat, cure, predict or prevent any disease or injury. Do not use results "
    "alone to make a care decision. Stop if you feel pain."
)
#: The same in German, for reports and whoever else speaks it.
INTENDED_USE_DE = (
    "Werkzeug für Forschung und Rückmeldung im Training. Es misst Zeitpunkt und Größe von Muskelsignalen an der "
    "Hautoberfläche. Es ist kein Medizinprodukt; es diagnostiziert, behandelt, heilt, verhindert keine Krankheit oder "
    "Verletzung und sagt keine vorher. Ergebnisse nicht allein zur Grundlage einer Entscheidung über die Versorgung "
    "machen. Bei Schmerzen aufhören."
)
