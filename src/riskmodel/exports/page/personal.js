// No personal identity number in the number of a case: a date that exists, and its check digit.

const LENGTHS = [10, 12];
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
  const runs = text.normalize("NFKC").replace(/[\s\-+./_:\u2010-\u2014\u2212]/g, "").match(/[0-9]+/g) ?? [];
  return runs.some(run => LENGTHS.some(length =>
    Array.from({length: Math.max(0, run.length - length + 1)}, (_, place) => run.slice(place, place + length)).some(isPersonalNumber)));
}
