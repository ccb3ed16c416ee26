"""Texts of the chapter on requirements and where the numbers come from. Each: Swedish, English."""

TEXTS = {
    "origin_title": ("Krav, varningar och ursprung", "Requirements, alarms and origin"),
    "origin_lead": (
        "Det här kapitlet är till för den som granskar. Varje tal i rapporten kan räknas fram igen ur de filer och "
        "den programkod som anges här.",
        "This chapter is for those who audit. Every number in the report can be worked out again from the files and "
        "the code named here.",
    ),
    "gates_heading": ("Alla krav", "All requirements"),
    "gates_caption": ("Krav för publicering", "Requirements for publication"),
    "gates_name": ("Krav", "Requirement"),
    "gates_status": ("Läge", "Status"),
    "gates_remedy": ("Vad som kan göras", "What can be done"),
    "criteria_caption": ("Vad kravet på rätta risker prövade", "What the requirement on right risks tested"),
    "criteria_part": ("Vad som prövas", "What is tested"),
    "criteria_allowed": ("Tillåtet", "Allowed"),
    "part_estimate": ("värdet", "the value"),
    "part_low": ("osäkerhetens nedre gräns", "the lower end of its uncertainty"),
    "part_high": ("osäkerhetens övre gräns", "the upper end of its uncertainty"),
    "measure_points_auc_loss": ("Avrundning till poäng: förlorad AUC", "Rounding to points: AUC lost"),
    "measure_points_mean_risk_loss": ("Avrundning: risk, i genomsnitt", "Rounding: risk, on average"),
    "measure_points_max_risk_loss": ("Avrundning: risk, som mest", "Rounding: risk, at most"),
    "measure_points_same_flag": ("Avrundning: andel med samma flagga", "Rounding: share with the same flag"),
    "sample_size": (
        "Modellen har {columns} skattade tal. För det behövs minst {required} hushåll med känt utfall; det finns "
        "{available}.",
        "The model has {columns} estimated numbers. That takes at least {required} households whose outcome is known; "
        "there are {available}.",
    ),
    "alarm_auc": ("Poängen träffar misstänkt bra", "The points are suspiciously good"),
    "alarm_auc_rise": ("Mycket bättre än förra utgåvan", "Much better than the last release"),
    "alarm_single_item_auc": ("En enda fråga avgör nästan allt", "One question decides nearly everything"),
    "alarm_one_item_adds": ("En fråga tillför misstänkt mycket", "One question adds suspiciously much"),
    "alarm_blank_difference": ("Tomma svar hänger ihop med utfallet", "Blank answers go with the outcome"),
    "alarms_heading": ("Varningar för läckage", "Leak alarms"),
    "alarms_none": (
        "Inget i uppgifterna tyder på att poängen har använt sådant som inte är känt vid första mötet.",
        "Nothing in the data suggests that the points used what is not known at the first meeting.",
    ),
    "alarms_caption": ("Varningar som en namngiven person har förklarat", "Alarms that a named person has explained"),
    "alarms_alarm": ("Varning", "Alarm"),
    "alarms_item": ("Fråga", "Item"),
    "alarms_signed": ("Förklarad av", "Explained by"),
    "alarms_reason": ("Förklaring", "Explanation"),
    "source_heading": ("Varifrån siffrorna kommer", "Where the numbers come from"),
    "source_window": ("Uppgifter från och till", "Data from and to"),
    "source_delivery_sha256": ("Leveransens kontrollsumma", "Hash of the delivery"),
    "source_cohort_sha256": ("Ärendenas kontrollsumma", "Hash of the cases"),
    "source_run_sha256": ("Resultatens kontrollsumma", "Hash of what the run found"),
    "source_instrument_sha256": ("Frågornas kontrollsumma", "Hash of the instrument"),
    "source_settings_sha256": ("Inställningarnas kontrollsumma", "Hash of the settings"),
    "source_procedure_sha256": ("Beräkningskodens kontrollsumma", "Hash of the procedure's code"),
    "source_code_sha256": ("Programkodens kontrollsumma", "Hash of the code"),
    "source_lock_sha256": ("Programbibliotekens kontrollsumma", "Hash of the locked libraries"),
    "source_policy_sha256": ("Reglernas kontrollsumma", "Hash of the policy"),
    "privacy_heading": ("Så skyddas enskilda", "How individuals are protected"),
    "privacy_text": (
        "{rule} Samma regel gäller alla tabeller och figurer i rapporten.",
        "{rule} The same rule holds for every table and figure in the report.",
    ),
    "glossary_title": ("Ordlista", "Glossary"),
}
