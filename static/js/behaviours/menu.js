// What opens and asks: a fold with a form in it, a menu, "…" on a telephone, a dialog. Its first
// choice (or field, or item) gets the focus; Escape closes it and gives the focus back to where one
// was, or else to what opened it. While one is open, no letter acts but its own.
import { asks, isDots, opened } from "../lib/opened.js";
import { clear } from "./choices.js";

const FIELDS =
  "textarea, select, " +
  "input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [data-narrows])";
const CHOICES = "[data-choices] > button, [data-choices] > label > input";
const cameFrom = new WeakMap();
const ITEMS = {
  fold: "a[href], button",
  dots: "a.decide__more, .decide__rest > details > summary",
};

const opener = (thing) => thing.querySelector(isDots(thing) ? ".decide__toggle" : "summary");
const first = (thing, what) =>
  [...thing.querySelectorAll(what)].find((one) => one.checkVisibility());

// What of a page's keys is its own: in a menu its items, never what opened it.
export function ownKeys(thing) {
  const all = [...thing.querySelectorAll("[data-key]")].filter((one) => one.checkVisibility());
  return isDots(thing)
    ? all.filter((one) => one.closest(".decide__more"))
    : all.filter((one) => one.parentElement !== thing);
}

// Where a sentence belongs that is typed while this is open.
export const wordsOf = (thing) =>
  isDots(thing)
    ? undefined
    : (first(thing, "[data-narrows]") ??
      first(thing, "textarea") ??
      first(thing, "input[type=text], input:not([type])"));

// `from` is where one was before; the page itself is no place.
export function enter(thing, from) {
  if (from && from !== document.body) cameFrom.set(thing, from);
  const field = isDots(thing) ? undefined : fieldOrChoice(thing);
  (field ?? first(thing, isDots(thing) ? ITEMS.dots : ITEMS.fold))?.focus();
  if (field?.matches("textarea")) field.setSelectionRange(field.value.length, field.value.length);
}

function fieldOrChoice(thing) {
  const narrows = thing.querySelector("[data-narrows]");
  return narrows ? first(narrows.closest("form"), CHOICES) : first(thing, FIELDS);
}

function shut(thing) {
  if (isDots(thing)) opener(thing).checked = false;
  else thing.open = false;
  const from = cameFrom.get(thing);
  closed(thing); // at once: the next key may open it again
  (from?.isConnected && from.checkVisibility() ? from : opener(thing)).focus();
}

function closed(thing) {
  cameFrom.delete(thing);
  clear(thing);
}

// A menu closes with a click elsewhere.
export function bind(element, signal) {
  document.addEventListener(
    "click",
    (event) => {
      if (element.open && !element.contains(event.target)) element.open = false;
    },
    { signal },
  );
}

export function start() {
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (asks(target) && !target.querySelector(":focus:not(summary)")) enter(target);
      if (!target.open && target.matches("details")) closed(target);
    },
    { capture: true },
  );
  document.addEventListener(
    "change",
    ({ target }) => target.matches(".decide__toggle:checked") && enter(target.parentElement),
  );
  document.addEventListener("keydown", (event) => {
    const thing = event.key === "Escape" && !event.isComposing ? opened() : undefined;
    if (!thing?.matches("details, .decide")) return; // a dialog closes by itself
    event.preventDefault();
    shut(thing);
  });
}
