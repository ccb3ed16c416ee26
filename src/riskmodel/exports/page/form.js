// One case at a time, kept in this page's memory and nowhere else.

const VIEWS = {ask: askView, result: resultView, sheet: sheetView, paper: paperView};
const blankState = (language, month) => ({language, month, given: {}, reference: "", own: "", isSeen: false, choice: null, line: "", view: "ask"});

/** Today where the file is opened, YYYY-MM-DD. */
function localDay() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(one => String(one).padStart(2, "0")).join("-");
}

/** The day whose rules count: before its first day a release is tried as on that day. */
const dayOf = (release, today) => (release.first !== null && today < release.first ? release.first : today);

/** Why the file may not be used today; null where it may, if only to be tried. */
function refusal(data, today) {
  return countsRight(data.release, data.checks) ? reasonOfRelease(data.release, dayOf(data.release, today)) : "damaged";
}

class Form {
  constructor(data, main) {
    this.data = data;
    this.main = main;
    this.today = localDay();
    this.refused = refusal(data, this.today);
    this.state = blankState("sv", data.release.tables[0].month);
    this.showAdvice = this.showAdvice.bind(this);
    this.clear = this.clear.bind(this);
  }

  get to() { return speaker(this.data, this.state.language); }
  get table() { return this.data.release.tables.find(one => one.month === this.state.month); }
  get found() { return advise(this.data.release, this.state.month, this.state.given, dayOf(this.data.release, this.today)); }

  /** What stands first in all that is read of it where it can only be tried; null where it may be used. */
  get trial() {
    const {id, first} = this.data.release;
    if (id === null) return this.to.say("trying");
    return this.today < first ? this.to.say("trying_early", {id, first}) : null;
  }

  setAnswer(question, given) {
    this.state.given[question.id] = given;
    document.getElementById("progress").textContent = progress(this);
  }

  /** Another table: answers that it does not know are left behind. */
  setMonth(month) {
    this.state.month = month;
    const read = readAnswers(this.table, this.state.given);
    this.state.given = Object.fromEntries(Object.entries(this.state.given).filter(([id]) => id in read && read[id] !== UNKNOWN));
    this.render();
    document.getElementById(`month-${month}`).focus();
  }

  referenceError() {
    const isWrong = this.state.reference.trim() && !isCaseNumber(this.state.reference);
    return isWrong ? this.to.say("case_number_refused") : null;
  }

  /** Every field that is not as it must be, with its error. */
  errors() {
    const numbers = this.table.questions.filter(one => one.levels.length === 0);
    const found = [["reference", this.referenceError()],
      ...numbers.map(one => [idOf(one), numberError(this.to, one, this.state.given[one.id])]),
      ["own", this.state.own.trim() ? null : this.to.say("own_missing")]];
    found.forEach(([id, text]) => setError(id, text));
    return found.filter(([, text]) => text !== null);
  }

  showAdvice() {
    this.today = localDay(); // the page may have been open since yesterday
    this.refused = reasonOfRelease(this.data.release, dayOf(this.data.release, this.today));
    if (this.refused) return this.show("ask");
    const errors = this.errors();
    const told = document.getElementById("errors");
    told.hidden = errors.length === 0;
    told.textContent = errors.length ? this.to.say("errors_n", {n: errors.length}) : "";
    if (errors.length) return document.getElementById(errors[0][0]).focus();
    Object.assign(this.state, {isSeen: true, choice: null, line: ""});
    return this.show("result");
  }

  clear() {
    this.state = blankState(this.state.language, this.state.month);
    this.show("ask");
  }

  show(view) {
    this.state.view = view;
    this.render();
    window.scrollTo(0, 0);
    this.main.querySelector("h1").focus();
  }

  setLanguage(language) {
    this.state.language = language;
    this.render();
  }

  render() {
    const {to, state} = this;
    document.documentElement.lang = state.language;
    document.title = to.say("title", {municipality: to.release.municipality});
    document.body.className = this.refused ? "refused" : state.view;
    frame(this);
    this.main.replaceChildren(...(this.refused ? refusedView(this) : VIEWS[state.view](this)));
  }
}

function refusedView(form) {
  return [heading(form.to.say("refused")), el("p", {class: "error", role: "alert"}, form.to.say(form.refused))];
}

/** What stands around every view: name, languages, and what this file can't know. */
function frame(form) {
  const {to, state} = form;
  const {id, last, contact, municipality} = to.release;
  const set = (name, text) => { document.getElementById(name).textContent = text; };
  set("skip", to.say("skip"));
  set("name", to.say("title", {municipality}));
  set("status", form.trial ?? to.say("valid", {id, last}));
  set("withdrawal", contact ? to.say("withdrawal", contact) : to.say("withdrawal_unknown"));
  set("private", to.say("private"));
  document.getElementById("status").className = form.trial ? "trying" : "";
  const languages = document.getElementById("languages");
  languages.setAttribute("aria-label", to.say("languages"));
  languages.querySelectorAll("button").forEach(one => one.setAttribute("aria-pressed", String(one.lang === state.language)));
}

/** Open the form in this page. */
function start(data) {
  const form = new Form(data, document.getElementById("content"));
  document.querySelectorAll("#languages button").forEach(one => one.addEventListener("click", () => form.setLanguage(one.lang)));
  form.render();
}
