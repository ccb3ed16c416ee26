// The view that advises: own assessment, advice, reasons both ways, what could change it, and the text for the case.

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}

/** Where the sum lies among all sums, beside limit and band: what the words say, drawn. */
function scale(found) {
  const {table, total: {points: reached}} = found;
  const last = table.firstSum + table.risks.length - 1;
  const x = value => 10 + (580 * (value - table.firstSum)) / Math.max(1, last - table.firstSum);
  const [from, until] = table.band ?? [table.flag, table.flag];
  const middle = Math.min(560, Math.max(40, x(reached)));
  return svg("svg", {viewBox: "0 0 600 62", class: "scale", "aria-hidden": "true", focusable: "false"},
    svg("rect", {x: 10, y: 28, width: 580, height: 10, rx: 5, class: "all"}),
    svg("rect", {x: x(from), y: 28, width: Math.max(2, x(until) - x(from)), height: 10, class: "band"}),
    svg("line", {x1: x(table.flag), x2: x(table.flag), y1: 22, y2: 44, class: "flag"}),
    svg("text", {x: x(table.flag), y: 58, "text-anchor": "middle"}, String(table.flag)),
    svg("circle", {cx: x(reached), cy: 33, r: 9, class: "sum"}),
    svg("text", {x: middle, y: 16, "text-anchor": "middle", class: "sum"}, String(reached)));
}

function adviceCard(form) {
  const {to, found} = form;
  const [first, ...rest] = adviceLines(to, found);
  const listedFor = rest.filter(line => line.startsWith("- "));
  const told = rest.filter(line => !line.startsWith("- "));
  const kind = found.abstention ? "none" : found.answer;
  return el("section", {class: `advice ${kind}`}, el("p", {class: "headline"}, headline(to, found)),
    el("p", {class: "limit"}, first.slice(headline(to, found).length).trim()),
    found.total ? scale(found) : null,
    told.slice(0, 1).map(line => el("p", {}, line)), listedFor.length ? listed(listedFor.map(line => line.slice(2))) : null,
    told.slice(1).map(line => el("p", {}, line)));
}

function reasonColumns(form) {
  const {to, found} = form;
  if (found.total === null) return null;
  const columns = reasons(to, found).map(({heading: text, entries}) =>
    el("div", {}, heading(text, "h2"), listed(entries.length ? entries : [to.say("none")])));
  const lines = remarks(to, found).map(one => el("p", {}, el("strong", {}, `${one.heading}: `), one.told));
  return el("section", {class: "reasons"}, columns, lines);
}

const asksNext = form => nextLine(form.to, form.found, form.data.parts).map(line => el("p", {class: "next"}, line));

const oneLine = text => text.replace(/\s+/g, " ").trim();
const lowered = text => (/^\p{Lu}\p{Ll}/u.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text);

/** What the caseworker does with the advice, in words; null before a choice. */
function choiceText(form) {
  const {to, found, state, data} = form;
  if (found.abstention) return to.say("no_choice");
  if (state.choice === "follow") return to.say("follow");
  const chosen = data.departures.find(one => one.id === state.choice);
  const reasonText = chosen && (chosen.isOwnWords ? oneLine(state.line) : to.said(chosen.text));
  return reasonText ? to.say("depart", {reason: lowered(reasonText).replace(/\.$/, "")}) : null;
}

/** The text for the case: own assessment, advice, reasons, choice, and what limits its use. */
function caseText(form) {
  const {to, found, state} = form;
  const chosen = choiceText(form);
  const key = state.reference.trim() ? "case_line" : "choice_line";
  return joined([
    [to.say("own"), oneLine(state.own)],
    [to.say("heading", {day: form.today}), ...adviceLines(to, found)],
    reasonLines(to, found),
    [to.say(key, {reference: oneLine(state.reference), choice: chosen}), to.say("advisory"), to.say("support_only"), origin(to)],
  ]);
}

async function copyText(form, area, told) {
  area.focus();
  area.select();
  try {
    await navigator.clipboard.writeText(area.value);
    told.textContent = form.to.say("copied");
  } catch {
    told.textContent = form.to.say(document.execCommand("copy") ? "copied" : "marked");
  }
}

function textBlock(form) {
  const {to} = form;
  if (choiceText(form) === null) return [el("p", {class: "hint"}, to.say("text_waits"))];
  const area = el("textarea", {id: "text", readonly: true, rows: "9", spellcheck: "false"});
  area.value = caseText(form);
  const told = el("p", {role: "status", class: "hint", id: "copied"});
  return [el("label", {for: "text", class: "heading"}, to.say("text")),
    el("div", {class: "actions"}, button(to.say("copy"), () => copyText(form, area, told), "main"), told), area];
}

function ownWords(form, refresh) {
  const {to, state} = form;
  const input = el("input", {type: "text", maxlength: "120", autocomplete: "off", value: state.line});
  input.addEventListener("input", () => { state.line = input.value; refresh(); });
  return field(input, {id: "line", label: to.say("line")});
}

/** Follow, or depart with a reason: one choice either way, by mouse, arrows or the number in front of it. */
function choosing(form, refresh) {
  const {to, data, state, found} = form;
  if (found.abstention) return null;
  const words = el("div", {});
  const set = id => {
    state.choice = id;
    const isOwn = data.departures.some(one => one.id === id && one.isOwnWords);
    words.replaceChildren(...(isOwn ? [ownWords(form, refresh)] : []));
    refresh();
  };
  const one = (id, text, place) => choice("choice", id, `${place}. ${text}`, state.choice === id, set);
  const follow = one("follow", to.say("follow"), 1);
  const depart = data.departures.map((reasonOf, place) => one(reasonOf.id, to.said(reasonOf.text), place + 2));
  depart.forEach(label => label.firstChild.setAttribute("aria-describedby", "departing"));
  if (state.choice) set(state.choice);
  return el("fieldset", {class: "choosing", on: {keydown: event => pressed(event, [follow, ...depart])}},
    el("legend", {}, to.say("decision")), el("p", {class: "hint"}, to.say("decision_hint")),
    el("div", {class: "choices"}, follow), el("p", {id: "departing"}, to.say("departing")),
    el("div", {class: "choices"}, depart), words);
}

/** The choice whose number is pressed while one of them has focus. */
function pressed(event, choices) {
  const input = choices[Number(event.key) - 1]?.querySelector("input");
  if (event.target.type !== "radio" || !input) return;
  input.focus();
  input.click();
}

/** The whole view. */
function resultView(form) {
  const {to, state, found} = form;
  const text = el("section", {class: "text"});
  const refresh = () => text.replaceChildren(...textBlock(form));
  refresh();
  const own = el("section", {class: "own"}, heading(to.say("own"), "h2"), el("blockquote", {}, el("p", {}, state.own)));
  const advice = el("div", {class: "first"}, adviceCard(form), asksNext(form));
  return [
    heading(to.say("heading", {day: form.today})),
    el("div", {class: "sides"}, own, advice, reasonColumns(form)), choosing(form, refresh), text,
    el("p", {class: "hint"}, `${to.say("advisory")} ${to.say("support_only")} ${origin(to)}`),
    el("div", {class: "actions"}, button(to.say("back"), () => form.show("ask")), button(to.say("sheet"), () => form.show("sheet")), button(to.say("clear"), form.clear)),
  ].filter(one => one !== null);
}
