"""German of what has a small record of its own: answer, guide, troubles, the offer to go on."""

from firingorder_signal.blocks import Side

from .texts_answer import AnswerTexts
from .texts_guide import GuideTexts
from .texts_offer import OfferTexts
from .texts_trouble import TroubleTexts

ANSWER = AnswerTexts(
    title="WAS DIE SERIE ZEIGT",
    glute="Gesäß",
    pelvis="Becken",
    order="Reihenfolge",
    glute_in_all="setzte in allen {total} gewerteten Wiederholungen ein",
    glute_in_some="setzte in {found} von {total} gewerteten Wiederholungen ein",
    glute_in_none="blieb in allen {total} gewerteten Wiederholungen auf Ruhepegel",
    pelvis_unknown="nicht gemessen: kein Sensor daran oder keine Wiederholung gewertet",
    order_known="{verdict}, {lag} (90 %: {low} bis {high})",
    order_open="{verdict}",
    not_judged="nicht bewertet: {what}",
    published="Zum Vergleich, gesunde Gruppen, Beinbeuger voraus: {groups}",
    published_group="{lag} ({citation})",
    published_first="Gesäß {lag} nach dem ersten Muskel ({citation})",
    unpublished="Zu diesem Test gibt es keine veröffentlichten Werte",
    sides_told="Links {left}, rechts {right}: {difference} Unterschied, mehr als die zufälligen {detectable}",
    sides_told_own="Links {left}, rechts {right}: {difference} Unterschied, mehr als die {detectable}, um die sich "
    "die Termine dieser Person unterscheiden",
    sides_alike_own="Links {left}, rechts {right}: {difference} Unterschied, innerhalb der {detectable}, um die sich "
    "die Termine dieser Person unterscheiden",
    sides_alike="Links {left}, rechts {right}: {difference} Unterschied, innerhalb der zufälligen {detectable}",
    key="A: dies · 1 bis 9: eine Wdh.",
)

GUIDE = GuideTexts(
    wait_for_tone="Auf den Ton warten. {cue}",
    lift="Jetzt anheben",
    rest="Pause",
    rest_lift="Das Bein locker liegen lassen · noch {seconds} s",
    rest_hold="Loslassen · noch {seconds} s",
    rest_over="Das Bein locker liegen lassen",
    hold="Halten",
    hold_left="noch {seconds} s",
    hold_counter="Haltephase",
    hold_progress="{done} von {wanted} Haltephasen",
    kicker_hold="HALTEPHASE {number} VON {wanted}",
    switch_side="Seite wechseln",
    switch_to={
        Side.LEFT: "Jetzt das linke Bein: bereit hinlegen, dann weiter",
        Side.RIGHT: "Jetzt das rechte Bein: bereit hinlegen, dann weiter",
    },
    key_tone="Ton",
)

TROUBLE = TroubleTexts(
    kicker="TEST STEHT",
    not_recording="Keine Aufnahme",
    not_recording_body="{error}. Was vorher kam, ist gesichert",
    silent="Keine Daten",
    silent_body="{names}: seit einem Moment kommt nichts. Den Sensor näher bringen oder sein Kabel prüfen",
    quiet_body="Seit einem Moment kommt nichts Neues. Andere Programme schließen oder die Sensoren prüfen",
    slow="Rechner zu langsam",
    slow_body="Antworten kommen {seconds} s zu spät. Andere Programme schließen; die Aufnahme ist vollständig",
)

OFFER = OfferTexts(
    title="Test nicht beendet",
    kicker="{test} · von {clock}",
    kicker_side="{test} · Bein {side} · von {clock}",
    lifts="{counted} von {wanted} Wiederholungen gewertet",
    holds="{counted} von {wanted} Haltephasen gewertet",
    question="Damit weitermachen oder neu beginnen?",
    kept="Das Programm endete vor dem Test. Was aufgenommen wurde, bleibt in jedem Fall erhalten.",
    go_on="Weitermachen",
    new="Neuer Test",
    cap_go_on="Leertaste",
    cap_new="N",
)
