// No personal identity number in the number of a case: a date that exists, and its check digit.

const LENGTHS = [10, 12];
const O_FOR_NOUGHT = /[Oo\u039f\u03bf\u041e\u043e]/g;
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

/** Whether ten or twelve signs begin with a day on which somebody of age can be born, of any check digit. */
function isBorn(signs) {
  if (!/^(?:19[0-9]{2}|20[01][0-9]|[0-9]{2})[0-9]{4}[0-9\p{L}]{4}$/u.test(signs)) return false;
  const date = signs.slice(0, -4);
  const [year, month, day] = [-6, -4, -2].map(place => date.slice(place, place + 2 || undefined));
  const centuries = date.length === 8 ? [date.slice(0, 2)] : CENTURIES;
  return centuries.some(century => isDay(Number(century + year), Number(month), Number(day)));
}

/** Words of letters and digits as they stand, two beside each other, and all of it: where a number may begin and end. */
function wordsTogether(plain) {
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...words, ...words.slice(1).map((word, place) => words[place] + word), words.join("")];
}

/** Whether signs in a text, however they are grouped, are a personal, coordination or reserve number, or look like one. */
function holdsPersonalNumber(text) {
  const plain = text.normalize("NFKC").replace(DASHES, "-").replace(O_FOR_NOUGHT, "0");
  const digits = plain.replace(/[^0-9]/g, "");
  const windows = (run, length) => Array.from({length: Math.max(0, run.length - length + 1)}, (_, place) => run.slice(place, place + length));
  return [...wordsTogether(plain), digits].some(isBorn) || LENGTHS.some(length => windows(digits, length).some(isPersonalNumber));
}

/** Whether a text can be the number of a case: one with a digit, in digits that all read alike, and nobody's own. */
const isCaseNumber = text => /[0-9]/.test(text) && !/[^\P{Nd}0-9]/u.test(text.normalize("NFKC")) && !holdsPersonalNumber(text);
