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
    "G13": {"sv": "Rapporten är tillgänglig för alla", "en": "The report is accessible to all"},
}
REMEDIES: dict[str, Words] = {
    "G1": {
        "sv": "Kör `riskmodel protocol` och sedan `riskmodel confirm`. Ett år som har öppnats flera gånger, eller som"
        " inte klarade kriterierna, kräver ett undantag respektive en annan modell.",
        "en": "Run `riskmodel protocol`, then `riskmodel confirm`. A year opened more than once needs a waiver; one"
        " that did not meet the criteria needs another model.",
    },
    "G2": {
        "sv": "Källornas rättsliga grund anges ännu inte i frågeformuläret: kommunens jurist intygar den i beslutet."
        " Förklara ärenden utan nybesökssvar i `unlinked_explanation`.",
        "en": "The legal basis of each source is not yet stated in the instrument: the municipality's lawyer vouches"
        " for it in the decision. Explain cases without intake answers in `unlinked_explanation`.",
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
        "sv": "Denna version skriver rapport och modellkort. Övriga dokument är kommunens: UTKAST, inte fullständigt.",
        "en": "This version writes the report and the model card. The other documents are the municipality's: DRAFT,"
        " not complete.",
    },
    "G11": {
        "sv": "Två olika personer kör `riskmodel approve` på just denna kandidat.",
        "en": "Two different people run `riskmodel approve` on this very candidate.",
    },
    "G12": {
        "sv": "Stoppet är `riskmodel withdraw`. Hur råden följs loggas inte av denna version: följ det i verksamheten.",
        "en": "The stop switch is `riskmodel withdraw`. Reliance is not logged by this version: follow it in the unit.",
    },
    "G13": {
        "sv": "Rapporten prövas inte mot WCAG i körningen; pröva den i webbläsaren före publicering på webben.",
        "en": "The run does not check the report against WCAG; check it in a browser before putting it on the web.",
    },
}
