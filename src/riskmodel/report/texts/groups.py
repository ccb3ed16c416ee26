"""Texts of the chapter on areas and groups. Each: Swedish, English."""

TEXTS = {
    "groups_title": ("Områden och grupper", "Areas and groups"),
    "groups_lead": (
        "Ett bra genomsnitt kan dölja att det går sämre för några. Här visas varje område och grupp för sig. Där "
        "ärendena är för få står det så, i stället för ett osäkert tal.",
        "A good average can hide that it goes worse for some. Here each area and group stands by itself. Where cases "
        "are too few it says so, instead of an uncertain number.",
    ),
    "areas_heading": ("Områden", "Areas"),
    "areas_caption": ("Resultat per område", "Results by area"),
    "areas_off": (
        "Poängen träffar inte rätt nivå i {areas}. Ta hänsyn till det när stödplatserna planeras.",
        "The points miss the level in {areas}. Keep it in mind when planning places.",
    ),
    "area_more": ("{area} (fler långa ärenden än förutsagt)", "{area} (more long cases than predicted)"),
    "area_fewer": ("{area} (färre långa ärenden än förutsagt)", "{area} (fewer long cases than predicted)"),
    "areas_fine": (
        "Inget område avviker så mycket att osäkerheten utesluter att nivån är rätt.",
        "No area departs so much that the uncertainty rules out that the level is right.",
    ),
    "fair_heading": ("Behandlas grupper lika?", "Are groups treated alike?"),
    "fair_text": (
        "För varje grupp jämförs poängen med hur det gick, mot alla andra. En skillnad underkänner utgåvan om den är "
        "både större än gränsen och för stor för att bero på slumpen. Den godkänns när den är mindre än gränsen "
        "och säkert mindre än dubbla gränsen. Kan det inte avgöras med så här få ärenden står det "
        "”går inte att visa”, och utgåvan får vänta tills någon svarar för hur gruppen följs.",
        "For each group the points are compared with what happened, against everybody else. A difference fails the "
        "release when it is both larger than the tolerance and too large for chance. It passes when it is smaller than "
        "the tolerance and surely smaller than twice the tolerance. Where so few cases can't settle "
        "it, the table says “can't be shown”, and the release waits until somebody answers for following the group.",
    ),
    "fair_caption": ("Prövning av varje grupp mot alla andra", "Each group against all others"),
    "fair_measure": ("Vad som prövas", "What is tested"),
    "fair_difference": ("Skillnad", "Difference"),
    "fair_tolerance": ("Gräns", "Tolerance"),
    "fair_verdict": ("Omdöme", "Verdict"),
    "fair_missed": ("Missade långa ärenden", "Missed long cases"),
    "fair_needless": ("Onödiga flaggor", "Needless flags"),
    "fair_log_oe": ("Fel nivå", "Wrong level"),
    "fair_summary": (
        "Godkända prövningar: {passed}. Underkända: {failed}. Går inte att visa: {open}.",
        "Tests passed: {passed}. Failed: {failed}. Can't be shown: {open}.",
    ),
    "fair_not_passed_caption": ("Prövningar som inte är godkända", "Tests that did not pass"),
    "fair_folded": ("Alla prövningar", "All tests"),
    "fair_note": (
        "Missade: fler eller färre missade per 100 förutsagda långa ärenden än andra grupper. Onödiga: fler eller "
        "färre onödiga flaggor per 100 förutsagda korta. Nivå: skillnad i utfall mot förutsagt, på logskala gånger "
        "100. Måtten är noll när riskerna är rätt, också när grupperna har olika stor risk.",
        "Missed: more or fewer missed per 100 predicted long cases than in other groups. Needless: more or fewer "
        "needless flags per 100 predicted short ones. Level: difference in observed over expected, log scale times "
        "100. The measures are zero for right risks, also where groups differ in risk.",
    ),
    "verdict_pass": ("✓\u00a0godkänd", "✓\u00a0pass"),
    "verdict_fail": ("✗\u00a0underkänd", "✗\u00a0fail"),
    "verdict_not_shown": ("○\u00a0går inte att visa", "○\u00a0can't be shown"),
    "verdict_justify": ("○\u00a0kräver en förklaring", "○\u00a0needs an explanation"),
    "verdict_too_few": ("○\u00a0för få för att säga", "○\u00a0too few to say"),
    "raw_heading": ("Skillnader utan hänsyn till risk", "Differences before risk is considered"),
    "raw_text": (
        "Grupper med högre risk flaggas oftare även när riskerna är rätt. Kolumnen ”väntat” visar hur stor skillnaden "
        "blir av det skälet ensamt.",
        "Groups with a higher risk are flagged more often even when the risks are right. The column “expected” shows "
        "how large the difference becomes for that reason alone.",
    ),
    "raw_caption": ("Skillnad mot alla andra, per 100", "Difference from all others, per 100"),
    "raw_fpr": ("Flaggade bland de korta ärendena", "Flagged among those who did not stay long"),
    "raw_fnr": ("Missade bland de långa ärendena", "Missed among those who stayed long"),
    "raw_ppv": ("Långa ärenden bland de flaggade", "Stayed long among the flagged"),
    "raw_seen": ("Uppmätt", "Measured"),
    "raw_expected": ("Väntat", "Expected"),
    "fair_many": (
        "Så många prövningar görs att också en helt rätt modell får minst en underkänd i ungefär en körning av tio. "
        "Se en ensam underkänd prövning som en fråga att utreda, inte som ett bevis.",
        "There are so many tests that even a perfectly right model fails at least one in about one run of ten. Look "
        "into a single fail as a question, not as a proof.",
    ),
    "pairs_none": (
        "Också för par av grupper, som unga kvinnor, ligger alla skillnader inom gränserna.",
        "For pairs of groups, such as young women, every gap lies within its tolerance too.",
    ),
    "pairs_folded": ("Par av grupper med skillnader utanför gränsen", "Pairs of groups with gaps beyond the tolerance"),
    "pairs_text": (
        "Två grupper i taget. Bland så många par hamnar några utanför av en slump. De stoppar inte en utgåva, men ett "
        "mönster ska följas upp.",
        "Two groups at once. Among so many pairs some fall outside by chance. They do not stop a release, but a "
        "pattern should be followed up.",
    ),
    "pairs_caption": ("Par av grupper utanför gränsen", "Pairs of groups beyond the tolerance"),
    "by_group_heading": ("Resultat per grupp", "Results by group"),
    "by_group_text": (
        "Uppgifter om till exempel kön och födelseland används aldrig i poängen, bara här, för att granska den.",
        "Sex, country of birth and the like are never used in the points, only here, to examine them.",
    ),
    "by_group_caption": ("Resultat per grupp: {column}", "Results by group: {column}"),
    "by_group_folded": ("Samma tabell för frågor som är med i poängen", "The same table for questions in the points"),
    "few_note": (
        "”För få” betyder för få för att säga: färre än 100 långa ärenden, eller färre än 100 korta.",
        "“Too few” means too few to say: fewer than 100 cases that stayed long, or that did not.",
    ),
}
