"""Answers drawn by chance to the made release that has every kind of question, as codes."""

from kit_release import kit_release

from riskmodel.exports.coded import code_of
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.answers import as_written, no_answer_spellings, read_answer


def drawn(landmark, draw, *, blank=0.15, wide=0.03):
    """A code of every answer to `landmark`, mostly one with points. wide: how often a number lies outside the table."""
    found = {}
    for question in landmark.questions:
        silent = no_answer_spellings(kit_release(), question)
        codes = [code_of(question, answer) for answer in question.answers]
        codes = [code for code in codes if read_answer(question, code, no_answer=silent) is not None]
        codes += [*question.routes] * (draw.random() < 0.2)
        if question.numbers is not None and draw.random() < wide:
            codes = [str(as_written(question, question.numbers.maximum + 1)), "999999"]
        found[question.id] = NO_ANSWER if draw.random() < blank else draw.choice(codes)
    return found
