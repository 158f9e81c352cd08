// Keys: whatever carries data-key is pressed by that key, outside text fields and while nothing is
// open. What decides (data-decision) ignores a held key and a key in the midst of typing; that it
// waits half a second after the page changed stands in steady.js.
import { SWAPS } from "../lib/binding.js";
import { letters, meant, own, printed } from "../lib/letters.js";
import { opened } from "../lib/opened.js";
import * as rowVerbs from "./keys/rows.js";
import { enter, ownKeys, wordsOf } from "./menu.js";
import { step, stepOut } from "./opening.js";
import { choose, chooseNone } from "./selecting.js";

const FLOW_MS = 500;
const LEAVING_MS = 3000;
let first = "";
let firstAt = 0;
let letterAt = -FLOW_MS;
let typedInMenu = false;
let leavingAt = -LEAVING_MS;

const typing = (target) =>
  target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
// This page, or what is open on it, is on its way out
const leaving = () =>
  performance.now() - leavingAt < LEAVING_MS || "moving" in document.body.dataset;
// Down and up; the brackets open what they come to, the letters too where a ticket is open.
const STEPS = { j: 1, k: -1, "]": 1, "[": -1 };

function find(key) {
  return [...document.querySelectorAll("[data-key]")].find(
    (one) => one.dataset.key === key && one.offsetParent !== null,
  );
}

function press(element, event, inFlow) {
  if (element.hasAttribute("data-decision") && (event.repeat || inFlow)) return;
  event.preventDefault();
  if (element.matches("input, textarea")) return element.focus();
  const from = document.activeElement;
  element.click();
  const thing = opened();
  // At once: the next letter is a word of the person's
  if (thing?.contains(element)) enter(thing, from);
}

// Within the list the focus moves; from an open ticket the next one opens.
function move(key) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const place = rows.indexOf(document.activeElement);
  const isOpen = document.querySelector("[data-panes][data-looking]");
  if ((isOpen && place < 0) || "[]".includes(key)) return step(STEPS[key]);
  rows[Math.max(0, Math.min(rows.length - 1, place + STEPS[key]))]?.focus();
}

// Something is open: its own keys act, any other letter is a word. It goes into the field if there
// is one; in a menu it makes the blank a blank.
function pressedWithin(thing, event) {
  if (event.key === " ") {
    if (typedInMenu && event.target.closest("a, button, summary")) event.preventDefault();
    return;
  }
  if (event.key.length !== 1) {
    if (/^(Arrow|Tab|Home|End)/.test(event.key)) typedInMenu = false;
    return;
  }
  const key = meant(event.key.toLowerCase());
  const element = ownKeys(thing).find((one) => one.dataset.key === key);
  if (element) return press(element, event, false);
  typedInMenu = true;
  wordsOf(thing)?.focus();
}

function pressed(event) {
  if (event.key === "F6") return panes(event);
  const thing = opened();
  if (event.key === "Escape" && !thing && !event.isComposing && !event.defaultPrevented)
    return chooseNone() || stepOut(event.target);
  const withOthers =
    (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");
  if (withOthers || event.isComposing || typing(event.target)) return;
  const steps =
    document.body.dataset.moving === "ticket" && meant(event.key.toLowerCase()) in STEPS;
  if (leaving() && !steps) return event.key.length === 1 && event.preventDefault();
  if (thing) return pressedWithin(thing, event);
  typedInMenu = false;
  if (event.key === " " && event.target.matches("a[data-row]")) {
    event.preventDefault();
    return event.repeat || choose({ withSpan: event.shiftKey });
  }
  if (
    (event.key === "Enter" || event.key === " ") &&
    event.target.closest("a, button, summary, label")
  )
    return; // theirs
  pressedOnThePage(event);
}

function pressedOnThePage(event) {
  const typed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const inFlow = event.timeStamp - letterAt < FLOW_MS;
  if (event.key.length === 1) letterAt = event.timeStamp;
  if (/^[a-z]$/.test(typed) && !letters) return;
  const pair = performance.now() - firstAt < 1200 ? find(`${first} ${typed}`) : null;
  const key = meant(typed);
  const many = performance.now() - firstAt < 1200 && /^[2-9]$/.test(first) ? Number(first) : 1;
  first = typed;
  firstAt = performance.now();
  if (key in STEPS) return move(key);
  if (key === "x" && !event.repeat && choose({ many, withSpan: event.shiftKey })) return;
  if (!key) return;
  if (key === "?") return document.querySelector("[data-key-sheet]")?.showModal();
  if (!pair && rowVerbs.pressed(key, open)) return event.preventDefault();
  const element = pair ?? find(key);
  if (element) press(element, event, inFlow);
}

// Presses a key's element, without a key: the ticket that it is for was opened just now.
function open(key) {
  const element = find(key);
  if (element?.matches("input, textarea")) element.focus();
  else element?.click();
}

function relabel() {
  for (const one of document.querySelectorAll(".key:not([data-fixed])")) {
    one.dataset.letter ??= one.textContent.trim();
    const text = one.dataset.letter;
    if (text.length === 1)
      one.textContent = letters || !/^[A-Z]$/i.test(text) ? printed(text).toUpperCase() : "";
    one.hidden = !one.textContent;
  }
}

function panes(event) {
  const all = [...document.querySelectorAll("[data-pane]")].filter(
    (one) => one.offsetParent !== null,
  );
  const place = all.findIndex((one) => one.contains(document.activeElement));
  all[(place + 1) % all.length]?.focus();
  event.preventDefault();
}

export function start() {
  if (own.size || !letters) {
    relabel();
    for (const swap of SWAPS) document.addEventListener(swap, relabel);
  }
  document.addEventListener("keydown", pressed);
  // Space presses a button when it comes up again.
  document.addEventListener(
    "keyup",
    (event) =>
      event.key === " " &&
      typedInMenu &&
      opened() &&
      !typing(event.target) &&
      event.preventDefault(),
  );
  const leaves = () => {
    leavingAt = performance.now();
  };
  addEventListener("beforeunload", leaves);
  addEventListener(
    "submit",
    (event) => event.defaultPrevented || event.target.method === "dialog" || leaves(),
  );
  addEventListener("pageshow", () => {
    leavingAt = -LEAVING_MS;
  });
}
