// Points, abstention and what a blank could change: the same arithmetic as riskmodel's advice, in whole numbers.

const RARITY_LIMIT = 10000;
const NOTICEABLE_POINTS = 0.5;
const Z_95 = 1.959963984540054;
const OF_RELEASE = ["not_yet_valid", "expired", "research_only", "no_threshold"];

const sum = numbers => numbers.reduce((one, other) => one + other, 0);
const isBlank = answer => answer === null;

/** The answer to one line of the table: of a pair the code of both, null where neither is answered. */
function givenTo(item, answers) {
  const told = item.of.map(id => answers[id]);
  if (told.every(isBlank)) return null;
  return told.length === 1 ? told[0] : told.map(one => one ?? "no_answer").join("+");
}

/** The data of the page with every line's answers by code (null: no answer), each {code, points, rarity, error, text}. */
function prepared(data) {
  for (const item of data.release.tables.flatMap(table => table.items)) {
    const answers = item.answers.map(([code, points, rarity, error], place) => ({code, points, rarity, error, text: item.texts[place]}));
    item.answers = new Map(answers.map(one => [one.code, one]));
  }
  return data;
}

/** What an answer to a line gives: {points, rarity, error}. */
const worthOf = (item, given) => item.answers.get(given);

const worth = (item, answers) => worthOf(item, givenTo(item, answers));
const pointsOf = (table, answers) => sum(table.items.map(item => worth(item, answers).points));

/** The answers to a question that have points. */
function codesOf(question) {
  if (question.levels.length) return question.levels.filter(level => !level.route).map(level => level.code);
  return Array.from({length: question.last - question.first + 1}, (_, place) => question.first + place);
}

const questionOf = (table, id) => table.questions.find(one => one.id === id);

/** A line's points with each answer there is to its questions in `every`, the others as they are. */
function pointsWith(table, item, answers, every) {
  const told = item.of.map(id => (every.includes(id) ? codesOf(questionOf(table, id)) : [answers[id]]));
  const both = told.reduce((rows, codes) => rows.flatMap(row => codes.map(code => [...row, code])), [[]]);
  return both.map(codes => {
    const given = Object.fromEntries(item.of.map((id, place) => [id, codes[place]]));
    return worth(item, given).points;
  });
}

/** What a sum is told: inside the band borderline, else by the limit. */
function answerAt(table, points) {
  if (table.flag === null) return null;
  if (table.band && table.band[0] <= points && points <= table.band[1]) return "borderline";
  return points >= table.flag ? "more_support" : "no_indication";
}

const isAgeOutside = (question, answer) =>
  question.ages !== null && (answer < question.ages[0] || answer > question.ages[1]);

/** Why an answer has no points: "route", "age", "out_of_range"; null where it has. */
function whyNotScored(question, answer) {
  if (isBlank(answer)) return null;
  if (question.levels.length) return question.levels.find(one => one.code === answer).route ? "route" : null;
  if (isAgeOutside(question, answer)) return "age";
  return answer < question.first || answer > question.last ? "out_of_range" : null;
}

/** Every question without an answer, with its line. */
const unanswered = (table, answers) =>
  table.items.flatMap(item => item.of.filter(id => isBlank(answers[id])).map(id => ({item, question: questionOf(table, id)})));

/** Why the file gives no advice at all on a day (YYYY-MM-DD); null where it may. */
function reasonOfRelease(release, today) {
  if (release.first !== null && today < release.first) return "not_yet_valid";
  if (release.last !== null && today > release.last) return "expired";
  return release.isForResearch ? "research_only" : null;
}

function reasonOfRule(table, answers) {
  const found = reason => table.questions.filter(one => whyNotScored(one, answers[one.id]) === reason);
  const reason = ["route", "age", "out_of_range"].find(one => found(one).length > 0);
  if (reason === undefined) return null;
  return {reason, items: reason === "age" ? [] : found(reason).map(question => question.id)};
}

/** Fewest and most points that a line has when its unanswered questions are answered. */
function pointsToCome(table, item, answers) {
  const blank = item.of.filter(id => isBlank(answers[id]));
  if (blank.length && item.of.length === 1) return item.ends;
  const points = pointsWith(table, item, answers, blank);
  return [Math.min(...points), Math.max(...points)];
}

/** The least and the most that the sum is when every question is answered. */
function sumsToCome(table, answers) {
  const ends = table.items.map(item => pointsToCome(table, item, answers));
  return [0, 1].map(place => sum(ends.map(own => own[place])));
}

function reasonOfBlanks(table, answers) {
  const blanks = unanswered(table, answers);
  const needed = blanks.filter(one => one.question.isNeeded);
  const told = some => ({reason: "unanswered", items: some.map(one => one.question.id)});
  if (needed.length) return told(needed);
  const items = table.items.filter(item => blanks.some(one => one.item === item));
  const widths = items.map(item => pointsToCome(table, item, answers)).map(([low, high]) => high - low);
  const spread = sum(items.map((item, place) => (item.of.length > 1 ? widths[place] : item.spread)));
  if (spread <= table.mostUnanswered) return null;
  const [lowest, highest] = sumsToCome(table, answers);
  return answerAt(table, lowest) === answerAt(table, highest) ? null : told(blanks);
}

function reasonOfPattern(table, answers) {
  const rarity = table.meanRarity + sum(table.items.map(item => worth(item, answers).rarity));
  return rarity > RARITY_LIMIT ? {reason: "unusual", items: []} : null;
}

