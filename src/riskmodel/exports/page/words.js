// The advice in words, line by line: the sentences and comparisons of riskmodel's advice/explain.py.

const REASONS_SHOWN = 3;
const SMALL_WIDTH = 0.1;
const LARGE_WIDTH = 0.25;

/** How one language says the texts of the page: a function of a key and what stands in its blanks. */
function speaking(texts, language) {
  return (key, parts = {}) => texts[key][language].replace(/\{(\w+)\}/g, (_, name) => String(parts[name]));
}

/** What is needed to put something into words: the release, its language and how that says a text. */
function speaker(data, language) {
  return {release: data.release, language, say: speaking(data.texts, language), said: text => text[language]};
}

const points = (to, n) => (n === 1 ? to.say("one_point") : to.say("points", {n}));
const later = (to, key, month, parts = {}) => to.say(month ? `${key}_later` : key, {month, ...parts});
const withAnswer = (question, answer) => `${question}${question.endsWith("?") ? "" : ":"} ${answer}`;

/** The number that a whole step of a number's table stands for. */
const wholeSteps = (question, steps) => Number((steps / question.scale).toPrecision(10));

/** … as it is answered. */
function writtenNumber(to, question, steps) {
  const amount = String(wholeSteps(question, steps));
  return to.language === "sv" ? amount.replace(".", ",") : amount;
}

/** An answer to a question; of numbers also a first and a last one. */
function shownAnswer(to, question, ...codes) {
  if (question.levels.length) return to.said(question.levels.find(one => one.code === codes[0]).text);
  const amount = codes.map(code => writtenNumber(to, question, code)).join("\u2013");
  return question.unit ? `${amount} ${to.said(question.unit)}` : amount;
}

/** The answer to a line of the sum; of a pair both. */
function lineAnswer(to, table, entry) {
  if (!entry.isAnswered) return to.say("no_answer");
  if (entry.item.of.length > 1) return to.said(worthOf(entry.item, entry.given).text);
  return shownAnswer(to, questionOf(table, entry.item.id), entry.given);
}

const answered = (to, table, entry) => withAnswer(to.said(entry.item.text), lineAnswer(to, table, entry));

function compared(to, table, entry) {
  const difference = points(to, Math.max(1, halvesToEven(Math.abs(entry.above))));
  return `${answered(to, table, entry)} (${to.say(entry.above > 0 ? "above" : "below", {points: difference})})`;
}

/** Codes as they are answered; numbers that follow each other as one range. */
function shownCodes(to, question, codes) {
  if (question.levels.length) return codes.map(code => shownAnswer(to, question, code));
  const runs = [];
  for (const code of codes) {
    const run = runs.at(-1);
    if (run && run.at(-1) === code - 1) run.splice(1, 1, code);
    else runs.push([code]);
  }
  return runs.map(run => shownAnswer(to, question, ...run));
}

function headline(to, found) {
  const reason = found.abstention && found.abstention.reason;
  return to.say(reason === null || reason === "unanswered" ? found.answer : "no_advice");
}

function limit(to, found) {
  const {flag, band} = found.table;
  const told = to.say("limit", {flag, points: points(to, found.total.points)});
  return band ? `${told} ${to.say("band", {first: band[0], last: band[1]})}` : told;
}

function share(to, risk) {
  const n = halvesToEven(100 * risk);
  return n < 1 ? to.say("share_least") : n > 99 ? to.say("share_most") : to.say("share", {n});
}

function outcome(to, month) {
  const happens = to.said(to.release.outcome).replace(/\.+$/, "");
  const told = to.say("outcome", {outcome: happens.slice(0, 1).toLowerCase() + happens.slice(1)});
  return month ? `${told} ${to.say("still_there", {month})}` : told;
}

function frequency(to, found) {
  const {risk, low, high} = found.risk;
  const size = high - low < SMALL_WIDTH ? "small" : high - low > LARGE_WIDTH ? "large" : "moderate";
  const ends = {low: halvesToEven(100 * low), high: halvesToEven(100 * high)};
  const told = later(to, "frequency", found.table.month, {share: share(to, risk)});
  const near = found.risk.isNear && found.answer !== "borderline" ? ` ${to.say("near")}` : "";
  return `${told} ${to.say("uncertainty", {size: to.say(size), ...ends})}${near}`;
}

function decides(to, table, entry) {
  const question = questionOf(table, entry.question);
  if (entry.codes.length === scoredCodes(question).length) return to.say("decides_any", {question: to.said(question.text)});
  const answers = shownCodes(to, question, entry.codes).join(` ${to.say("or")} `);
  return to.say("decides", {question: to.said(question.text), answers});
}

/** What gave an abstention: of a route question and answer, of the others the question. */
function abstainedFor(to, found) {
  return found.abstention.items.map(id => {
    const question = questionOf(found.table, id);
    const told = to.said(question.text);
    return found.abstention.reason === "route" ? withAnswer(told, shownAnswer(to, question, found.answers[id])) : told;
  });
}

const reason = (to, found) => {
  const [first, last] = to.release.ages;
  return to.say(found.abstention.reason, {first, last});
};

