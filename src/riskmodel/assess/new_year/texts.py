"""What the verdict on the last release says in words, in both languages."""

from riskmodel.assess.new_year.closed_test import INTERCEPT, INTERCEPT_AND_SLOPE, KEEP, REFIT
from riskmodel.instrument.records import Text

NOTHING_NEW, TOO_LITTLE, EFFECT_OR_DRIFT, RETIRE = "nothing_new", "keep_too_little", "effect_or_drift", "retire"

VERDICTS = {
    NOTHING_NEW: Text(
        "Inga ärenden har fått känt utfall sedan förra utgåvan. Det finns inget nytt att pröva den mot.",
        "No case has come to a known outcome since the last release. There is nothing new to test it against.",
    ),
    KEEP: Text(
        "Behåll förra utgåvan. Den stämmer med de nya ärendena.",
        "Keep the last release. It fits the new cases.",
    ),
    TOO_LITTLE: Text(
        "Behåll förra utgåvan tills vidare. De nya ärendena är för få för att visa om den stämmer.",
        "Keep the last release for now: too little to say. The new cases are too few to show whether it fits.",
    ),
    INTERCEPT: Text(
        "Justera nivån. Poängen behålls, men varje summa får en ny risk.",
        "Adjust the level. The points stay, and each sum gets a new risk.",
    ),
    INTERCEPT_AND_SLOPE: Text(
        "Justera nivå och spridning. Svaren väger som förut mot varandra, "
        "men riskerna ligger för nära varandra eller för långt isär.",
        "Adjust level and spread. Answers weigh as before against each other, "
        "but risks lie too close together or too far apart.",
    ),
    REFIT: Text(
        "Beräkna nya poäng. Det görs på alla kända år tillsammans, aldrig på de nya ärendena ensamma.",
        "Refit the points. This is done on all known years together, never on the new cases alone.",
    ),
    RETIRE: Text(
        "Ta förra utgåvan ur bruk. Årets kandidat kan ersätta den, om den klarar alla krav.",
        "Retire the last release. This year's candidate may take its place if it passes every gate.",
    ),
    EFFECT_OR_DRIFT: Text(
        "Effekten av stöd och ändrade förhållanden går inte att skilja åt. Sänk inte riskerna: "
        "de som flaggades kan ha klarat sig tack vare stödet.",
        "Effect and drift cannot be told apart. Risks are not lowered: those flagged may have done well because of "
        "the support.",
    ),
}
REASONS = {
    "few_outcomes": Text(
        "För få långa eller korta ärenden bland de nya för att räkna på.",
        "Too few long or short cases among the new ones to measure anything.",
    ),
    "wide_interval": Text(
        "Osäkerheten är större än ±20 procent för nivån, eller större än ±0,2 för spridningen.",
        "The interval of O/E is wider than ±20 %, or that of the slope than ±.2.",
    ),
    "no_more_than_chance": Text(
        "Nya poäng skulle inte beskriva de nya ärendena bättre än slumpen gör.",
        "New points would describe the new cases no better than chance would.",
    ),
    "level_is_enough": Text(
        "Nivån har ändrats. När den är justerad tillför nya poäng inte mer än slumpen.",
        "The level has changed. Once it is adjusted, new points add no more than chance would.",
    ),
    "spread_is_enough": Text(
        "Nivå och spridning har ändrats. När de är justerade tillför nya poäng inte mer än slumpen.",
        "Level and spread have changed. Once they are adjusted, new points add no more than chance would.",
    ),
    "answers_weigh_differently": Text(
        "Svaren väger inte längre mot varandra som de gjorde.",
        "Answers no longer weigh against each other as they did.",
    ),
    "refit_fails": Text(
        "Nya poäng behövs, men årets kandidat klarar inte kraven.",
        "New points are needed, but this year's candidate does not pass the gates.",
    ),
    "auc_low": Text(
        "Det är inte visat att poängen skiljer långa ärenden från korta så väl som policyn kräver.",
        "It is not shown that the points tell long cases from short ones as well as the policy demands.",
    ),
    "no_benefit": Text(
        "Poängen gör inte mer nytta än att flagga alla, att inte flagga någon, eller att räkna tre svar.",
        "The points do no more good than flagging everybody, flagging nobody, or counting three answers.",
    ),
    "differs_unshown": Text(
        "Bland dem vars handläggare inte hade sett någon flagga blir svaret ett annat.",
        "Among those whose caseworker was shown no flag the answer is another one.",
    ),
    "few_unshown": Text(
        "För få ärenden har handlagts utan flagga, och mer än en femtedel av de flaggade har fått stöd eller det är "
        "okänt hur många.",
        "Too few cases were met without a flag, and more than a fifth of the flagged got support or it is unknown how "
        "many did.",
    ),
}
NOT_COMPARABLE = Text(
    "Inte jämförbart: reglerna ändrades mellan förra utgåvans underlag och de nya ärendena ({days}).",
    "Not comparable: the rules changed between the last release's data and the new cases ({days}).",
)
