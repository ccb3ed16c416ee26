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
  const x = value => 10 + (300 * (value - table.firstSum)) / Math.max(1, last - table.firstSum);
  const [from, until] = table.band ?? [table.flag, table.flag];
  const middle = value => Math.min(304, Math.max(16, x(value)));
  return svg("svg", {viewBox: "0 0 320 62", class: "scale", "aria-hidden": "true", focusable: "false"},
    svg("rect", {x: 10, y: 28, width: 300, height: 10, rx: 5, class: "all"}),
    svg("rect", {x: x(from), y: 28, width: Math.max(2, x(until) - x(from)), height: 10, class: "band"}),
    svg("line", {x1: x(table.flag), x2: x(table.flag), y1: 22, y2: 44, class: "flag"}),
    svg("text", {x: middle(table.flag), y: 59, "text-anchor": "middle"}, String(table.flag)),
    svg("circle", {cx: x(reached), cy: 33, r: 8, class: "sum"}),
    svg("text", {x: middle(reached), y: 17, "text-anchor": "middle", class: "sum"}, String(reached)));
}

function adviceCard(form) {
  const {to, found} = form;
  const [first, ...rest] = answerLines(to, found);
  const listedFor = rest.filter(line => line.startsWith("- ")).map(line => line.slice(2));
  const [about, ...told] = rest.filter(line => !line.startsWith("- "));
  return el("section", {class: `advice ${found.abstention ? "none" : found.answer}`}, el("p", {class: "headline"}, headline(to, found)),
    el("p", {class: "limit"}, first.slice(headline(to, found).length).trim()), found.total ? scale(found) : null,
    el("p", {}, about), listedFor.length ? listed(listedFor) : null, told.map(line => el("p", {}, line)));
}

/** What to ask before anything else: what does not go together, what decides, what tells most. */
function asking(form) {
  const {to, found} = form;
  const lines = [...clashLines(to, found), ...askLines(to, found)];
  return lines.map(line => el("p", {class: "next"}, line));
}

/** A line with its first words in bold, up to a colon or full stop. */
function remark(line) {
  const name = line.match(/^.*?[:.](?= )/u)?.[0] ?? "";
  return el("p", {}, el("strong", {}, name), line.slice(name.length));
}

/** Own assessment with the person's own rating, and the reasons both ways. */
function beside(form) {
  const {to, found, state} = form;
  const own = el("section", {class: "own"}, heading(to.say("own"), "h2"), el("blockquote", {}, el("p", {}, state.own)),
    found.weighed ? ratingLines(to, found).map(remark) : null);
  const columns = found.total === null ? [] : reasons(to, found).map(({heading: text, entries}) =>
    el("div", {}, heading(text, "h2"), listed(entries.length ? entries : [to.say("none")])));
  const easier = found.total ? easierLines(to, found).map(remark) : [];
  return [own, el("section", {class: "reasons"}, columns, easier, found.weighed ? areaLines(to, found).map(remark) : [])];
}

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

const headingText = form =>
  form.to.say("heading", {day: form.today}) + (form.state.reference.trim() ? form.to.say("reference", {reference: oneLine(form.state.reference)}) : "");

/** Lines that begin a list joined to one: a text for a case has 25 lines at most. */
function shortened(lines) {
  const [listedFor, others] = [true, false].map(isListed => lines.filter(line => line.startsWith("- ") === isListed));
  return listedFor.length ? [...others.slice(0, 2), listedFor.map(line => line.slice(2)).join("; ").replaceAll("?; ", "? "), ...others.slice(2)] : lines;
}

/** The text for the case: own assessment, advice, reasons, choice, and what limits its use. */
function caseText(form) {
  const {to, found, state} = form;
  return joined([
    [...(form.trial ? [form.trial] : []), `${to.say("own")}: ${oneLine(state.own)}`],
    [headingText(form), ...shortened(adviceLines(to, found))],
    reasonLines(to, found),
    [`${choiceText(form)}.`, `${to.say("advisory")} ${to.say("support_only")}`, origin(to)],
  ]);
}

/** Select the text and copy it; where the browser does not, it is there to be copied by hand. */
function copyText(form, area, told) {
  area.focus();
  area.select();
  told.textContent = form.to.say(document.execCommand("copy") ? "copied" : "marked");
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
  const {to, found} = form;
  const text = el("section", {class: "text"});
  const refresh = () => text.replaceChildren(...textBlock(form));
  refresh();
  const [own, reasonsBoth] = beside(form);
  const blank = found.weighed ? blankLines(to, found).map(remark) : null;
  const advice = el("div", {class: "first"}, adviceCard(form), asking(form), blank);
  return [
    heading(headingText(form)),
    el("div", {class: "sides"}, own, advice, reasonsBoth), choosing(form, refresh), text,
    el("p", {class: "hint"}, `${to.say("advisory")} ${to.say("support_only")} ${origin(to)}`),
    el("div", {class: "actions"}, button(to.say("back"), () => form.show("ask")), button(to.say("sheet"), () => form.show("sheet")), button(to.say("clear"), form.clear)),
  ].filter(one => one !== null);
}
