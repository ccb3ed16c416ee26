// What is printed: the sheet for the applicant, with the same sum, and the points table to fill in by hand.

const SUMS_SHOWN = 12;

const cells = (tag, texts) => texts.map((text, place) => el(place ? tag : "th", place ? {class: "n"} : {scope: "row"}, text));
const head = texts => el("thead", {}, el("tr", {}, texts.map(text => el("th", {scope: "col"}, text))));

function printing(form, back, view) {
  return el("div", {class: "actions screen"}, button(form.to.say("print"), () => window.print(), "main"), button(back, () => form.show(view)));
}

function sumTable(form) {
  const {to, found} = form;
  const rows = found.total.contributions.map(entry => el("tr", {}, el("th", {scope: "row"}, to.said(entry.item.text)),
    el("td", {}, lineAnswer(to, found.table, entry)), el("td", {class: "n"}, String(entry.points))));
  const last = el("tr", {class: "sum"}, el("th", {scope: "row"}, to.say("total")), el("td", {}), el("td", {class: "n"}, String(found.total.points)));
  return el("table", {}, head(["question", "answer", "points_column"].map(key => to.say(key))), el("tbody", {}, rows), el("tfoot", {}, last));
}

function answerTable(form) {
  const {to, found} = form;
  const said = question => (found.answers[question.id] === null ? to.say("no_answer") : shownAnswer(to, question, found.answers[question.id]));
  const rows = found.table.questions.map(one => el("tr", {}, el("th", {scope: "row"}, to.said(one.text)), el("td", {}, said(one))));
  return [el("p", {}, to.say("sheet_no_points")),
    el("table", {}, head(["question", "answer"].map(key => to.say(key))), el("tbody", {}, rows))];
}

function whereToComplain(to) {
  const {contact} = to.release;
  if (!contact) return [el("p", {}, to.say("contact_unknown"))];
  return ["complain_told", "contact_told"].map(key => el("p", {}, to.say(key, contact)));
}

/** The sheet for the person: the same sum, what to correct and how, who decides, where to complain. */
function sheetView(form) {
  const {to, found, state} = form;
  const written = state.reference.trim() ? ` ${to.say("sheet_case", {reference: oneLine(state.reference)})}` : "";
  const told = [[correctly(to)], [whoDecides(to)], [heading(to.say("complain"), "h2"), ...whereToComplain(to)]];
  return [
    printing(form, to.say("to_advice"), "result"), heading(to.say("sheet_title")),
    ...(form.trial ? [el("p", {}, form.trial)] : []),
    el("p", {class: "about"}, to.say("sheet_day", {municipality: to.release.municipality, day: form.today}) + written),
    el("p", {}, to.say("sheet_intro")), ...(found.total ? [sumTable(form)] : answerTable(form)),
    heading(to.say("sheet_advice"), "h2"), ...[...answerLines(to, found), ...found.deciding.map(one => decides(to, found.table, one)),
      ...(found.weighed && !found.total ? blankLines(to, found) : [])].map(line => el("p", {}, line.replace(/^- /, "\u2013 "))),
    ...told.flat(2), heading(to.say("forbidden"), "h2"), listed(to.release.forbidden.map(to.said)),
    el("p", {class: "hint"}, `${to.say("no_cause")} ${origin(to)}`),
  ];
}

const correctly = to => [heading(to.say("correct"), "h2"), el("p", {}, to.say("correct_how"))];
const whoDecides = to => [heading(to.say("decides_who"), "h2"), el("p", {}, to.say("decides_who_told"))];

/** The answers to a question with their points, numbers of equal points as one range; routes have none. */
function pointsRows(to, table, item) {
  const answers = [...item.answers.values()].filter(one => !isBlank(one.code));
  if (item.of.length > 1) return answers.map(one => [to.said(one.text), String(one.points)]);
  const question = questionOf(table, item.id);
  const routes = question.levels.filter(one => one.route).map(one => [to.said(one.text), to.say("own_way")]);
  const scored = answers.filter(one => whyNotScored(question, one.code) === null);
  if (question.levels.length) return [...scored.map(one => [shownAnswer(to, question, one.code), String(one.points)]), ...routes];
  const runs = [];
  for (const one of scored) {
    if (runs.length && runs.at(-1).points === one.points) runs.at(-1).last = one.code;
    else runs.push({first: one.code, last: one.code, points: one.points});
  }
  return runs.map(run => [shownAnswer(to, question, ...(run.first === run.last ? [run.first] : [run.first, run.last])), String(run.points)]);
}

function itemTable(to, table, item) {
  const none = item.of.some(id => questionOf(table, id).isNeeded) ? [] : [[to.say("no_answer"), String(worthOf(item, null).points)]];
  const rows = [...pointsRows(to, table, item), ...none];
  return el("table", {class: "item"}, el("caption", {}, to.said(item.text)),
    el("tbody", {}, rows.map(row => el("tr", {}, cells("td", row)))));
}

/** The sums that are told on paper: evenly apart, and the limit. */
function sumsShown(table) {
  const step = Math.max(1, Math.ceil(table.risks.length / SUMS_SHOWN / 5) * 5);
  const all = table.risks.map((_, place) => table.firstSum + place);
  return all.filter(one => one % step === 0 || one === table.flag);
}

function riskTable(to, table) {
  const rows = sumsShown(table).map(one => [String(one), String(halvesToEven(100 * table.risks[one - table.firstSum]))]);
  return el("table", {class: "item"}, el("caption", {}, to.say("paper_risks")),
    head([to.say("total"), to.say("paper_of_hundred")]), el("tbody", {}, rows.map(row => el("tr", {}, cells("td", row)))));
}

function paperRules(to, table) {
  const [first, last] = to.release.ages;
  const needed = table.questions.filter(one => one.isNeeded).map(one => to.said(one.text)).join("; ");
  const band = table.band ? [to.say("band", {first: table.band[0], last: table.band[1]})] : [];
  const flag = table.flag === null ? [to.say("no_threshold")] : [to.say("paper_limit", {flag: table.flag}), ...band];
  const routes = table.questions.some(one => one.levels.some(level => level.route)) ? [to.say("paper_routes")] : [];
  return [...flag, to.say("paper_ages", {first, last}), ...routes, to.say("paper_blanks"),
    ...(needed ? [to.say("paper_needed", {questions: needed})] : []), to.say("paper_unusual"), to.say("advisory")];
}

/** One A4 page to sum with a pencil. */
function paperView(form) {
  const {to, table} = form;
  return [
    printing(form, to.say("back"), "ask"), heading(to.say("paper_title", {when: whenText(to, table.month)})),
    el("p", {}, to.say("paper_how")),
    el("div", {class: "pencil"}, table.items.map(item => itemTable(to, table, item)), riskTable(to, table)),
    el("p", {class: "box"}, `${to.say("paper_sum")}: `, el("span", {class: "blank"})),
    listed(paperRules(to, table)), el("p", {class: "hint"}, `${to.say("outcome", {outcome: to.said(to.release.outcome)})} ${origin(to)}`),
  ];
}
