// Elements with texts that are never read as markup: every word of a release is set as text.

/** An element; attributes that are false or null are left out, `on` holds its listeners. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") Object.entries(value).forEach(([event, listener]) => made.addEventListener(event, listener));
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter(one => one !== null));
  return made;
}

const listed = texts => el("ul", {}, texts.map(text => el("li", {}, text)));
const button = (text, listener, kind = "") => el("button", {type: "button", class: kind, on: {click: listener}}, text);
const lengthOf = text => [...text.trim()].length;
const saysSomething = text => /[\p{L}\p{N}]/u.test(text);

/** A button that does what can't be undone when it is pressed again, where `isAsked()`; at once where not. */
function buttonAskedTwice(text, again, isAsked, listener) {
  const press = () => {
    if (made.textContent === again || !isAsked()) listener();
    else made.textContent = again;
  };
  const made = el("button", {type: "button", "aria-live": "polite", on: {click: press, blur: () => { made.textContent = text; }}}, text);
  return made;
}

/** What is typed as text: no browser keeps it, sends it to be spelled or cuts it. */
const typing = (tag, attributes) => el(tag, {autocomplete: "off", spellcheck: "false", ...attributes});

/** A heading that takes focus when its view is shown. */
const heading = (text, level = "h1") => el(level, level === "h1" ? {tabindex: "-1"} : {}, text);

/** A field with its label, hint and error, tied together for those who hear them. */
function field(made, {id, label, hint, error, kind = "field"}) {
  const named = label ? el("label", {for: id}, label) : null;
  const about = hint ? el("p", {class: "hint", id: `${id}-hint`}, hint) : null;
  const wrong = el("p", {class: "error", id: `${id}-error`, hidden: !error}, error ?? "");
  made.setAttribute("id", id);
  made.setAttribute("aria-describedby", `${hint ? `${id}-hint ` : ""}${id}-error`);
  return el("div", {class: kind}, named, about, wrong, made);
}

/** Show or take away the error of a field. */
function setError(id, text) {
  const told = document.getElementById(`${id}-error`);
  told.textContent = text ?? "";
  told.hidden = !text;
  document.getElementById(id).setAttribute("aria-invalid", String(Boolean(text)));
}
