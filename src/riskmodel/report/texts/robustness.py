"""Texts of the chapter on how firm the result is. Each: Swedish, English."""

TEXTS = {
    "robustness_title": ("Hur säkert resultatet är", "How firm the result is"),
    "robustness_lead": (
        "Hela modellen har gjorts om många gånger: på andra urval av ärendena, utan ett område eller ett år i taget, "
        "och med andra rimliga val. Här står hur mycket resultatet ändras då.",
        "The whole model has been made again many times: on other samples of the cases, without one area or one year "
        "at a time, and with other reasonable choices. This is how much the result changes.",
    ),
    "optimism_heading": ("Ser resultatet bättre ut än det är?", "Is the result too good?"),
    "optimism_text": (
        "En modell ser alltid lite bättre ut på de ärenden som den är gjord av. Allt har därför gjorts om {n} gånger "
        "på slumpvis dragna hushåll, och den skillnaden är avdragen här. Nivån är satt efter de senaste åren, så över "
        "alla år är den inte 100.",
        "A model always looks a little better on the cases it was made from. So everything was done again {n} times on "
        "households drawn at random, and that difference is deducted here. The level is set by the latest years, so "
        "over all years it is not 100.",
    ),
    "optimism_few": (
        "Färre än 500 omgångar räcker bara för att prova. Gör minst 500 innan resultatet används.",
        "Fewer than 500 rounds are enough for trying out alone. Do at least 500 before the result is used.",
    ),
    "optimism_caption": ("Poängen på sina egna ärenden", "The points on their own cases"),
    "optimism_apparent": ("Så det ser ut", "As it looks"),
    "optimism_optimism": ("Avdrag", "Deducted"),
    "optimism_corrected": ("Rättat", "Corrected"),
    "held_out_heading": ("Håller det där modellen inte har varit?", "Does it hold where the model has not been?"),
    "held_out_text": (
        "Varje område, och varje år, har prövats med en modell som är gjord utan det. Det sista spannet säger vad man "
        "kan vänta sig i ett område eller år som ännu inte finns i underlaget.",
        "Each area, and each year, was tested with a model made without it. The last range says what to expect in an "
        "area or year that is not in the data yet.",
    ),
    "held_out_caption": ("Utan ett område eller ett år i taget", "Without one area or one year at a time"),
    "held_out_which": ("Utelämnat", "Left out"),
    "held_out_area": ("ett område i taget", "one area at a time"),
    "held_out_year": ("ett år i taget", "one year at a time"),
    "held_out_next_area": ("Väntat i ett nytt område, ett nytt år", "To expect in a new area, a new year"),
    "held_out_one_area": (
        "Det finns bara ett område, så hur det blir i ett annat går inte att pröva.",
        "There is one area only, so how it would be in another can't be tested.",
    ),
    "held_out_none": (
        "Det finns för få områden och år med tillräckligt många ärenden för att pröva detta.",
        "There are too few areas and years with enough cases to test this.",
    ),
    "firm_heading": ("Skulle andra personer ha flaggats?", "Would other people have been flagged?"),
    "firm_text": (
        "Om slumpen hade gett andra ärenden att lära av hade i genomsnitt {changed} personer av 100 fått en annan "
        "flagga. En persons risk hade i genomsnitt ändrats med {change} av 100. De som ligger så nära gränsen "
        "får svaret ”gränsfall”.",
        "Had chance given other cases to learn from, on average {changed} people of 100 would have had another flag. "
        "A person's risk would on average have changed by {change} of 100. Those in the balance lie in the borderline "
        "band and get the answer “borderline”.",
    ),
    "choices_heading": ("Hade andra val gett andra flaggor?", "Would other choices have flagged others?"),
    "choices_text": (
        "Modellen vilar på val som kunde ha gjorts på ett annat rimligt sätt. Här är ett val i taget ändrat och allt "
        "gjort om. Mest ändras flaggorna av valet ”{choice}”: {changed} av 100.",
        "The model rests on choices that could reasonably have been others. Here one choice at a time is changed and "
        "everything done again. The flags change most with the choice “{choice}”: {changed} of 100.",
    ),
    "choices_folded": ("Alla prövade val", "All the choices tried"),
    "choices_caption": ("Ett val i taget ändrat", "One choice changed at a time"),
    "choices_choice": ("Val", "Choice"),
    "choices_value": ("Prövat värde", "Value tried"),
    "choices_auc": ("Rätt ordning av 100 par", "Right order of 100 pairs"),
    "choices_flagged": ("Flaggade av 100", "Flagged of 100"),
    "choices_changed": ("Annan flagga av 100", "Another flag of 100"),
    "choice_not_possible": ("går inte", "not possible"),
    "choice_clean_months": ("Månader utan bistånd före ett nytt ärende", "Months without assistance before a new case"),
    "choice_outcome": ("Vad som räknas som långvarigt", "What counts as long-term"),
    "choice_knots": ("Hur böjlig kurvan för tal får vara (knutar)", "How flexible the curve of numbers is (knots)"),
    "choice_penalty_rule": ("Hur mycket poängen dras mot mitten", "How much points are pulled to the middle"),
    "choice_link_last_month": ("Hur sent svaren får vara", "How late answers may be"),
    "choice_link_first_month": ("Hur tidiga svaren får vara", "How early answers may be"),
    "choice_intercept_window_years": ("År som bestämmer nivån", "Years that set the level"),
    "choice_blanks": ("Hur uteblivna svar räknas", "How missing answers count"),
    "choice_censoring": ("Hur avlidna och flyttade räknas", "How those who died or moved count"),
    "value_over_ten_of_twelve": ("mer än 10 av 12 månader", "more than 10 of 12 months"),
    "value_national_year": ("minst 10 månader av ett kalenderår", "at least 10 months of a calendar year"),
    "value_k_of_w": ("kommunens egen gräns", "the municipality's own limit"),
    "value_approximate": (
        "ett hushåll utelämnat i taget, ungefärligt",
        "one household out at a time, approximately",
    ),
    "value_grouped": ("en tiondel utelämnad i taget", "a tenth left out at a time"),
    "value_column": ("egna poäng", "points of their own"),
    "value_mean": ("som frågans medelvärde", "as the item's mean"),
    "value_ipcw": ("andra får väga för dem", "others are weighted for them"),
    "value_drop": ("räknas inte", "not counted"),
    "value_non_events": ("som korta", "as short"),
    "value_events": ("som långa", "as long"),
    "proxies_heading": ("Kan poängen gissa det som inte ska vara med?", "Can the points guess what should stay out?"),
    "proxies_text": (
        "Kön, födelseland och liknande är inte med i poängen, men svaren kan ändå säga något om dem. Talet visar hur "
        "ofta svaren pekar ut rätt person i ett par där bara den ena hör till gruppen: 50 är ren slump.",
        "Sex, country of birth and the like are not in the points, but the answers may still tell of them. The figure "
        "is how often the answers would put the right person of a pair in the group: 50 is pure chance.",
    ),
    "proxies_caption": ("Hur väl svaren gissar gruppen", "How well the answers guess the group"),
    "proxies_guess": ("Rätt av 100 par", "Right of 100 pairs"),
    "drop_in_text": (
        "Att lägga till uppgifterna i poängen hade ändrat träffsäkerheten så här. De läggs inte till.",
        "Adding the information to the points would have changed their accuracy like this. It is not added.",
    ),
    "drop_in_caption": ("Om uppgiften hade varit med", "Had the information been used"),
    "drop_in_added": ("Tillagd uppgift", "Information added"),
    "drop_in_all": ("alla tillsammans", "all together"),
    "drop_in_gain": ("Fler rätt av 100 par", "More right of 100 pairs"),
}
