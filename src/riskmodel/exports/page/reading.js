// What was typed, as a release knows it: the same rule as riskmodel's release/answers.py.

const UNKNOWN = "?"; // no code: codes are identifiers
const NUMBER = /^[-+\u2212]?[0-9]{1,9}(?:[.,][0-9]{1,2})?$/;
const NOUGHTS = /^(\p{Nd}+)[.,]0+$/u;
const EDGES = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;
const BETWEEN = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const DASHES = /[\u2010-\u2014\u2212]/g;
const LARGEST_WRITTEN = 1e12;

/** The text in lower case, with one kind of dash and space; "1.0" as "1". */
function spelling(text) {
  const visible = text.replace(/\p{Cf}/gu, "").normalize("NFKC");
  const folded = visible.toUpperCase().toLowerCase().normalize("NFKC").replace(DASHES, "-");
  return folded.replace(EDGES, "").replace(BETWEEN, " ").replace(NOUGHTS, "$1");
}

/** The number in what was given, or null where there is none that everybody reads alike. */
function plainNumber(given) {
  if (typeof given !== "string") return given;
  const bare = given.replace(EDGES, "");
  return NUMBER.test(bare) ? Number(bare.replace(",", ".").replace("\u2212", "-")) : null;
}

/** The nearest whole number, halves to the even one. */
function halvesToEven(value) {
  const low = Math.floor(value);
  const over = value - low;
  return over > 0.5 || (over === 0.5 && low % 2 !== 0) ? low + 1 : low;
}

/** Whether what was given stands for no answer to the question. */
function saysNothing(question, given) {
  const number = plainNumber(given);
  if (number !== null && question.isDerived) return false;
  if (number === null) {
    const written = spelling(given);
    return question.silent.includes(written) && plainNumber(written) === null;
  }
  const digits = spelling(String(given));
  return [digits, digits.replaceAll(".", ","), digits.replaceAll(",", ".")].some(one => question.silent.includes(one));
}

/** A whole number of the question's table, null for no answer, or UNKNOWN. */
function readNumber(question, given) {
  if (saysNothing(question, given)) return null;
  const number = plainNumber(given);
  if (number === null) return UNKNOWN;
  if (question.scale === 1) return Number.isInteger(number) ? number : UNKNOWN;
  return Math.abs(number) < LARGEST_WRITTEN ? halvesToEven(number * question.scale) : UNKNOWN;
}

/** A code, a whole number, null for no answer, or UNKNOWN. */
function readAnswer(question, given) {
  if (given === undefined || given === null || given === "no_answer") return null;
  if (question.levels.length === 0) return typeof given === "string" || Number.isFinite(given) ? readNumber(question, given) : UNKNOWN;
  return question.levels.some(level => level.code === given) ? given : UNKNOWN;
}

/** What was given to every question of a table: question id to answer. */
function readAnswers(table, given) {
  return Object.fromEntries(table.questions.map(one => [one.id, readAnswer(one, given[one.id])]));
}
