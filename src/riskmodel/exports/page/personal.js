// No personal identity number in the number of a case: a date that exists, and its check digit.

const LENGTHS = [10, 12];
// a day on which somebody of age can be born, and four signs more: also a number that is none, or a reserve number
const BORN = /(?<![0-9])(19[0-9]{2}|20[01][0-9])(0[1-9]|1[0-2])([0-2][0-9]|3[01]|[6-9][0-9])[-+ ]?[0-9A-Za-z]{4}\b/;
const CENTURIES = ["18", "19", "20"];

/** Luhn's sum of ten digits, every second one doubled from the first. */
function luhnSum(digits) {
  return sum([...digits].map((digit, place) => Number(digit) * (2 - (place % 2))).map(value => Math.floor(value / 10) + (value % 10)));
}

/** Whether there is such a day, 60 more in a coordination number. */
function isDay(year, month, day) {
  const found = new Date(Date.UTC(year, month - 1, day > 60 ? day - 60 : day));
  return found.getUTCMonth() === month - 1 && day % 60 !== 0;
}

function isPersonalNumber(digits) {
  const centuries = digits.length === 12 ? [digits.slice(0, 2)] : CENTURIES;
  const [year, month, day] = [0, 2, 4].map(place => digits.slice(-10).slice(place, place + 2));
  const exists = century => CENTURIES.includes(century) && isDay(Number(century + year), Number(month), Number(day));
  return centuries.some(exists) && luhnSum(digits.slice(-10)) % 10 === 0;
}

/** Whether ten or twelve digits in a text, however they are grouped, are a personal or coordination number. */
function holdsPersonalNumber(text) {
  const plain = text.normalize("NFKC").replace(DASHES, "-");
  const runs = plain.replace(/[^0-9\p{L}]/gu, "").match(/[0-9]+/g) ?? [];
  const windows = (run, length) => Array.from({length: Math.max(0, run.length - length + 1)}, (_, place) => run.slice(place, place + length));
  return BORN.test(plain) || runs.some(run => LENGTHS.some(length => windows(run, length).some(isPersonalNumber)));
}

/** Whether a text can be the number of a case: one with a digit, and nobody's own. */
const isCaseNumber = text => /[0-9]/.test(text) && !holdsPersonalNumber(text);
