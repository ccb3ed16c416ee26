"""Texts of the first page: the answer in natural frequencies. Each: Swedish, English."""

TEXTS = {
    "answer_title": ("Svaret i korthet", "The answer in brief"),
    "verdict_passed": ("✓\u00a0Inget hindrar att utgåvan godkänns.", "✓\u00a0Nothing stands in the way of approval."),
    "verdict_passed_text": (
        "{passed} av {n} krav är uppfyllda och inget är underkänt. När rapporten skrevs återstod detta innan utgåvan "
        "kunde publiceras:",
        "{passed} of {n} requirements are met and none has failed. When this was written there remained, before the "
        "release could be published:",
    ),
    "verdict_failed": ("✗\u00a0Utgåvan får inte publiceras.", "✗\u00a0The release may not be published."),
    "verdict_failed_text": (
        "Underkända krav: {failed} av {n}. Så här går ni vidare:",
        "Requirements that failed: {failed} of {n}. How to go on:",
    ),
    "gate_named": ("Kravet ”{name}”.", "Requirement “{name}”."),
    "waived": (
        "Undantag från kravet ”{gate}”{what} till {until}, {name}: {reason}",
        "Exception from “{gate}”{what} until {until}, {name}: {reason}",
    ),
    "it_concerns": ("Det gäller {what}.", "It concerns {what}."),
    "in_band": (
        "I {share} av 100 ärenden ligger poängen så nära gränsen att svaret blir gränsfall; högst {most} tillåts.",
        "In {share} of 100 cases the points lie so near the limit that the answer is borderline; {most} are allowed.",
    ),
    "kind_temporal": (
        "Varje år är prövat med poäng som räknats fram enbart ur ärenden vars utfall då var känt, precis som när "
        "stödet används.",
        "Each year was tested with points worked out only from cases whose outcome was known then, just as when the "
        "support is used.",
    ),
    "kind_out_of_fold": (
        "Det finns för få hela år för att pröva poängen år för år. Varje ärende är i stället prövat med poäng som "
        "räknats fram utan det.",
        "There are too few whole years to test the points year by year. Instead each case was tested with points "
        "worked out without it.",
    ),
    "evidence_weak": (
        "Underlaget är svagt: osäkerheten är stor. Läs talen som en fingervisning.",
        "The evidence is weak: the uncertainty is large. Read the numbers as an indication.",
    ),
    "research_only": ("✗\u00a0Bara för analys.", "✗\u00a0For analysis only."),
    "research_only_text": (
        "Underlaget räcker inte för att använda poängen i ärenden. Tabellen ”Krav för publicering” säger varför.",
        "The evidence is not enough to use the points in casework. The table “Requirements for publication” says why.",
    ),
    "no_flag": ("○\u00a0Utgåvan ger inga flaggor.", "○\u00a0This release raises no flags."),
    "no_flag_text": (
        "Ingen poänggräns klarar det som kommunen har bestämt i förväg: {rules}. Hellre ingen flagga än en som är för "
        "svag.",
        "No limit keeps what the municipality decided beforehand: {rules}. No flag is better than a weak one.",
    ),
    "rule_ppv": (
        "minst {n} av 100 flaggade ska vara långa ärenden",
        "at least {n} of 100 flagged must stay long",
    ),
    "rule_left": (
        "högst {n} av 100 flaggade får klara sig själva inom 100 dagar",
        "at most {n} of 100 flagged may manage on their own within 100 days",
    ),
    "rule_capacity": (
        "högst {n} av 100 nya ärenden kan få mer stöd",
        "at most {n} of 100 new cases can be given more support",
    ),
    "key_ppv": ("som flaggades fick bistånd länge.", "who were flagged stayed long on assistance."),
    "key_left": (
        "som fick flaggan hade klarat sig själva inom 100 dagar. För dem var den tidiga utredningen onödig.",
        "who were flagged had managed on their own within 100 days. For them an early investigation was needless.",
    ),
    "key_flagged": ("nya ärenden får flaggan.", "new cases are flagged."),
    "key_missed": (
        "som fick bistånd länge fick ingen flagga. De missas.",
        "who stayed long were not flagged. They are missed.",
    ),
    "certainty": ("Osäkerhet: {range} av 100.", "Uncertainty: {range} of 100."),
    "what_long_is": ("Länge betyder: {outcome}.", "Long means: {outcome}."),
    "what_it_rests_on": (
        "Talen bygger på {n} nya ärenden från {years}.",
        "The numbers rest on {n} new cases from {years}.",
    ),
    "what_uncertainty_is": (
        "Osäkerheten visar mellan vilka gränser det rätta talet sannolikt ligger. Gränserna är satta så att de håller "
        "95 gånger av 100.",
        "The uncertainty shows between which limits the right number probably lies. The limits are set to hold 95 "
        "times of 100.",
    ),
    "hundred_caption": ("Hundra personer som får flaggan", "A hundred people who are flagged"),
    "hundred_alternative": (
        "Hundra rutor. {long} fick bistånd länge, {between} fick bistånd i mer än 100 dagar men inte länge, "
        "{left} klarade sig själva inom 100 dagar.",
        "A hundred squares. {long} stayed long, {between} had assistance for more than 100 days but did not stay "
        "long, {left} managed on their own within 100 days.",
    ),
    "hundred_long": ("fick bistånd länge", "stayed long"),
    "hundred_between": ("slutade få bistånd senare", "left assistance later"),
    "hundred_left": ("klarade sig själva inom 100 dagar", "managed on their own within 100 days"),
    "hundred_column": ("Av 100 som får flaggan", "Of 100 who are flagged"),
    "hundred_row": ("Vad som hände", "What happened"),
    "fourfold": ("Hundra nya ärenden: vem får flaggan, och vem behövde den?", "A hundred new cases: who is flagged?"),
    "fourfold_row": ("Flagga", "Flag"),
    "fourfold_flagged": ("Får flaggan", "Flagged"),
    "fourfold_unflagged": ("Får inte flaggan", "Not flagged"),
    "fourfold_long": ("Får bistånd länge", "Stay long"),
    "fourfold_short": ("Får inte bistånd länge", "Don't stay long"),
    "fourfold_note": (
        "Av de {long} som får bistånd länge hittar flaggan {hit} och missar {missed}. {needless} får flaggan i onödan.",
        "Of the {long} who stay long the flag finds {hit} and misses {missed}. {needless} are flagged needlessly.",
    ),
    "meaning_heading": ("Vad flaggan betyder", "What the flag means"),
    "meaning_1": (
        "Flaggan är en påminnelse: fråga tidigt om personen vill ha mer stöd.",
        "The flag is a reminder: ask early whether the person wants more support.",
    ),
    "meaning_2": (
        "Handläggaren gör sin egen bedömning först och kan alltid gå emot flaggan.",
        "The caseworker makes an assessment first and can always depart from the flag.",
    ),
    "meaning_3": (
        "Flaggan har ingenting med rätten till bistånd att göra, inte med beloppet och inte med kontroll.",
        "The flag has nothing to do with the right to assistance, with its amount or with control.",
    ),
    "meaning_4": (
        "Nära gränsen är svaret ”gränsfall”. Saknas för många svar ges inget råd, och det betyder inte att risken är "
        "låg.",
        "Near the limit the answer is “borderline”. Where too many answers are missing there is no advice, "
        "and that does not mean that the risk is low.",
    ),
    "places_heading": ("Var stödplatserna behövs", "Where the places are needed"),
    "places_text": (
        "Gränsen för flaggan är densamma i hela kommunen. Tabellen visar hur många flaggor varje område kan räkna "
        "med under ett år. Använd den för att planera, inte för att styra vem som får flaggan.",
        "The limit is the same in the whole municipality. The table shows how many flags each area can expect in "
        "a year. Use it for planning, not for steering who is flagged.",
    ),
    "places_caption": ("Flaggor per område och år", "Flags by area and year"),
    "places_per_year": ("Nya ärenden per år", "New cases a year"),
    "places_flags": ("Flaggor per år", "Flags a year"),
    "places_ppv": ("Långa ärenden av 100 flaggade", "Of 100 flagged stayed long"),
    "places_missed": ("Av 100 långa ärenden missades", "Of 100 long cases missed"),
    "places_note": (
        "Gäller nya ärenden med svar från första samtalet, {years}. Områden med färre än 100 långa ärenden, eller "
        "färre än 100 korta, får inget tal.",
        "New cases with answers from the first conversation, {years}. Areas with fewer than 100 cases of either kind "
        "(stayed long, did not) get no number.",
    ),
    "at_month": ("efter {month} månader {what}", "after {month} months {what}"),
    "new_year_heading": ("Stämmer förra utgåvan än?", "Does the previous release still fit?"),
    "new_year_text": (
        "Förra utgåvan har prövats på de ärenden som den inte har sett. Minsta möjliga ändring prövas först: behåll, "
        "justera nivån, justera nivå och spridning, beräkna nya poäng.",
        "The previous release was tested on the cases it has not seen. The least change is tried first: keep, adjust "
        "the level, adjust level and spread, refit the points.",
    ),
    "new_year_caption": ("Förra utgåvan på de nya ärendena", "The previous release on the new cases"),
    "changes_heading": ("Vad som har ändrats sedan förra utgåvan", "What has changed since the last release"),
    "changes_none": (
        "Ingen tidigare utgåva är vald att jämföra med (release.previous).",
        "No earlier release has been chosen to compare with (release.previous).",
    ),
    "changes_caption": ("Förra utgåvan och den här", "The last release and this one"),
    "changes_what": ("Vad", "What"),
    "changes_before": ("Förra", "Last"),
    "changes_now": ("Den här", "This one"),
    "changes_flag": ("Flagga från (poäng)", "Flag from (points)"),
    "changes_flag_risk": ("Risk vid gränsen, av 100", "Risk at the limit, of 100"),
    "changes_ppv": ("Långa ärenden av 100 flaggade", "Of 100 flagged stayed long"),
    "changes_flagged": ("Flaggade av 100 nya ärenden", "Flagged of 100 new cases"),
    "changes_missed": ("Av 100 långa ärenden missades", "Of 100 long cases missed"),
    "changes_auc": ("Rätt ordning av 100 par", "Right order of 100 pairs"),
    "changes_items_n": ("Antal frågor för nya ärenden", "Number of questions, new cases"),
    "changes_new_items": ("Nya frågor: {items}.", "New questions: {items}."),
    "changes_gone_items": ("Frågor som har tagits bort: {items}.", "Questions left out: {items}."),
    "changes_points": (
        "För {n} svar har poängen ändrats, som mest med {most}.",
        "For {n} answers the points have changed, by {most} at most.",
    ),
    "changes_no_points": ("Poängen för svaren är oförändrade.", "The points for the answers are unchanged."),
    "decision_heading": ("Så fattas beslutet", "How the decision is taken"),
    "decision_1": (
        "Den här sidan räcker för att ta ställning. Resten av rapporten visar vad svaret bygger på.",
        "This page is enough to take a position. The rest of the report shows what the answer rests on.",
    ),
    "decision_2": (
        "Innan utgåvan publiceras prövas arbetssättet på det senaste hela året. Det ska ske en enda gång. Hur många "
        "gånger det skedde, och hur det gick, står på utgåvans kort. Inget mått på träffsäkerhet här kommer från det "
        "året.",
        "Before the release is published the procedure is tested on the latest whole year. That should happen once. "
        "How often it did, and what came of it, stands on the release's card. No measure of accuracy here is of that "
        "year.",
    ),
    "decision_no_year": (
        "Det finns inget helt år att pröva arbetssättet på en sista gång. Därför kan utgåvan inte publiceras.",
        "There is no whole year on which the procedure could be tested a last time. So the release can't be published.",
    ),
    "decision_3": (
        "Två olika personer ska godkänna. Utgåvan slutar gälla av sig själv efter {months} månader, "
        "eller tidigare om ett undantag går ut.",
        "Two different people must approve. The release expires by itself after {months} months, or before that with "
        "the first waiver.",
    ),
}
