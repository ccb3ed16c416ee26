"""Texts of the chapter on what the release is for. Each: Swedish, English."""

TEXTS = {
    "purpose_title": ("Vad stödet är till för, och inte", "What it is for, and what not"),
    "purpose_lead": (
        "Stödet gör en sak: det visar tidigt vilka nya ärenden som liknar dem som brukar bli långa, så att fler kan "
        "erbjudas hjälp i tid.",
        "It does one thing: it shows early which new cases resemble those that tend to become long, so that more "
        "people can be offered help in time.",
    ),
    "permitted_heading": ("Får användas till", "May be used for"),
    "forbidden_heading": ("Får aldrig användas till", "May never be used for"),
    "limits_heading": ("Begränsningar", "Limits"),
    "limits_unproven": (
        "Ingen har ännu visat att stöd som erbjuds efter flaggan gör att färre får bistånd länge. Följ upp vad som "
        "erbjuds och hur det går.",
        "Nobody has yet shown that support offered after the flag makes fewer people stay long. Follow up what is "
        "offered and how it goes.",
    ),
    "limits_cause": (
        "Poängen visar vad som hänger ihop med långa ärenden, inte vad som orsakar dem.",
        "The points show what goes together with long cases, not what causes them.",
    ),
    "limits_person": (
        "Talen gäller grupper. Om en enskild person vet handläggaren alltid mer än poängen.",
        "The numbers concern groups. About one person the caseworker always knows more than the points.",
    ),
    "limits_age": (
        "Den som är yngre än {min_age} eller äldre än {max_age} år får inget råd.",
        "People younger than {min_age} or older than {max_age} get no advice.",
    ),
}
