// The verbs of a ticket act on rows too: on those that are chosen, else on the one with the focus.
// Each has a dialog of the page (data-row-verb), and one request does it. The focus stays at the
// row; where that leaves the list, it goes on to the next.
import { send } from "../../lib/fetching.js";
import { clear } from "../choices.js";
import { letThrough } from "../holding.js";
import { refetch } from "../live.js";
import { enter } from "../menu.js";

const OPENS = ["r", "i"]; // these are of the ticket alone: it is opened first
const rowsIn = () => [...document.querySelectorAll("#list [data-row]")];
const holder = (row) => row.closest("[data-number]");
const rowOf = (number) => rowsIn().find((row) => holder(row).dataset.number === number);
const dialogOf = (key) => document.querySelector(`dialog[data-verb-key="${key}"]`);

function targets() {
  const chosen = [...document.querySelectorAll("#list input[name=number]:checked")];
  const focused = document.activeElement?.closest("#list [data-row]");
  return (chosen.length ? chosen : focused ? [focused] : []).map(holder);
}

// Presses a key for rows; says whether it was for them. `press` presses it on what is open then.
export function pressed(key, press) {
  const rows = targets();
  if (!rows.length) return false;
  if (OPENS.includes(key)) return openFirst(rows[0], () => press(key));
  if (key === "m") {
    act("take", new FormData(), rows);
    return true;
  }
  const dialog = dialogOf(key);
  if (!dialog) return false;
  open(dialog, rows);
  return true;
}

function openFirst(row, then) {
  if (row.matches("[aria-current]") || !row.matches("a")) return false;
  document.addEventListener("desk:opened", then, { once: true });
  row.click();
  return true;
}

function open(dialog, rows) {
  const form = dialog.querySelector("form");
  form.reset();
  const whom = dialog.querySelector("[data-whom]");
  whom.textContent =
    rows.length > 1
      ? whom.dataset.several.replace("{n}", rows.length)
      : `${rows[0].dataset.who}, ${rows[0].dataset.number}`;
  fit(dialog, rows);
  clear(dialog);
  if (!hasChoice(dialog))
    return sayPlainly(document.querySelector("[data-said-toast]").dataset.none);
  const tags = form.querySelector("input[name=tags]");
  if (tags && rows.length === 1) tags.value = rows[0].dataset.tags;
  form.onsubmit = (event) => {
    event.preventDefault();
    dialog.close();
    act(dialog.dataset.rowVerb, new FormData(form, event.submitter), rows);
  };
  dialog.showModal();
  enter(dialog);
}

function hasChoice(dialog) {
  const box = dialog.querySelector("[data-choices]");
  return !box || [...box.children].some((one) => !one.hidden);
}

// Only what can be chosen for each of these tickets: colleagues and incidents of their departments.
function fit(dialog, rows) {
  const departments = rows.map((row) => row.dataset.department);
  for (const one of dialog.querySelectorAll("[data-departments]")) {
    const there = one.dataset.departments.split(" ");
    const fits = departments.every((department) => there.includes(department));
    if (fits) delete one.dataset.elsewhere;
    else one.dataset.elsewhere = "";
  }
  const shown = [...dialog.querySelectorAll("input[type=radio]")].find(
    (one) => !("elsewhere" in one.closest("label").dataset),
  );
  if (shown) shown.checked = true;
}

async function act(verb, values, rows) {
  const numbers = rows.map((row) => row.dataset.number);
  values.set("row", "1");
  values.set("back", `/inbox/?${document.getElementById("list").dataset.query ?? ""}`);
  if (rows.length > 1) {
    values.set("act", verb === "take" ? "assign" : verb);
    if (verb === "take") values.set("person", document.body.dataset.person);
    for (const number of numbers) values.append("number", number);
  }
  const url = rows.length > 1 ? "/inbox/several/" : `/tickets/${numbers[0]}/do/${verb}/`;
  keepPlace(numbers);
  const answer = await send(url, values);
  if (answer.signedOut) return location.reload();
  if (answer.ok) say(answer.body.toasts);
  else sayPlainly(answer.body.error.message);
  letThrough();
  refetch("list");
}

// Once the list is there without these rows, the one below has the focus, or else the one above.
function keepPlace(numbers) {
  const all = rowsIn().map((row) => holder(row).dataset.number);
  const at = all.indexOf(numbers[0]);
  const next = [...all.slice(at), ...all.slice(0, at).reverse()];
  document.addEventListener("htmx:after:swap", function swapped({ detail }) {
    if (detail.ctx?.target?.id !== "list") return;
    document.removeEventListener("htmx:after:swap", swapped);
    if (document.activeElement && document.activeElement !== document.body) return;
    next.map(rowOf).find(Boolean)?.focus();
  });
}

function add(toasts) {
  document.querySelector("[data-toasts]").append(...toasts);
  document.dispatchEvent(new CustomEvent("desk:added"));
}

const say = (html) =>
  add(new DOMParser().parseFromString(html, "text/html").querySelectorAll(".toast"));

function sayPlainly(sentence) {
  const toast = document.querySelector("[data-said-toast]").content.cloneNode(true);
  toast.querySelector("span").textContent = sentence;
  add([toast]);
}
