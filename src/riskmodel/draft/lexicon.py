"""Words by which a column, a file or an answer is guessed. They decide nothing alone: what stands below does too."""

import re
from collections.abc import Mapping, Sequence

from riskmodel.instrument.spelling import spelling

Pattern = re.Pattern[str]


def _any(words: str) -> Pattern:
    return re.compile("|".join(words.split()))


# the first and last day that a payment is for; days that a decision holds are no such
FOR = r"(avser|avseende|period|perioden|g[aä]ller|beviljad)"
FROM, UNTIL = r"(fr[aå]n|from|fr.?o.?m)\b", r"(till|to|t.?o.?m)\b"
# the heading of a column that says who, when, where or how much; \b where a longer word means something else
ROLES: Mapping[str, Pattern] = {
    "person": _any(
        r"l[oö]p_?nr l[oö]pnummer person individ klient brukare s[oö]kande pseudonym ^p?id$ \bkund\b client recipient "
        r"applicant participant"
    ),
    "household": _any(r"hush[aå]ll household familj family benefit.unit"),
    "year": _any(r"^[aå]r$ \w[aå]r$ year"),
    "month": _any(r"m[aå]nad month \bavser period datum date"),
    "start": _any(rf"^start ^{FROM} {FOR}.{FROM}"),
    "end": _any(rf"^slut ^{UNTIL} ^end \bend\b {FOR}.{UNTIL}"),
    "amount": _any(r"belopp utbetal summa amount \bkr\b kronor"),
    "area": _any(r"omr[aå]de stadsdel distrikt kommundel \bkontor \benhet area district"),
    "exit": _any(r"avslut upph[oö]r avg[aå]ng exit avaktual st[aä]ngd closing.reason closed end.reason"),
    "state": _any(r"^state ^status tillst[aå]nd"),
    "outcome": _any(r"^utfall ^outcome l[aå]ngvarig ^label \bevent"),
}
SOURCES: Mapping[str, Pattern] = {
    "register": _any(r"register \beb\b bist[aå]nd utbetal payment benefit assistance"),
    "intake": _any(r"nybes[oö]k intake ans[oö]k intag inskriv mottag f[oö]rsta interview application"),
    "survey": _any(r"enk[aä]t kartl[aä]ggning survey unders[oö]kning uppf[oö]ljning"),
}
BIRTH_YEAR = _any(
    r"f[oö]delse([aå]r|tid|dag|datum) f[oö]dd.?[aå]r \b[aå]r\b.(\w+.)*f[oö]dd n[aä]r.(\w+.)*f[oö]dd "
    r"birth.?(year|date|day) (year|date|day).of.birth born.year when.were.you.born year.were.you.born"
)
AGE_IN_YEARS = _any(r"\b[aå]lder\b hur.gammal \bage\b how.old")
# what numbers the answers themselves, and what nobody was asked
SERIAL = _any(r"\bid\b nr\b nummer number\b")
REMARKS = _any(r"anteckning kommentar notering fritext anm[aä]rkning ^[oö]vrigt$ remark comment \bnotes?\b")
COUNTED = _any(r"\bantal\b ^number ^hur.m[aå]nga ^how.many")
PAID_IN = _any(r"utbet paid payment")
# a ground of discrimination that a question may touch (`instrument.records.GROUNDS`)
GROUNDS: Mapping[str, Pattern] = {
    "sex": _any(
        r"\bk[oö]n\b \bsex\b gender kvinna woman \bmale\b female hush[aå]llstyp household.type familjetyp ^familj$ "
        r"civilst[aå]nd gravid"
    ),
    "gender_identity": _any(r"k[oö]nsidentitet k[oö]nsuttryck transperson"),
    "ethnicity": _any(
        r"^f[oö]dd$ f[oö]dd.i\b f[oö]delseland \bland\b medborgar ursprung etnisk svensk spr[aå]k \bsfi\b tolk sverige "
        r"uppeh[aå]ll invandr flykting etablering ^born$ born.in\b country swedish language"
    ),
    "religion": _any(r"relig \btro\b samfund kyrka church faith katol catholic musl[im] protestant"),
    "disability": _any(
        r"h[aä]lsa sjuk diagnos funktionsned funktionshinder missbruk beroende psyk fysisk arbetsf[oö]rm[aå]ga smärta "
        r"f[oö]rs[oö]rjningshinder kropp m[aå]r.du m[aå]ende l[aä]kar health illness disab substance addict"
    ),
    "sexual_orientation": _any(r"sexuell l[aä]ggning orientation"),
    "age": _any(
        r"[aå]lder hur.gammal f[oö]delse([aå]r|tid|dag|datum) \b[aå]r\b.(\w+.)*f[oö]dd n[aä]r.(\w+.)*f[oö]dd \bage\b "
        r"birth how.old when.were.you.born year.were.you.born"
    ),
}
# … and an answer by which a heading that says nothing (a cause, a situation) may touch it
ANSWERS: Mapping[str, Pattern] = {
    "sex": _any(
        r"\bkvinn[aeo] \bfemale \bwom[ae]n \bflick pojk \bgirl \bboy \bgravid \bpregnan f[oö]r[aä]ldraled ^ensam.*barn"
    ),
    "gender_identity": _any(r"\btrans(person|kvinna|man|gender) icke.?bin[aä]r non.?binary"),
    "ethnicity": _any(
        r"\b[iu]t?n?rikes \butl[aä]nd \butomlands \binvandr \bflykting \basyl \bnyanl[aä]nd \betablering \bsfi\b "
        r"\btolk \bsverige \bsvensk \bnorden \bnordisk \beuropa \bafrika \basien uppeh[aå]llst medborg \bromsk "
        r"\bsamisk \bsyri \bsomali \birak \biran \bafghan \beritre \bukrain \bturki \bfinland \bpolen arabi[sc] "
        r"tigri[nñ] \bdari\b persisk abroad foreign immigra refugee citizen interpreter \bafrica \basia\b swed(en|ish)"
    ),
    "religion": _any(r"muslim islam krist[en] christian \bjud(e|isk) jewish buddh hindu protestant katol catholic"),
    "disability": _any(
        r"\bsjuk oh[aä]lsa diagnos funktionsned funktionshind missbruk \bberoende(?!.av) \bpsyk sm[aä]rt[ao] rehab "
        r"neds[aä]tt.arbetsf illness \bsick disab addict substance mental"
    ),
    "sexual_orientation": _any(r"(homo|bi|hetero)sex"),
    "age": _any(r"[aå]lderspension pension[aä]r \bretire(d|ment) ^(1[5-9]|[2-6]\d).?[-–].?([2-7]\d)(.[aå]r|.years?)?$"),
}
SEX_LETTERS = frozenset({"k", "m", "f", "man", "male", "hon", "han"})  # one of two or three, and nothing else beside
EXITS: Mapping[str, Pattern] = {
    "death": _any(r"avlid \bd[oö]d d[oö]dsfall deceased \bdeath"),
    "moved": _any(r"flytt utvandr emigr moved"),
}
_NOT = [f"{verb} {no}" for verb in ("vet", "vill", "kan") for no in ("ej", "inte")]
_DECLINED = [f"{no} {say}" for no in _NOT for say in ("svara", "uppge", "ange", "säga")]
_DECLINED += [
    f"{first}{sign}{other}" for first in _NOT[:2] for sign in ("/", " / ", " eller ", ", ") for other in _DECLINED
]
NO_ANSWER = frozenset(
    map(
        spelling,
        (
            *("", "-", "--", ".", "?", *_NOT, *_DECLINED),
            *("ej svar", "inget svar", "ej besvarad", "obesvarad", "uppgift saknas", "uppgift saknas.", "saknas"),
            *(
                "okänt",
                "okänd",
                "ej angivet",
                "ej ifyllt",
                "ej aktuellt",
                "ingen uppgift",
                "n/a",
                "na",
                "nan",
                "<na>",
                "null",
                "..",
            ),
            *("don't know", "do not know", "unknown", "no answer", "missing", "prefer not to say", "not stated"),
        ),
    )
)
# answers of one scale, from its one end to the other: each step once
SCALES: Sequence[Sequence[Pattern]] = (
    tuple(
        map(
            _any,
            (
                r"\bej\b \binte\b ^saknar ^ingen",
                r"grundskol \bnian\b nio.?.rig",
                "^gymn",
                "^efter ^högskol ^universitet",
            ),
        )
    ),
    tuple(map(_any, (r"tolk", r"sfi.a", r"sfi.c", r"^god ^bra"))),
    tuple(map(_any, (r"tolk", r"\benkel \benkla", r"vardag", r"\bgod \bbra\b flytande"))),
    tuple(
        map(
            _any,
            (
                r"^ing[ea]n? ^inget ^nej ^aldrig ^no ^inte.alls ^s[aä]llan",
                r"lite viss ibland enkl \bdelvis n[aå]got sometimes partly",
                r"^ja$ ^yes$ \bhelt omfatt mycket ofta stor j[aä]mt alltid always fully",
            ),
        )
    ),
    tuple(
        map(_any, ("^aldrig ^never", "^s[aä]llan ^seldom ^rarely", "^ibland ^some", "ofta often", "^alltid ^always"))
    ),
    tuple(
        map(
            _any,
            (
                r"^mycket.(d[aå]l|missn) ^very.(bad|poor|dis)",
                r"d[aå]lig missn \bbad\b \bpoor dissatis",
                r"varken neither",
                r"^(ganska.)?(bra|god|n[oö]jd) ^(quite.|fairly.)?(good|satis)",
                r"^mycket.(bra|god|n[oö]jd) ^very.(good|satis)",
            ),
        )
    ),
    tuple(
        map(
            _any,
            (
                r"^ing[ea]n? ^inget ^aldrig ^none",
                r"^under ^mindre ^h[oö]gst ^kortare ^less",
                r"\btill\b \bto\b [-–]",
                r"^[oö]ver ^mer ^l[aä]ngre ^minst ^more",
            ),
        )
    ),
    tuple(map(_any, (r"^inte.alls ^ingen", r"fj[aä]rdedel", r"halv", r"tre.fj[aä]rdedel", r"^hel"))),
)
NONE_AT_ALL = _any(r"^ing[ea]n ^inget ^aldrig ^0 ^none ^never")
MORE_THAN = _any(r"^mer ^över ^l[aä]ngre ^more ^minst ^> ^≥")
LESS_THAN = _any(r"^mindre ^under ^h[oö]gst ^kortare ^inom ^less ^within ^at.most ^< ^≤")
DAYS: Mapping[Pattern, int] = {  # in what an answer counts time in
    _any(r"\bdag \bday"): 1,
    _any(r"\bveck \bweek"): 7,
    _any(r"\bm[aå]n(ad|\b) \bmonth"): 30,
    _any(r"\b[aå]r\b \byear"): 360,
}
ONE_OF = _any(r"\bett\b \ben\b \bone\b")
LETTERS = {"å": "a", "ä": "a", "ö": "o", "æ": "a", "ø": "o", "ß": "ss"}
# a question's own number before it
NUMBERED = re.compile(r"(?:(?:fr[aå]ga|q)\s*\d+[a-z]?\W+|\d+[a-z]?\s*[.):]\s*)(?=\D)")
FIRST_NUMBER = re.compile(r"\d+")


