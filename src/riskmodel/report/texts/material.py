"""Texts of the chapter on the data. Each: Swedish, English."""

TEXTS = {
    "material_title": ("Uppgifterna bakom", "The data behind it"),
    "material_lead": (
        "Poängen bygger på kommunens egna uppgifter. Här står vilka ärenden som är med, vilka som inte är det och "
        "vad som var fel i filerna.",
        "The points rest on the municipality's own data. This chapter says which cases are in, which are not, and "
        "what was wrong in the files.",
    ),
    "flow_heading": ("Från rader till ärenden", "From rows to cases"),
    "flow_caption": ("Hur raderna i registret blev ärenden", "How the rows of the register became cases"),
    "flow_step": ("Steg", "Step"),
    "flow_events": ("varav långa", "of these long"),
    "flow_note": (
        "”Varav långa” räknar dem vars utfall är känt. Steg som inte tog bort någon står inte med.",
        "“Of these long” counts those whose outcome is known. Steps that left nobody out are not listed.",
    ),
    "month_granted_for": (
        "Månaden i registret är den månad biståndet gäller.",
        "The month in the register is the month the grant is for.",
    ),
    "month_paid_in": (
        "Månaden i registret är utbetalningsmånaden. Den kan skilja sig från den månad biståndet gäller.",
        "The month in the register is the month of payment. It can differ from the month the grant is for.",
    ),
    "forms_heading": ("Svar från två formulär", "Answers from two forms"),
    "forms_text": (
        "Kommunen har nyss börjat ställa frågorna i det första samtalet. Svaren för dem som fick bistånd länge kommer "
        "därför från kartläggningen, och svaren för de andra från det första samtalet. Vikter gör att de tillsammans "
        "motsvarar alla nya ärenden med svar från det första samtalet.",
        "The municipality has just begun to ask the questions in the first conversation. So the answers of those who "
        "stayed long come from the survey, those of the others from the first conversation. Weights make the two stand "
        "for all new cases with answers from the first conversation.",
    ),
    "forms_tau": (
        "Av 100 sådana ärenden blir {n} långa. Osäkerhet: {range}.",
        "Of 100 such cases {n} turn out long. Uncertainty: {range}.",
    ),
    "forms_months": (
        "Ärenden som började i {months} är inte med, för kartläggningen når för få av dem som fick bistånd länge.",
        "Cases that began in {months} are left out, because the survey reaches too few of those who stayed long.",
    ),
    "forms_measured": (
        "Poängen är prövade på nya ärenden som alla har svar från det första samtalet, minst {n} långa och {n} andra. "
        "Resultatet står bland kraven, under ”Riskerna stämmer med utfallen”.",
        "The points have been tested on new cases that all have answers from the first conversation, at least {n} long "
        "and {n} others. The result stands among the gates, under right risks.",
    ),
    "forms_not_measured": (
        "Poängen är bara till för forskning tills de har prövats på minst {n} långa och {n} andra nya ärenden med svar "
        "från det första samtalet. Så många finns inte ännu.",
        "The points are for research only until they have been tested on at least {n} long and {n} other new cases "
        "with answers from the first conversation. There are not that many yet.",
    ),
    "forms_no_year": (
        "Med svar från två formulär går det inte att spara ett helt år till en sista prövning. Därför kan utgåvan inte "
        "publiceras.",
        "With answers from two forms no whole year can be kept for a last test. So the release can't be published.",
    ),
    "forms_items_all": (
        "En fråga är med bara om svaren betyder samma sak i båda formulären. Alla frågor klarade det.",
        "A question is used only if its answers mean the same on both forms. All questions do.",
    ),
    "forms_items_some": (
        "En fråga är med bara om svaren betyder samma sak i båda formulären. Frågor som inte kunde användas: {n}. "
        "Tabellen visar varför.",
        "A question is used only if its answers mean the same on both forms. Questions that could not be used: {n}. "
        "The table says why.",
    ),
    "forms_folded": ("Prövningen av varje fråga", "The test of each question"),
    "forms_caption": ("Vilka frågor som betyder samma sak i båda formulären", "Which questions mean the same on both"),
    "forms_question": ("Fråga", "Question"),
    "forms_verdict": ("Omdöme", "Verdict"),
    "forms_both": ("Personer som har svarat på båda", "People who answered both"),
    "forms_shift": ("Svar som har flyttat sig åt ett håll, av 100", "Answers that moved one way, of 100"),
    "forms_survey_blank": ("Utan svar i kartläggningen, av 100", "Blank in the survey, of 100"),
    "forms_intake_blank": ("Utan svar i första samtalet, av 100", "Blank in the first conversation, of 100"),
    "forms_note": (
        "Minst {people} personer ska ha svarat på båda formulären. Högst {shift} av 100 svar får ha flyttat sig åt ett "
        "håll, de åt andra hållet frånräknade. Andelen utan svar får skilja högst {blank} av 100.",
        "At least {people} people must have answered both forms. At most {shift} of 100 answers may have moved one "
        "way, less those that moved the other way. The shares of blanks may lie at most {blank} of 100 apart.",
    ),
    "tested_enters": ("Används", "Used"),
    "tested_not_declared_stable": ("Svaret kan hinna ändras", "The answer may have changed in between"),
    "tested_not_in_survey": ("Finns inte i kartläggningen", "Not in the survey"),
    "tested_too_few_with_both": ("För få har svarat på båda", "Too few answered both"),
    "tested_shifted": ("Svaren har flyttat sig", "The answers have moved"),
    "tested_blanks_differ": ("Olika många saknar svar", "The shares of blanks differ"),
    "outcome_heading": ("Vad som räknas som ett långt ärende", "What counts as long"),
    "outcome_text": (
        "”Mer än tio” och ”minst tio” ger olika svar. Därför redovisas alla tre definitionerna. Utgåvan förutsäger en.",
        "“More than ten” and “at least ten” give different answers, so all three definitions are shown. The release "
        "predicts one.",
    ),
    "outcome_caption": ("Långa ärenden enligt varje definition", "Long cases by each definition"),
    "outcome_definition": ("Definition", "Definition"),
    "outcome_known": ("Ärenden med känt utfall", "Cases whose outcome is known"),
    "outcome_long_of_100": ("Långa av 100", "Long of 100"),
    "outcome_chosen": ("{definition} (den här utgåvan)", "{definition} (this release)"),
    "outcome_stock": (
        "Andelen gäller nya ärenden. Bland alla som har bistånd under ett år är andelen långa mycket högre, eftersom "
        "den som har bistånd länge räknas år efter år.",
        "The share concerns new cases. Among everyone on assistance in a year it is much higher, because those who "
        "stay are counted year after year.",
    ),
    "followup_folded": ("Hur många som har bistånd månad för månad", "How many have assistance, month by month"),
    "followup_caption": ("Av 100 nya ärenden har så många bistånd", "Of 100 new cases so many have assistance"),
    "followup_month": ("Månad i ärendet", "Month of the case"),
    "followup_share": ("Har bistånd, av 100", "On assistance, of 100"),
    "exits_caption": ("Senaste registrerade avslutsorsak", "Last registered exit reason"),
    "exits_reason": ("Avslutsorsak", "Exit reason"),
    "exits_note": (
        "En annan inkomst än arbete, till exempel sjukersättning, kan vara ett gott utfall.",
        "Another income than work, such as sickness compensation, can be a good outcome.",
    ),
    "exit_none": ("Ingen registrerad", "None registered"),
    "exit_death": ("Avliden", "Died"),
    "exit_moved": ("Flyttat från kommunen", "Moved from the municipality"),
    "censored_text": (
        "{n} personer dog eller flyttade innan utfallet var avgjort. Så här mycket påverkar sättet att räkna dem:",
        "{n} people died or moved before the outcome was settled. This is how much the way of counting them matters:",
    ),
    "censored_caption": (
        "Långa av 100 med olika sätt att räkna dem som dog eller flyttade",
        "Long of 100 with different ways of counting those who died or moved",
    ),
    "censored_way": ("Sätt att räkna", "Way of counting"),
    "rule_ipcw": ("Liknande ärenden får väga för dem", "Similar cases weigh in for them"),
    "rule_drop": ("De räknas inte", "They are left out"),
    "rule_non_events": ("Alla räknas som korta", "All count as short"),
    "rule_events": ("Alla räknas som långa", "All count as long"),
    "rule_kaplan_meier": (
        "Kaplan–Meier, som jämförelse (osäkerhet)",
        "Kaplan–Meier, to compare with (interval)",
    ),
    "rule_chosen": ("{rule} (valt)", "{rule} (chosen)"),
    "unlinked_heading": ("Ärenden utan svar från första samtalet", "Cases without answers from the first conversation"),
    "unlinked_text": (
        "{share} av 100 nya ärenden saknar svar och är inte med i poängen.",
        "{share} of 100 new cases lack answers and are not part of the points.",
    ),
    "unlinked_text_used": (
        "{share} av 100 nya ärenden saknar svar från första samtalet. De av dem som blev långa är med i poängen om "
        "de finns i kartläggningen.",
        "{share} of 100 new cases lack answers from the first conversation. Those of them that stayed long are part of "
        "the points if they are in the survey.",
    ),
    "unlinked_explained": ("Kommunens förklaring:", "The municipality's explanation:"),
    "unlinked_caption": ("Ärenden med och utan svar", "Cases with and without answers"),
    "unlinked_linked": ("Med svar", "With answers"),
    "unlinked_unlinked_before_a_linked_case": (
        "Utan svar, personen svarade i ett senare ärende",
        "Without, but the person answered in a later case",
    ),
    "unlinked_unlinked_after_a_linked_case": (
        "Utan svar, personen svarade i ett tidigare ärende",
        "Without, but the person answered in an earlier case",
    ),
    "unlinked_unlinked_person_never_linked": ("Utan svar i något ärende", "Without answers in any case"),
    "unlinked_note": (
        "Ärenden utan svar kan gå annorlunda än de andra. Poängen säger ingenting om dem.",
        "Cases without answers may turn out otherwise than the rest. The points say nothing about them.",
    ),
    "survey_heading": ("Kartläggningen jämförd med registret", "The survey against the register"),
    "survey_text": (
        "Kartläggningen ska omfatta alla med mer än tio månader. Så här väl stämmer den med registret.",
        "The survey should hold everybody with more than ten months. This is how it agrees with the register.",
    ),
    "survey_caption": (
        "Personer efter månader i registret samma år",
        "People by months in the register that year",
    ),
    "survey_over": ("I båda, mer än tio månader", "In both, more than ten months"),
    "survey_fewer": ("I kartläggningen, tio månader eller färre", "In the survey, ten months or fewer"),
    "survey_absent": ("Mer än tio månader, inte i kartläggningen", "More than ten months, not in the survey"),
    "survey_note": ("Kolumner utan personer är utelämnade.", "Columns without anybody are left out."),
    "quality_heading": ("Vad som var fel i filerna", "What was wrong in the files"),
    "quality_text": (
        "Rader som inte går att använda läggs åt sidan och räknas. Ingenting rättas i tysthet.",
        "Rows that can't be used are set aside and counted. Nothing is corrected in silence.",
    ),
    "quality_caption": ("Anmärkningar, efter vad som hände med raden", "Findings, by what became of the row"),
    "quality_folded": ("Per fil och kolumn", "By file and column"),
    "quality_detail_caption": ("Anmärkningar per fil och kolumn", "Findings by file and column"),
    "quality_reason": ("Anmärkning", "Finding"),
    "quality_action": ("Vad som hände", "What became of it"),
    "quality_file": ("Fil", "File"),
    "quality_column": ("Kolumn", "Column"),
    "quality_n": ("Rader eller celler", "Rows or cells"),
    "quality_whole_row": ("hela raden", "the whole row"),
    "quality_none": ("Inga anmärkningar.", "No findings."),
    "action_quarantined": ("Lades åt sidan", "Set aside"),
    "action_blanked": ("Cellen tömdes", "Cell emptied"),
    "action_dropped": ("Dubblett, borttagen", "Copy, left out"),
    "action_noted": ("Behölls, noterad", "Kept, noted"),
    "reason_blank": ("Tomt svar", "Blank answer"),
    "reason_no_answer_text": ("Svaret betyder ”inget svar”", "The answer means “no answer”"),
    "reason_surrounding_blank": ("Blanktecken före eller efter svaret", "Blanks around the answer"),
    "reason_recovery": ("Återkrav (negativt belopp)", "Recovery (negative amount)"),
    "reason_zero_amount": ("Beloppet är noll", "Amount is zero"),
    "reason_other_state": ("Annat tillstånd än bistånd", "Another state than assistance"),
    "reason_open_spell": ("Period utan slut", "Spell without an end"),
    "reason_age_outside_limits": ("Ålder utanför gränserna", "Age outside the limits"),
    "reason_no_household": (
        "Ingen kolumn för hushåll: var och en räknas för sig, utan hushållets bistånd",
        "No column for households: everybody counts alone, without the household's assistance",
    ),
    "reason_identical_row": ("Likadana rader", "Identical rows"),
    "reason_unknown_outcome": ("Okänt utfall", "Unknown outcome"),
    "reason_file_not_used": ("Filen används inte", "File not used"),
    "reason_out_of_range": ("Värde utanför tillåtet område", "Value out of range"),
    "reason_repeated_row": ("Upprepad rad", "Repeated row"),
    "reason_repeated_answers": ("Upprepade svar", "Repeated answers"),
    "reason_contradictory_answers": ("Svar som säger emot varandra", "Contradictory answers"),
    "reason_wrong_number_of_cells": ("För många eller för få celler", "Too many or too few cells"),
    "reason_unreadable_number": ("Oläsligt tal", "Unreadable number"),
    "reason_unreadable_month": ("Oläslig månad", "Unreadable month"),
    "reason_unreadable_year": ("Oläsligt år", "Unreadable year"),
    "reason_unreadable_amount": ("Oläsligt belopp", "Unreadable amount"),
    "reason_unknown_code": ("Svar som inte finns i formuläret", "An answer the form does not have"),
    "reason_year_out_of_range": ("Orimligt år", "Year out of range"),
    "reason_month_out_of_range": ("Månaden finns inte", "No such month"),
    "reason_no_person": ("Rad utan löpnummer", "Row without a person's number"),
    "reason_impossible_spell": ("Period som slutar före sin början", "Spell that ends before it begins"),
    "reason_formula": ("Formel i en cell", "Formula in a cell"),
}
