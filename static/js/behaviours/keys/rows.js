// The verbs of a ticket act on the row with the focus too; on those that are chosen the bar acts.
// Each verb has a dialog of the page (data-row-verb), and one request does it. The focus stays at
// the row; where that leaves the list, it goes on to the next.
import { send } from "../../lib/fetching.js";
import { clear } from "../choices.js";
import { letThrough } from "../holding.js";
import { refetch } from "../live.js";
import { enter } from "../menu.js";

const OPENS = ["r", "i"]; // these are of the ticket alone: it is opened first
const rowsIn = () => [...document.querySelectorAll("#list a[data-row]")];
const rowOf = (number) => rowsIn().find((row) => row.dataset.number === number);
const isChosen = () => document.querySelector("#several:not([hidden])");

// Presses a key for a row; says whether it was for one. `press` presses it on what is open then.
export function pressed(key, press) {
  const row = document.activeElement?.closest("#list a[data-row]");
  if (!row || isChosen()) return false;
  if (OPENS.includes(key)) return openFirst(row, () => press(key));
  const dialog = document.querySelector(`dialog[data-verb-key="${key}"]`);
  if (key === "m") act("take", new FormData(), row);
  else if (dialog) open(dialog, row);
  return key === "m" || dialog !== null;
}

function openFirst(row, then) {
  if (row.matches("[aria-current]")) return false;
  document.addEventListener("desk:opened", then, { once: true });
  row.click();
  return true;
}

function open(dialog, row) {
  const form = dialog.querySelector("form");
  form.reset();
  dialog.querySelector("[data-whom]").textContent = `${row.dataset.who}, ${row.dataset.number}`;
  fit(dialog, row.dataset.department);
  clear(dialog);
  if (!hasChoice(dialog))
    return sayPlainly(document.querySelector("[data-said-toast]").dataset.none);
  const tags = form.querySelector("input[name=tags]");
  if (tags) tags.value = row.dataset.tags;
  form.onsubmit = (event) => {
    event.preventDefault();
    dialog.close();
    act(dialog.dataset.rowVerb, new FormData(form, event.submitter), row);
  };
  dialog.showModal();
  enter(dialog);
}

function hasChoice(dialog) {
  const box = dialog.querySelector("[data-choices]");
  return !box || [...box.children].some((one) => !one.hidden);
}

// Only what can be chosen for this ticket: colleagues and incidents of its department.
function fit(dialog, department) {
  for (const one of dialog.querySelectorAll("[data-departments]")) {
    if (one.dataset.departments.split(" ").includes(department)) delete one.dataset.elsewhere;
    else one.dataset.elsewhere = "";
  }
  const shown = [...dialog.querySelectorAll("[data-choices=''] input[type=radio]")].find(
    (one) => !("elsewhere" in one.closest("label").dataset),
  );
  if (shown) shown.checked = true;
}

async function act(verb, values, row) {
  const { number } = row.dataset;
  values.set("row", "1");
  keepPlace(number);
  const answer = await send(`/tickets/${number}/do/${verb}/`, values);
  if (answer.signedOut) return location.reload();
  if (answer.ok) say(answer.body.toasts);
  else sayPlainly(answer.body.error.message);
  letThrough();
  refetch("list");
}

// Once the list is there without this row, the one below has the focus, or else the one above.
function keepPlace(number) {
  const all = rowsIn().map((row) => row.dataset.number);
  const at = all.indexOf(number);
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
