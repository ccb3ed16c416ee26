// What the answers say beside the advice: area by area, the person's own rating, points so far, what does not go together.

const STANDINGS = ["above", "below", "both", "average", "unanswered"];

/** Whether an answer is one of a condition's codes, or a number from its first to its last. */
function holds(condition, answer) {
  if (condition.answers.length || !Number.isInteger(answer)) return condition.answers.includes(answer);
  return (condition.first === null || condition.first <= answer) && (condition.last === null || answer <= condition.last);
}

const contradictions = (release, answers) =>
  release.contradictions.filter(one => one.when.every(condition => holds(condition, answers[condition.item] ?? null)));

/** Where the answers of one life area stand beside the average case's. */
function standing(entries) {
  const beside = entries.filter(one => one.isAnswered).map(one => one.above);
  const [above, below] = [beside.some(one => one >= NOTICEABLE_POINTS), beside.some(one => one <= -NOTICEABLE_POINTS)];
  if (beside.length === 0) return "unanswered";
  return above && below ? "both" : above ? "above" : below ? "below" : "average";
}

/** Every life area that the table asks about, in its order, and where it stands. */
function areas(release, weighed) {
  const ids = [...new Set(weighed.contributions.map(one => one.item.area))].filter(id => id in release.areas);
  return ids.map(id => ({text: release.areas[id], stands: standing(weighed.contributions.filter(one => one.item.area === id))}));
}

/** Points of what is answered, and the range of the sum; null where all or nothing is. */
function soFar(table, answers, weighed) {
  const answeredN = table.questions.filter(one => !isBlank(answers[one.id])).length;
  if (answeredN === 0 || answeredN === table.questions.length) return null;
  const [lowest, highest] = sumsToCome(table, answers);
  return {points: sum(weighed.contributions.filter(one => one.isAnswered).map(one => one.points)), lowest, highest};
}
