"""Texts of the chapter on how the points are worked out. Each: Swedish, English."""

TEXTS = {
    "score_title": ("Så räknas poängen", "How the points are worked out"),
    "score_lead": (
        "Varje svar ger ett antal poäng. Summan läses av i en tabell som ger risken. Samma summa fås med dator och "
        "med papper och penna. Tio poäng mer betyder att oddsen för ett långt ärende fördubblas.",
        "Each answer gives a number of points. The sum is looked up in a table that gives the risk. Computer and "
        "pencil give the same sum. Ten points more double the odds of a long case.",
    ),
    "points_heading": ("Poäng för varje svar", "Points for each answer"),
    "points_answer": ("Svar", "Answer"),
    "points_points": ("Poäng", "Points"),
    "points_no_answer": ("Inget svar", "No answer"),
    "points_unknown": ("Inte känt", "Not known"),
    "points_route": ("följer en regel, inga poäng", "follows a rule, no points"),
    "points_justification": (
        "Frågan rör {grounds}, som diskrimineringslagen skyddar. Skälet till att den ändå används:",
        "The question touches {grounds}, which discrimination law protects. Why it is used all the same:",
    ),
    "points_changeable": ("Går att förändra med stöd.", "Can change with support."),
    "risk_heading": ("Från poäng till risk", "From points to risk"),
    "risk_text": (
        "Risken är hur många av 100 nya ärenden med samma summa som väntas bli långa.",
        "The risk is how many of 100 new cases with the same sum are expected to stay long.",
    ),
    "risk_caption": ("Risk för varje summa av poäng", "Risk for each sum of points"),
    "risk_alternative": (
        "Stigande kurva från {first_risk} av 100 vid {first} poäng till {last_risk} av 100 vid {last} poäng. {flag}",
        "Rising curve from {first_risk} of 100 at {first} points to {last_risk} of 100 at {last} points. {flag}",
    ),
    "risk_across": ("Summa poäng", "Sum of points"),
    "risk_up": ("Risk: långa ärenden av 100", "Risk: long cases of 100"),
    "risk_flag": ("flagga från {flag}", "flag from {flag}"),
    "risk_flag_sentence": ("Flaggan ges från {flag} poäng.", "The flag is raised from {flag} points."),
    "risk_sum": ("Poäng", "Points"),
    "risk_risk": ("Risk av 100", "Risk of 100"),
    "risk_answer": ("Svar till handläggaren", "Answer to the caseworker"),
    "answer_more_support": ("mer stöd kan behövas", "more support may be needed"),
    "answer_borderline": ("gränsfall", "borderline"),
    "answer_no_indication": ("inget som tyder på det", "no indication"),
    "limit_heading": ("Gränsen, och den som valdes bort", "The limit, and the one that was rejected"),
    "limit_text": (
        "Gränsen är inte vald för att ge fina siffror. Kommunen bestämde reglerna först, och därefter valdes den "
        "lägsta gräns som klarar dem:",
        "The limit was not chosen to give fine numbers. The municipality set the rules first, and then the lowest "
        "limit that keeps them was chosen:",
    ),
    "limit_weight": (
        "en onödig utredning väger {harm} hundradelar av ett missat långt ärende",
        "a needless investigation weighs {harm} hundredths of a missed long case",
    ),
    "limit_caption": ("Vald gräns och bortvald gräns", "The chosen limit and the rejected one"),
    "limit_what": ("Följd", "Consequence"),
    "limit_chosen": ("Vald", "Chosen"),
    "limit_rejected": ("Bortvald", "Rejected"),
    "limit_flag": ("Flagga från (poäng)", "Flag from (points)"),
    "limit_risk": ("Risk vid gränsen, av 100", "Risk at the limit, of 100"),
    "limit_band": ("Gränsfall mellan (poäng)", "Borderline between (points)"),
    "limit_flagged": ("Flaggade av 100 nya ärenden", "Flagged of 100 new cases"),
    "limit_ppv": ("Långa ärenden av 100 flaggade", "Of 100 flagged stayed long"),
    "limit_left": ("Av 100 flaggade klarade sig själva inom 100 dagar", "Of 100 flagged managed within 100 days"),
    "limit_missed": ("Av 100 långa ärenden missades", "Of 100 long cases missed"),
    "limit_note": (
        "Den bortvalda gränsen låter en onödig utredning väga {harm} hundradelar av en missad person. {why}",
        "The rejected limit lets a needless investigation weigh {harm} hundredths of a missed person. {why}",
    ),
    "limit_unmet": ("Den klarar inte kommunens krav på {demands}.", "It does not keep the demand on {demands}."),
    "limit_other_policy": (
        "Den klarar kraven men svarar mot en annan avvägning än kommunens.",
        "It keeps the demands but answers to another weighing than the municipality's.",
    ),
    "demand_harm_ratio": ("avvägningen mellan missade och onödiga", "the weighing of missed against needless"),
    "demand_ppv_floor": ("hur många av de flaggade som ska vara långa ärenden", "how many flagged must stay long"),
    "demand_left_early_cap": (
        "hur många flaggade som klarar sig själva inom 100 dagar",
        "how many flagged may manage within 100 days",
    ),
    "demand_capacity_share": ("hur många som kan få mer stöd", "how many can be given more support"),
    "limit_firm": (
        "Med andra ärenden av samma slag hade i genomsnitt {change} av 100 hamnat på andra sidan gränsen. I {share} av "
        "100 ligger poängen så nära gränsen att svaret blir gränsfall.",
        "With other cases of the same kind {change} of 100 on average would have ended on the other side of the limit. "
        "In {share} of 100 the points lie so near the limit that the answer is borderline.",
    ),
    "worth_heading": ("Vad varje fråga tillför", "What each question adds"),
    "worth_caption": ("Vad som går förlorat om en fråga tas bort", "What is lost when a question is left out"),
    "worth_item": ("Fråga", "Question"),
    "worth_auc": ("Färre par av 100 i rätt ordning", "Right order, fewer of 100 pairs"),
    "worth_benefit": ("Lägre nettonytta per 100 ärenden", "Net benefit, less per 100 cases"),
    "worth_note": (
        "En fråga som inte tillför något behöver inte ställas. Nära noll kan också betyda att en annan fråga säger "
        "samma sak.",
        "A question that adds nothing need not be asked. Near zero can also mean that another question says the same.",
    ),
    "coefficient_reference": ("jämförelsesvar", "reference"),
    "coefficient_not_estimable": ("går inte att skatta", "can't be estimated"),
    "coefficient_ok": ("", ""),
    "coefficients_folded": ("Koefficienterna bakom poängen, med osäkerhet", "The coefficients behind the points"),
    "coefficients_caption": (
        "Koefficienter: med straff (publicerade) och utan straff (för prövning)",
        "Coefficients: penalised (published) and unpenalised (for inference)",
    ),
    "coefficients_column": ("Kolumn", "Column"),
    "coefficients_penalised": ("Med straff", "Penalised"),
    "coefficients_plain": ("Utan straff", "Unpenalised"),
    "coefficients_note": (
        "Logodds. Osäkerheten tar hänsyn till att personer i samma hushåll hör ihop. Koefficienter är samband, inte "
        "orsaker.",
        "Log-odds. The uncertainty allows for people of one household belonging together. Coefficients are "
        "associations, not causes.",
    ),
    "ground_sex": ("kön", "sex"),
    "ground_gender_identity": ("könsöverskridande identitet eller uttryck", "gender identity"),
    "ground_ethnicity": ("etnisk tillhörighet", "ethnicity"),
    "ground_religion": ("religion", "religion"),
    "ground_disability": ("funktionsnedsättning", "disability"),
    "ground_sexual_orientation": ("sexuell läggning", "sexual orientation"),
    "ground_age": ("ålder", "age"),
}