/** The first reason to give no advice on these answers, with the questions that gave it; null without any. */
function abstention(release, table, answers, today) {
  const ofRelease = reasonOfRelease(release, today) ?? (table.flag === null ? "no_threshold" : null);
  if (ofRelease !== null) return {reason: ofRelease, items: []};
  return reasonOfRule(table, answers) ?? reasonOfBlanks(table, answers) ?? reasonOfPattern(table, answers);
}

/** The answers to an unanswered question that have points and make the advice another. */
function otherAnswers(table, {item, question}, answers) {
  const points = pointsOf(table, answers);
  const rest = points - worth(item, answers).points;
  const own = pointsWith(table, item, answers, [question.id]);
  const differs = (_, place) => answerAt(table, rest + own[place]) !== answerAt(table, points);
  return codesOf(question).filter(differs).filter(code => whyNotScored(question, code) === null);
}

const scoredCodes = question => codesOf(question).filter(code => whyNotScored(question, code) === null);

/** The unanswered questions of which one answer alone makes the advice another, with those answers. */
function deciding(table, answers) {
  const found = unanswered(table, answers).map(blank => ({question: blank.question.id, codes: otherAnswers(table, blank, answers)}));
  return found.filter(one => one.codes.length > 0);
}

/** How much an unanswered question would tell: spread × chance of another advice, then spread, then who asks first. */
function tellsOf(table, blank, answers) {
  const given = pointsWith(table, blank.item, answers, [blank.question.id]);
  const spread = blank.item.of.length > 1 ? Math.max(...given) - Math.min(...given) : blank.item.spread;
  const share = otherAnswers(table, blank, answers).length / given.length;
  return [spread * share, spread, -blank.question.turn];
}

const isMore = (one, other) => {
  const place = one.findIndex((value, at) => value !== other[at]);
  return place >= 0 && one[place] > other[place];
};

/** The id of the question that would tell most; null where nobody can be asked. */
function nextQuestion(table, answers, onlyDeciding) {
  const blanks = unanswered(table, answers).filter(one => !one.question.isFromRegister);
  const told = blanks.map(blank => ({blank, tells: tellsOf(table, blank, answers)}));
  if (told.length === 0) return null;
  const best = told.reduce((one, other) => (isMore(other.tells, one.tells) ? other : one));
  return onlyDeciding && best.tells[0] === 0 ? null : best.blank.question.id;
}

/** Fewest points that an answer to a line gives; of a pair, when what can't change stays as it is. */
function lowestOf(table, item, answers) {
  if (item.of.length === 1) return item.ends[0];
  return Math.min(...pointsWith(table, item, answers, item.of.filter(id => questionOf(table, id).isChangeable)));
}

/** What each line adds: points, how many above the average new case, and how few it could be. */
function contributions(table, answers) {
  return table.items.map(item => {
    const given = givenTo(item, answers);
    const points = worthOf(item, given).points;
    const lowest = lowestOf(table, item, answers);
    return {item, given, isAnswered: !isBlank(given), points, above: points - item.mean, lowest};
  });
}

/** A sum, what each line adds to it, and the reasons in each direction. */
function total(table, answers) {
  const all = contributions(table, answers);
  const given = all.filter(one => one.isAnswered);
  return {
    points: pointsOf(table, answers),
    contributions: all,
    raising: given.filter(one => one.above >= NOTICEABLE_POINTS).sort((one, other) => other.above - one.above),
    lowering: given.filter(one => one.above <= -NOTICEABLE_POINTS).sort((one, other) => one.above - other.above),
    blank: all.filter(one => !one.isAnswered && one.points !== 0).sort((one, other) => other.points - one.points),
    changeable: given
      .filter(one => one.item.isChangeable && one.points > one.lowest)
      .sort((one, other) => other.points - other.lowest - (one.points - one.lowest)),
  };
}

const riskAt = logodds => (logodds >= 0 ? 1 / (1 + Math.exp(-logodds)) : Math.exp(logodds) / (1 + Math.exp(logodds)));

/** The published risk of a sum with its 95 % interval, 0-1. */
function riskOf(table, answers, points) {
  const errors = [table.meanError, ...table.items.map(item => worth(item, answers).error)];
  const reach = Z_95 * Math.sqrt(sum(errors.map(error => error * error)) + table.rounding);
  const middle = table.offset + points * table.perPoint;
  const [low, high, atLimit] = [middle - reach, middle + reach, table.offset + table.flag * table.perPoint].map(riskAt);
  return {risk: table.risks[points - table.firstSum], low, high, isNear: low <= atLimit && atLimit <= high};
}

/** What the release says of one case at the start of a month of it. given: question id to what was answered. */
function advise(release, month, given, today) {
  const table = release.tables.find(one => one.month === month);
  const answers = readAnswers(table, given);
  const unread = table.questions.filter(one => answers[one.id] === UNKNOWN).map(one => one.id);
  if (unread.length) return {table, answers, unread};
  const why = abstention(release, table, answers, today);
  const reason = why === null ? null : why.reason;
  const counted = [null, "unanswered", "unusual"].includes(reason) ? total(table, answers) : null;
  return {
    table,
    answers,
    unread,
    abstention: why,
    weighed: counted,
    total: reason === "unanswered" ? null : counted,
    answer: why === null ? answerAt(table, counted.points) : "too_little_information",
    risk: why === null ? riskOf(table, answers, counted.points) : null,
    contradictions: OF_RELEASE.includes(reason) ? [] : contradictions(release, answers),
    deciding: why === null ? deciding(table, answers) : [],
    next: why === null || reason === "unanswered" ? nextQuestion(table, answers, why === null) : null,
  };
}
