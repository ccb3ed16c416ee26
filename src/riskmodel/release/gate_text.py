"""What each gate asks for, and what to do when it does not pass, in both languages."""

Words = dict[str, str]

NAMES: dict[str, Words] = {
    "G1": {
        "sv": "Protokollet låstes före utvärderingen, och det senaste året öppnades en gång",
        "en": "Protocol frozen before evaluation, and the latest year opened once",
    },
    "G2": {"sv": "Källorna får användas för ändamålet", "en": "The sources may be used for the purpose"},
    "G3": {"sv": "Inga uppgifter från framtiden", "en": "No data from the future"},
    "G4": {"sv": "Tillräckligt många ärenden", "en": "Enough cases"},
    "G5": {"sv": "Riskerna stämmer med utfallen", "en": "Risks agree with outcomes"},
    "G6": {"sv": "Gör mer nytta än att flagga alla eller ingen", "en": "More benefit than flagging all or nobody"},
    "G7": {"sv": "Flaggorna är stabila", "en": "Flags are stable"},
    "G8": {"sv": "Gruppgranskningen visar att skillnaderna är små", "en": "The group audit shows that gaps are small"},
    "G9": {"sv": "Inga små grupper röjs", "en": "No small group is disclosed"},
    "G10": {"sv": "Dokumentationen är fullständig", "en": "The documentation is complete"},
    "G11": {
        "sv": "Undertecknad av två, med giltighetstid och förbjudna användningar",
        "en": "Signed by two people, dated, with forbidden uses",
    },
    "G12": {
        "sv": "Uppföljning av hur rådet används, och stopp, är prövade",
        "en": "Monitoring of reliance, and the stop switch, have been exercised",
    },
    "G13": {
        "sv": "Rapportens uppbyggnad gör den tillgänglig för alla",
        "en": "The report is built so that it is accessible to all",
    },
}
REMEDIES: dict[str, Words] = {
    "G1": {
        "sv": "Kör `riskmodel protocol` och sedan `riskmodel confirm`. Ett år som har öppnats flera gånger, eller som"
        " inte klarade kriterierna, kräver ett undantag respektive en annan modell.",
        "en": "Run `riskmodel protocol`, then `riskmodel confirm`. A year opened more than once needs a waiver; one"
        " that did not meet the criteria needs another model.",
    },
    "G2": {
        "sv": "Låt kommunens jurist avgöra vad varje källa får användas till. Skriv `legal_basis` och `purposes` för"
        " den i frågeformuläret. Ta bort en källa som inte får användas. Förklara ärenden utan nybesökssvar i"
        " `unlinked_explanation`. Kör sedan `dvc repro`.",
        "en": "Have the municipality's lawyer settle what each source may be used for, and write its `legal_basis` and"
        " `purposes` in the instrument. Leave out a source that may not be used. Explain cases without intake answers"
        " in `unlinked_explanation`. Then run `dvc repro`.",
    },
    "G3": {
        "sv": "Ta bort frågan eller rätta `known_from`; ett larm om läckage måste förklaras av en namngiven person.",
        "en": "Leave the item out or correct `known_from`; a leak alarm must be explained by a named person.",
    },
    "G4": {
        "sv": "Lägg till år eller ta bort frågor. Till dess är utgåvan bara för forskning.",
        "en": "Add years or leave items out. Until then the release is for research only.",
    },
    "G5": {
        "sv": "Se vilket kriterium som inte klarades; modellera om på fler år eller färre frågor.",
        "en": "See which criterion was missed; refit on more years or fewer items.",
    },
    "G6": {
        "sv": "Publicera inte: att flagga alla, eller ingen, gör mer nytta vid denna avvägning.",
        "en": "Do not publish: flagging everybody, or nobody, does more good at this trade-off.",
    },
    "G7": {
        "sv": "Fler ärenden eller färre frågor ger stabilare flaggor. En utgåva utan flaggor är också möjlig.",
        "en": "More cases or fewer items make flags more stable. A release without flags is possible, too.",
    },
    "G8": {
        "sv": "En skillnad som inte kan visas vara liten behöver ett undantag i `[[release.waivers]]`: namn, skäl och"
        " slutdatum. En skillnad som har visats vara stor stoppar utgåvan.",
        "en": "A gap that can't be shown to be small needs a waiver in `[[release.waivers]]`: name, reason and end"
        " date. A gap shown to be large stops the release.",
    },
    "G9": {
        "sv": "En uppgift i underlaget vilar på för få människor; rätta röjandekontrollen.",
        "en": "A figure in the evidence rests on too few people; correct the disclosure control.",
    },
    "G10": {
        "sv": "UTKAST, inte fullständig: besvara frågorna i registret över dokument (`release.documents`). Skriv var"
        " svaret står, eller varför frågan inte gäller. Till dess krävs ett undantag i `[[release.waivers]]`.",
        "en": "DRAFT, not complete: answer the questions in the register of documents (`release.documents`). Write"
        " where the answer stands, or why the question does not apply. Until then a waiver in `[[release.waivers]]` is"
        " needed.",
    },
    "G11": {
        "sv": "Två olika personer kör `riskmodel approve` på just denna kandidat.",
        "en": "Two different people run `riskmodel approve` on this very candidate.",
    },
    "G12": {
        "sv": "Öva stoppet: kör `riskmodel drill`. Hur råden följs loggas inte av denna version: bestäm vem som följer"
        " det i verksamheten, och skriv det som skäl till ett undantag i `[[release.waivers]]`.",
        "en": "Practise the stop: run `riskmodel drill`. Reliance is not logged by this version: decide who follows it"
        " in the unit, and write that as the reason of a waiver in `[[release.waivers]]`.",
    },
    "G13": {
        "sv": "Prövas av sig självt när utgåvan publiceras. Bryter rapportens mall mot en regel är det ett fel: anmäl"
        " det. Gäller det en egen sida: rätta den, kör `dvc repro` och godkänn på nytt.",
        "en": "Checked by itself when the release is published. If the report's template breaks a rule, it is a fault:"
        " report it. If it is a page of your own: correct it, run `dvc repro` and approve again.",
    },
}
