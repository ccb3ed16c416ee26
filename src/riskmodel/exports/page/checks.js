// What the page tries itself on before it asks anything: a file that counts otherwise than its release is not used.

const PERCENT = 100;
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** What Python said of a case, as this file says it. */
function toldOf(found) {
  const hundredths = found.risk && [found.risk.risk, found.risk.low, found.risk.high].map(one => halvesToEven(PERCENT * one));
  const ids = entries => (entries ?? []).map(one => one.item.id);
  return {
    answer: found.answer,
    reason: found.abstention && found.abstention.reason,
    points: found.total && found.total.points,
    interval: hundredths,
    deciding: found.deciding.map(one => one.question),
    next: found.next,
    raising: ids(found.total?.raising),
    lowering: ids(found.total?.lowering),
  };
}

function givesSum(release, check) {
  const table = release.tables.find(one => one.month === check.month);
  const points = pointsOf(table, readAnswers(table, check.given));
  return points === check.sum && table.risks[points - table.firstSum] === check.risk;
}

function givesCase(release, check) {
  const told = toldOf(advise(release, check.month, check.given, check.today));
  return Object.keys(check.told).every(key => isSame(told[key], check.told[key]));
}

function readsTyped(release, check) {
  const table = release.tables.find(one => one.month === check.month);
  return Object.entries(check.read).every(([id, read]) =>
    read.every(([text, answer]) => readAnswer(questionOf(table, id), text) === answer));
}

/** Whether this file counts as its release does. */
function countsRight(release, checks) {
  try {
    return checks.sums.length > 0 && checks.sums.every(one => givesSum(release, one))
      && checks.cases.every(one => givesCase(release, one)) && checks.typed.every(one => readsTyped(release, one));
  } catch {
    return false;
  }
}
