// One case at a time, kept in this page's memory and nowhere else.

const VIEWS = {ask: askView, result: resultView, sheet: sheetView, paper: paperView};
const blankState = (language, month) => ({language, month, given: {}, confirmed: {}, reference: "", own: "", seen: null, advised: null, isChanged: false, choice: null, line: "", isTried: false, view: "ask"});
const CALM_MS = 400; // a second press that was meant for the view before
const LONGEST = {reference: 40, own: 600, line: 120}; // characters

/** Now, by the clock that stamps presses, in ms. */
const timeNow = () => new Event("now").timeStamp;

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
    this.shownAt = -CALM_MS;
  }

  get to() { return speaker(this.data, this.state.language); }
  get table() { return this.data.release.tables.find(one => one.month === this.state.month); }
  get found() { return advise(this.data.release, this.state.month, this.given, dayOf(this.data.release, this.today)); }

  /** What was given to the questions of the table; an answer that only another table has is kept, and left out. */
  get given() {
    const isKnown = one => one.levels.length === 0 || readAnswer(one, this.state.given[one.id]) !== UNKNOWN;
    const known = this.table.questions.filter(one => one.id in this.state.given && isKnown(one));
    return Object.fromEntries(known.map(one => [one.id, this.state.given[one.id]]));
  }

  get isSeen() { return this.state.seen !== null; }
  get isUnanswered() { return Object.values(this.state.given).every(one => one === null || one === ""); }
  get isBlank() { return this.isUnanswered && this.state.own === "" && this.state.reference === ""; }

  /** Points are shown before anything is answered, or after the own assessment is written for good. */
  get isTableOffered() { return this.isSeen || (this.isUnanswered && this.state.own === ""); }

  /** What stands first in all that is read of it where it can only be tried; null where it may be used. */
  get trial() {
    const {id, first} = this.data.release;
    if (id === null) return this.to.say("trying");
    return this.today < first ? this.to.say("trying_early", {id, first}) : null;
  }

  setAnswer(question, given) {
    this.state.given[question.id] = given;
    this.refresh();
  }

  refresh() {
    document.getElementById("progress").textContent = progress(this);
    document.getElementById("points-table").hidden = !this.isTableOffered;
  }

  /** Another table: the months so far are asked anew, all else that was given is kept. */
  setMonth(month) {
    this.state.month = month;
    this.data.release.tables.flatMap(one => one.questions).filter(one => one.isNeeded).forEach(one => delete this.state.given[one.id]);
    this.render();
    document.getElementById(`month-${month}`).focus();
  }

  referenceError() {
    const isWrong = this.state.reference.trim() && !isCaseNumber(this.state.reference);
    return isWrong ? this.to.say("case_number_refused") : this.lengthError("reference");
  }

  ownError() { return saysSomething(this.state.own) ? this.lengthError("own") : this.to.say("own_missing"); }

  /** That a text is longer than there is room for; it is never cut. */
  lengthError(name) {
    const n = lengthOf(this.state[name]);
    return n > LONGEST[name] ? this.to.say("too_long", {n, most: LONGEST[name]}) : null;
  }

  /** Every field that is not as it must be, with its error. */
  errors() {
    const numbers = this.table.questions.filter(one => one.levels.length === 0);
    const found = [["reference", this.referenceError()],
      ...numbers.map(one => [idOf(one), numberError(this.to, one, this.state.given[one.id], this.state.confirmed[one.id])]),
      ["own", this.ownError()]];
    return found.filter(([, text]) => text !== null);
  }

  tellErrors(errors) {
    document.querySelectorAll("main [aria-invalid]").forEach(one => setError(one.id, null));
    errors.forEach(([id, text]) => setError(id, text));
    const told = document.getElementById("errors");
    told.hidden = errors.length === 0;
    told.textContent = errors.length ? this.to.say("errors_n", {n: errors.length}) : "";
  }

  /** What was asked about is right if it stands the next time that the advice is asked for. */
  confirm() {
    const asked = this.table.questions.filter(one => one.levels.length === 0 && this.given[one.id] !== undefined);
    asked.forEach(one => { this.state.confirmed[one.id] = this.given[one.id]; });
  }

  /** Another advice asks for another choice; that answers changed after the first one is remembered. */
  see() {
    const key = JSON.stringify([this.state.month, readAnswers(this.table, this.given)]);
    const {seen, advised, isChanged} = this.state;
    if (seen !== key) Object.assign(this.state, {choice: null, line: ""});
    const first = advised ?? (this.found.abstention ? null : key);
    Object.assign(this.state, {seen: key, advised: first, isChanged: isChanged || (first !== null && first !== key), isTried: false});
  }

  showAdvice() {
    this.today = localDay(); // the page may have been open since yesterday
    this.refused = reasonOfRelease(this.data.release, dayOf(this.data.release, this.today));
    if (this.refused) return this.show("ask");
    const errors = this.errors();
    this.tellErrors(errors);
    this.state.isTried = errors.length > 0;
    if (errors.length) {
      this.confirm();
      this.shownAt = timeNow();
      return document.getElementById(errors[0][0]).focus();
    }
    this.see();
    return this.show("result");
  }

  clear() {
    this.state = blankState(this.state.language, this.data.release.tables[0].month);
    this.show("ask");
  }

  show(view) {
    this.state.view = view;
    this.render();
    this.shownAt = timeNow();
    window.scrollTo(0, 0);
    this.main.querySelector("h1").focus();
  }

  setLanguage(language) {
    this.state.language = language;
    this.render();
    if (!this.refused && this.state.view === "ask" && this.state.isTried) this.tellErrors(this.errors());
  }

  /** Stop the second half of a double click, and a click meant for the view before; keys have no count of clicks. */
  calm(event) {
    if (event.detail === 0 || (event.detail === 1 && event.timeStamp - this.shownAt >= CALM_MS)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
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
  document.addEventListener("click", event => form.calm(event), {capture: true});
  window.addEventListener("beforeunload", event => { if (!form.isBlank) event.preventDefault(); });
  window.addEventListener("pageshow", event => {
    if (!event.persisted) return; // a page that the browser kept shows nothing of the case before
    form.clear();
    window.location.reload();
  });
  form.render();
}
