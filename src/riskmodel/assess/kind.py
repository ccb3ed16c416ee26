"""What a year's predictions are evidence of, in words."""

from riskmodel.release.accuracy import TEMPORAL

OUT_OF_FOLD = "out_of_fold"

TEXTS = {
    TEMPORAL: {
        "sv": "Varje år är bedömt av en modell som bara har sett fall vars utfall var känt den 1 januari det året.",
        "en": "Each year is judged by a model that saw only cases whose outcome was known on 1 January of that year.",
    },
    OUT_OF_FOLD: {
        "sv": "Prövning på senare år är inte möjlig ännu. Varje fall är i stället bedömt av en modell"
        " som inte har sett det eller någon i samma hushåll.",
        "en": "Temporal evidence is not available yet. Each case is instead judged by a model"
        " that has not seen it or anybody of the same household.",
    },
}
