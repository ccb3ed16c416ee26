// The view that asks: where in the case, the questions part by part, and the caseworker's own assessment.

const whenText = (to, month) => (month ? to.say("after_months", {month}) : to.say("at_intake"));
const idOf = question => `q-${question.id}`;

/** One of several answers, as a radio button. */
function choice(name, value, text, isChosen, listener) {
  const id = `${name}-${value}`;
  const input = el("input", {type: "radio", name, id, value, checked: isChosen, autocomplete: "off", on: {change: () => listener(value)}});
  return el("label", {class: "choice", for: id}, input, el("span", {}, text));
}

function chooseMonth(form) {
  const {to, data, state} = form;
  if (data.release.tables.length === 1) return null;
  const months = data.release.tables.map(one => one.month);
  return el("fieldset", {}, el("legend", {}, to.say("when")), el("div", {class: "choices"},
    months.map(month => choice("month", String(month), whenText(to, month), month === state.month, value => form.setMonth(Number(value))))));
}

function levels(form, question) {
  const {to} = form;
  const name = idOf(question);
  const given = form.given[question.id] ?? null;
  const set = value => form.setAnswer(question, value === "" ? null : value);
  const all = question.levels.map(level => choice(name, level.code, to.said(level.text), level.code === given, set));
  const none = choice(name, "", to.say("unanswered_choice"), given === null, set);
  none.classList.add("none");
  return el("fieldset", {class: "question"}, el("legend", {}, to.said(question.text)), el("div", {class: "choices"}, all, none));
}

/** The number as it was typed, with its unit. */
const typedNumber = (to, question, given) => `${String(given).trim()}${question.unit ? ` ${to.said(question.unit)}` : ""}`;

/** What is wrong with a typed number, or has to be asked of it; null where nothing is. confirmed: what was told to be right. */
function numberError(to, question, given, confirmed) {
  const answer = readAnswer(question, given);
  if (answer !== UNKNOWN) {
    const isAsked = whyNotScored(question, answer) !== null && given !== confirmed;
    return isAsked ? to.say("is_it_right", {typed: typedNumber(to, question, given)}) : null;
  }
  const middle = Math.floor((question.first + question.last) / 2);
  return to.say(question.scale === 1 ? "not_whole" : "not_number", {example: middle});
}

function number(form, question) {
  const {to, state} = form;
  const id = idOf(question);
  const given = state.given[question.id] ?? "";
  const isNothing = value => readAnswer(question, value) === null;
  const none = el("input", {type: "checkbox", id: `${id}-none`, checked: isNothing(given), autocomplete: "off"});
  const input = typing("input", {type: "text", inputmode: question.scale === 1 ? "numeric" : "decimal", value: given, size: "6"});
  const set = value => {
    form.setAnswer(question, value);
    none.checked = isNothing(value);
  };
  input.addEventListener("input", () => set(input.value));
  input.addEventListener("change", () => setError(id, numberError(to, question, input.value, state.confirmed[question.id])));
  none.addEventListener("change", () => {
    if (none.checked) input.value = "";
    set(input.value);
    setError(id, null);
    if (!none.checked) input.focus();
  });
  const range = {range: shownAnswer(to, question, question.first, question.last)};
  const hint = to.say(question.isNeeded ? "number_hint_needed" : "number_hint", range);
  const made = field(input, {id, hint, error: given === "" ? null : numberError(to, question, given, state.confirmed[question.id]), kind: "number"});
  input.setAttribute("aria-labelledby", `${id}-legend`);
  made.append(el("label", {class: "choice none", for: `${id}-none`}, none, el("span", {}, to.say("unanswered_choice"))));
  return el("fieldset", {class: "question"}, el("legend", {id: `${id}-legend`}, to.said(question.text)), made);
}

function part(form, table, one) {
  const asked = table.questions.filter(question => question.part === one.id);
  if (asked.length === 0) return null;
  const {to} = form;
  const about = el("p", {class: "about"}, to.say(one.month ? "asked_later" : "asked_first", {who: to.said(one.who), month: one.month}));
  return el("section", {}, heading(to.said(one.text), "h2"), about,
    asked.map(question => (question.levels.length ? levels(form, question) : number(form, question))));
}

function reference(form) {
  const {to, state} = form;
  const input = typing("input", {type: "text", value: state.reference});
  input.addEventListener("input", () => { state.reference = input.value; });
  input.addEventListener("change", () => setError("reference", form.referenceError()));
  return field(input, {id: "reference", label: to.say("case_number"), hint: to.say("case_number_hint"), error: form.referenceError()});
}

function own(form) {
  const {to, state} = form;
  const input = typing("textarea", {rows: "4", readonly: form.isSeen, required: true});
  input.value = state.own;
  input.addEventListener("input", () => {
    state.own = input.value;
    form.refresh();
  });
  const hint = to.say(form.isSeen ? "own_locked" : "own_hint");
  return el("section", {}, heading(to.say("own"), "h2"), field(input, {id: "own", label: to.say("own_question"), hint}));
}

const progress = form => {
  const {to, table, given} = form;
  const answers = Object.values(readAnswers(table, given));
  return to.say("progress", {n: answers.filter(one => one !== null && one !== UNKNOWN).length, all: answers.length});
};

const clearing = form => buttonAskedTwice(form.to.say("clear"), form.to.say("clear_again"), () => !form.isBlank, form.clear);

/** The whole view. */
function askView(form) {
  const {to, table, data} = form;
  return [
    heading(to.say("questions")), el("p", {class: "lead"}, to.say("intro")),
    chooseMonth(form), reference(form), data.release.parts.map(one => part(form, table, one)), own(form),
    el("p", {class: "error summary", id: "errors", role: "alert", hidden: true}),
    el("p", {id: "progress", class: "hint", role: "status"}, progress(form)),
    el("div", {class: "actions"}, button(to.say("show"), form.showAdvice, "main"),
      el("button", {type: "button", id: "points-table", hidden: !form.isTableOffered, on: {click: () => form.show("paper")}}, to.say("points_table")), clearing(form)),
  ].flat().filter(one => one !== null);
}