/** What to ask again, as answers do not go together; empty where they do. */
function clashLines(to, found) {
  if (found.contradictions.length === 0) return [];
  const clashes = found.contradictions.map(one => `${to.said(one.text).replace(/\.+$/, "")}.`).join(" ");
  const told = to.say("contradiction", {clashes});
  return [found.total ? `${told} ${to.say("as_they_are")}` : told];
}

/** What one answer would change, and the question to ask next, on one line. */
function askLines(to, found) {
  const asked = [...found.deciding.map(entry => decides(to, found.table, entry)), ...nextLines(to, found)];
  return asked.length ? [asked.join(" ")] : [];
}

function nextLines(to, found) {
  if (found.next === null) return [];
  const question = questionOf(found.table, found.next);
  const who = to.say("next_who", {who: to.said(to.release.parts.find(one => one.id === question.part).who)});
  return [to.say("next", {question: to.said(question.text), who})];
}

/** What the advice is and how sure it is; or why there is none. `listed`: what that is for, one a line. */
function answerLines(to, found) {
  if (found.abstention === null) {
    return [`${headline(to, found)} ${limit(to, found)}`, outcome(to, found.table.month), frequency(to, found)];
  }
  return [headline(to, found), reason(to, found), ...abstainedFor(to, found).map(text => `- ${text}`),
    found.total === null ? to.say("no_sign") : limit(to, found)];
}

/** The advice, line by line, without its heading. */
const adviceLines = (to, found) => [...answerLines(to, found), ...clashLines(to, found), ...askLines(to, found)];

/** What raises, what lowers: a heading and the first reasons of each. */
function reasons(to, found) {
  return ["raising", "lowering"].map(key => ({
    heading: later(to, key, found.table.month),
    entries: found.total[key].slice(0, REASONS_SHOWN).map(entry => compared(to, found.table, entry)),
  }));
}

/** What gives points unanswered, with the points so far; the limit too where no sum is told. */
function blankLines(to, found) {
  const blank = (found.total?.blank ?? []).map(one => `${to.said(one.item.text)} (${points(to, one.points)})`).join("; ");
  const told = blank ? [`${to.say("blank")}: ${blank}.`] : [];
  const sums = soFar(found.table, found.answers, found.weighed);
  if (sums) told.push(to.say("so_far", {...sums, points: points(to, sums.points)}));
  if (sums && !found.total) told.push(to.say("limit_alone", {flag: found.table.flag}));
  return told.length ? [told.join(" ")] : [];
}

/** What may become easier with support, as far as it raises the sum. */
function easierLines(to, found) {
  const told = found.total.changeable.slice(0, REASONS_SHOWN).map(one => answered(to, found.table, one));
  return told.length ? [`${to.say("changeable")}: ${told.join("; ")}`] : [];
}

/** Every life area by name, under where its answers stand. */
function areaLines(to, found) {
  const all = areas(to.release, found.weighed);
  if (all.every(one => one.stands === "unanswered")) return [];
  const named = stands => all.filter(one => one.stands === stands).map(one => to.said(one.text)).join("; ");
  const told = STANDINGS.filter(named).map(stands => to.say(`area_${stands}`, {areas: named(stands)}));
  return [[to.say("areas"), ...told].join(" ")];
}

function ratingLines(to, found) {
  const question = found.table.questions.find(one => one.id === to.release.ownRating);
  const answer = question ? found.answers[question.id] : null;
  return isBlank(answer) ? [] : [`${to.say("own_rating")}: ${withAnswer(to.said(question.text), shownAnswer(to, question, answer))}`];
}

/** Reasons both ways, and what the answers say beside the advice. */
function reasonLines(to, found) {
  if (found.weighed === null) return [];
  const both = found.total ? reasons(to, found).flatMap(({heading, entries}) =>
    [heading, ...(entries.length ? entries : [to.say("none")]).map(text => `- ${text}`)]) : [];
  return [...both, ...remarkLines(to, found)];
}

const remarkLines = (to, found) =>
  [blankLines, found.total ? easierLines : () => [], areaLines, ratingLines].flatMap(lines => lines(to, found));

/** Which release it is, how long it is valid, and which demands were waived. */
function origin(to) {
  const {id, first, last, municipality, waived} = to.release;
  const told = to.say(id === null ? "candidate" : "release", {id, first, last, municipality});
  return waived.length ? `${told} ${to.say("waived_in_short", {demands: waived.map(to.said).join(", ")})}` : told;
}

/** Blocks of lines as one text, an empty line between the blocks. */
const joined = blocks => `${blocks.filter(lines => lines.length).map(lines => lines.join("\n")).join("\n\n")}\n`;

/** What the page says of a case, as numbers and line by line; nothing of it is kept. */
function answeredCase(data, month, given, today, language) {
  const to = speaker(data, language);
  const found = advise(data.release, month, given, today);
  if (found.unread.length) return {unread: found.unread};
  return {unread: [], told: toldOf(found), lines: [...adviceLines(to, found), ...reasonLines(to, found), origin(to)]};
}
