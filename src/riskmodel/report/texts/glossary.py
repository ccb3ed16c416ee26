"""The report's glossary. Each: Swedish, English; `term_x` is explained by `meaning_x`."""

TEXTS = {
    "term_long": ("Långt ärende, fick bistånd länge", "Long case, stayed long"),
    "meaning_long": (
        "Ett ärende där personen fick bistånd så länge som utgåvans definition säger: {outcome}.",
        "A case in which the person had assistance for as long as the release's definition says: {outcome}.",
    ),
    "term_new": ("Nytt ärende", "New case"),
    "meaning_new": (
        "Första månaden med bistånd efter minst {months} månader utan bistånd.",
        "The first month with assistance after at least {months} months without.",
    ),
    "term_100": ("Klarade sig själva inom 100 dagar", "Managed on their own within 100 days"),
    "meaning_100": (
        "Inget bistånd under ärendets fjärde, femte och sjätte månad.",
        "No assistance in the case's fourth, fifth and sixth month.",
    ),
    "term_flag": ("Flagga", "Flag"),
    "meaning_flag": (
        "Påminnelse till handläggaren om att mer stöd kan behövas. Aldrig ett beslut.",
        "A reminder to the caseworker that more support may be needed. Never a decision.",
    ),
    "term_risk": ("Risk", "Risk"),
    "meaning_risk": (
        "Hur många av 100 nya ärenden med samma poäng som väntas bli långa.",
        "How many of 100 new cases with the same points are expected to become long.",
    ),
    "term_uncertainty": ("Osäkerhet", "Uncertainty"),
    "meaning_uncertainty": (
        "Gränser som omfattar det rätta talet 95 gånger av 100, räknade på hushåll (95 procents konfidensintervall).",
        "Limits that hold the right number 95 times of 100, by household (95% confidence interval).",
    ),
    "term_calibration": ("Kalibrering", "Calibration"),
    "meaning_calibration": (
        "Att förutsagd risk stämmer med hur det går: av 100 ärenden med risken 40 av 100 ska ungefär 40 bli långa.",
        "That predicted risk agrees with what happens: of 100 cases with a risk of 40 of 100 about 40 become long.",
    ),
    "term_net_benefit": ("Nettonytta", "Net benefit"),
    "meaning_net_benefit": (
        "Rätt flaggade minus onödigt flaggade, där de onödiga vägs efter kommunens regel. Per 100 nya ärenden.",
        "Rightly flagged less needlessly flagged, the latter weighed by the municipality's rule. Per 100 new cases.",
    ),
    "term_odds": ("Odds", "Odds"),
    "meaning_odds": (
        "Hur många ärenden som blir långa för varje ärende som inte blir det. 40 av 100 är oddsen 40 mot 60.",
        "How many stay long for each one who does not. 40 of 100 is odds of 40 to 60.",
    ),
    "term_release": ("Utgåva", "Release"),
    "meaning_release": (
        "En version av poängtabellen med gränser, underlag och slutdatum.",
        "One version of the table of points with limits, evidence and an end date.",
    ),
    "term_survey": ("Kartläggning", "Survey"),
    "meaning_survey": (
        "Den årliga genomgången av alla som har haft bistånd i mer än tio månader.",
        "The yearly survey of everybody who has had assistance for more than ten months.",
    ),
    "term_too_few": ("För få för att säga", "Too few to say"),
    "meaning_too_few": (
        "Färre än 100 långa ärenden, eller färre än 100 korta.",
        "Fewer than 100 cases that stayed long, or fewer than 100 that did not.",
    ),
}
