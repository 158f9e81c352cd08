// What opens with things to choose from (data-choices): arrows go through them, a digit takes the
// one at that place, letters narrow them down in the field above (data-narrows), where Enter takes
// the first that is left.
import { opened } from "../lib/opened.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

const wordsIn = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
const fieldOf = (thing) => thing.querySelector("[data-narrows]");
const choicesIn = (box) => [...box.children].filter((one) => one.checkVisibility());
const focusOf = (choice) => choice.querySelector("input") ?? choice;

// A button acts; a department that is chosen asks what they should know.
function take(choice) {
  if (!choice.matches("label")) return choice.click();
  const radio = focusOf(choice);
  radio.checked = true;
  (radio.form.querySelector("textarea") ?? radio).focus();
}

function step(box, event) {
  const all = choicesIn(box);
  if (!all.length) return;
  event.preventDefault();
  const last = all.length - 1;
  const place = all.findIndex((one) => one.contains(document.activeElement));
  const to = {
    Home: 0,
    End: last,
    ArrowDown: place === last ? 0 : place + 1,
    ArrowUp: place <= 0 ? last : place - 1,
  }[event.key];
  focusOf(all[to]).focus();
  if (all[to].matches("label")) focusOf(all[to]).checked = true;
}

// Whether each word that was typed begins one of these words.
function fits(text, typed) {
  const words = wordsIn(text);
  return typed.every((begun) => words.some((word) => word.startsWith(begun)));
}

// The field was typed into: what does not fit goes away, the first that is left is marked.
function narrow(thing) {
  const field = fieldOf(thing);
  const typed = wordsIn(field.value);
  const box = thing.querySelector("[data-choices]");
  for (const one of box.children) {
    one.hidden = "elsewhere" in one.dataset || !fits(one.textContent, typed);
    delete one.dataset.first;
  }
  const first = field.value ? choicesIn(box)[0] : undefined;
  if (first) first.dataset.first = "";
  field.parentElement.querySelector("[data-first]").textContent = first?.textContent.trim() ?? "";
}

export function clear(thing) {
  const field = fieldOf(thing);
  if (!field) return;
  field.value = "";
  narrow(thing);
}

function inField(box, event) {
  if (event.key === "Enter") {
    event.preventDefault();
    const first = event.target.value ? choicesIn(box)[0] : undefined;
    if (first) take(first);
  } else if (event.key in STEPS) step(box, event);
  else if (!event.target.value) digit(box, event);
}

// How the customer left (data-choices="shift") is said on the way: Shift and a digit, or a digit
// within it. What resolves has the focus again then.
function takeOnTheWay(thing, event) {
  const place = event.shiftKey && /^Digit([1-9])$/.exec(event.code)?.[1];
  const box = place && thing.querySelector("[data-choices=shift]");
  const choice = box ? choicesIn(box)[place - 1] : undefined;
  if (!choice || fieldOf(thing)?.value) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  takeWithin(thing, choice);
  return true;
}

function takeWithin(thing, choice) {
  focusOf(choice).checked = true;
  focusOf(choicesIn(thing.querySelector("[data-choices]"))[0])?.focus();
}

function digit(box, event) {
  const choice = /^[1-9]$/.test(event.key) ? choicesIn(box)[event.key - 1] : undefined;
  if (!choice || event.repeat) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (box.dataset.choices === "shift") return takeWithin(opened(), choice);
  take(choice);
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!(event.target instanceof Element)) return;
  const thing = opened();
  const box = event.target.closest("[data-choices]") ?? thing?.querySelector("[data-choices]");
  if (!box || !thing?.contains(box) || takeOnTheWay(thing, event)) return;
  if (event.target.matches("[data-narrows]")) return inField(box, event);
  if (event.target.matches("textarea, select, input:not([type=radio])")) return;
  if (!box.contains(event.target) && event.target.matches("button, a, summary")) return;
  if (event.key in STEPS || event.key === "Home" || event.key === "End") step(box, event);
  else if (!fieldOf(thing)?.value) digit(box, event);
}

export function start() {
  document.addEventListener("keydown", pressed, { capture: true });
  const typed = (event) => event.target.matches("[data-narrows]") && narrow(opened());
  document.addEventListener("input", typed);
  document.addEventListener("htmx:after:swap", () => {
    const thing = opened();
    if (thing && fieldOf(thing)) narrow(thing);
  });
}
