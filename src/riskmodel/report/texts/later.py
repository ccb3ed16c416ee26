"""Texts of the chapter on points later in a case. Each: Swedish, English."""

TEXTS = {
    "later_title": ("Poäng senare i ärendet", "Points later in a case"),
    "later_lead": (
        "Ett ärende kan få poäng igen, med det som är känt då. Varje tidpunkt har en egen tabell. Poäng ur olika "
        "tabeller går inte att jämföra med varandra, men det går att jämföra riskerna.",
        "A case can be given points again, with what is known by then. Each time has a table of its own. Points from "
        "different tables can't be compared with one another, but the risks can.",
    ),
    "later_none": (
        "Den här versionen ger poäng bara när ärendet börjar.",
        "This version gives points only when a case begins.",
    ),
    "later_heading": ("Efter {month} månader", "After {month} months"),
    "later_whom": (
        "Gäller dem som fortfarande har bistånd och där det inte redan är avgjort hur det går. Underlaget är {n} "
        "ärenden, och {rate} av 100 av dem blev långvariga.",
        "Concerns those who are still on assistance and whose outcome is not settled yet. It rests on {n} cases, of "
        "whom {rate} of 100 became long-term.",
    ),
    "later_auc": (
        "Ta ett långt ärende och ett kort. I {auc} fall av 100 har det långa fått högre poäng ({range}).",
        "Take one long case and one that was not. {auc} times of 100 the long one has the higher points ({range}).",
    ),
    "later_oe": (
        "För varje 100 förutsagda långa ärenden blev det {oe} ({range}).",
        "For every 100 long cases predicted there were {oe} ({range}).",
    ),
    "later_history": (
        "Hur många månader personen redan har haft bistånd står för {share} hundradelar av poängens förmåga att "
        "skilja ärendena åt.",
        "How many months the person has been on assistance already accounts for {share} parts of 100 of what the "
        "points tell apart.",
    ),
    "later_flag": (
        "Flaggan ges från {flag} poäng, som svarar mot risken {risk} av 100. Då flaggas {flagged} av 100, och av 100 "
        "flaggade får {ppv} bistånd länge.",
        "The flag is raised from {flag} points, a risk of {risk} of 100. Then {flagged} of 100 are flagged, and of 100 "
        "flagged {ppv} stay long.",
    ),
    "later_no_flag": (
        "Ingen gräns uppfyller kommunens krav vid den här tidpunkten, så tabellen ger inga flaggor.",
        "No limit meets the municipality's demands at this time, so the table raises no flags.",
    ),
    "later_folded": ("Poängen efter {month} månader", "The points after {month} months"),
}