def says(pattern: Pattern, heading: str) -> bool:
    """Whether `heading` holds a word of `pattern`, however it is written."""
    return pattern.search(" ".join(re.split(r"[\W_]+", spelling(heading))).strip()) is not None


def grounds_of(heading: str) -> tuple[str, ...]:
    """The grounds of discrimination that a question may touch, by its heading."""
    return tuple(ground for ground, words in GROUNDS.items() if says(words, heading))


def grounds_in(words: Sequence[str]) -> dict[str, str]:
    """The grounds that answers may touch, each with the first answer (of `words`, spellings) by which."""
    found = {ground: next((word for word in words if pattern.search(word)), "") for ground, pattern in ANSWERS.items()}
    if len(words) >= 2 and {*words} <= SEX_LETTERS:
        found["sex"] = words[0]
    return {ground: word for ground, word in found.items() if word}


def in_order(words: Sequence[str]) -> list[str] | None:
    """`words` (spellings) along the scale that they are of, or None where none is known."""
    for scale in SCALES:
        steps = {word: [place for place, step in enumerate(scale) if step.search(word)] for word in words}
        first = {word: min(found) for word, found in steps.items() if found}
        if len(first) == len(words) and len({*first.values()}) == len(words):
            return sorted(words, key=first.__getitem__)
    numbers = {word: _number_in(word) for word in words}
    found = {word: number for word, number in numbers.items() if number is not None}
    return sorted(words, key=found.__getitem__) if len({*found.values()}) == len(words) else None


def _number_in(word: str) -> tuple[int, int] | None:
    if NONE_AT_ALL.search(word):
        return -1, 0
    units = {found.start(): days for unit, days in DAYS.items() if (found := unit.search(word))}
    number = FIRST_NUMBER.search(word)
    if number is None and not (units and ONE_OF.search(word)):
        return None
    beside = bool(MORE_THAN.search(word)) - bool(LESS_THAN.search(word))
    return (int(number[0]) if number else 1) * units.get(min(units, default=0), 1), beside
