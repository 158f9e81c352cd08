// Choosing several tickets in the list: X or Space on a row, Shift for a span, a digit before X for
// so many rows. A bar of one line says how many, and its menus act on all of them. The choice stays
// until Escape, whatever is opened meanwhile. A list of boxes (for fingers) has the same bar.
const chosen = new Set(); // numbers
let last = ""; // where a span begins

const bar = () => document.querySelector("#several");
const rows = () => [...document.querySelectorAll("#list a[data-row]")];
const boxes = () => [...document.querySelectorAll("#list input[name=number]")];
const numberOf = (row) => row.id.replace("row-", "");
const shown = () => rows().filter((row) => chosen.has(numberOf(row)));

// What the list shows of the choice, and how many the bar speaks of. Tickets that left the list
// are chosen no more: a verb acts on what one sees.
function paint() {
  const here = bar();
  if (!here) return;
  const all = rows();
  for (const row of all) row.toggleAttribute("data-chosen", chosen.has(numberOf(row)));
  const left = new Set(all.map(numberOf));
  for (const number of chosen) if (!left.has(number)) chosen.delete(number);
  say(here, boxes().length ? boxes().filter((one) => one.checked).length : chosen.size);
}

function say(here, count) {
  const words = here.querySelector("[data-chosen-count]");
  const said = words.dataset.words.split("{n}").map((text) => {
    const part = document.createElement("span");
    part.textContent = text;
    return part;
  });
  words.replaceChildren(said[0], String(count), said[1]);
  here.querySelector("[data-choose-all]").hidden = false;
  here.querySelector("[data-choose-none]").hidden = false;
  const toasts = document.querySelector("[data-toasts]");
  toasts?.toggleAttribute("data-raised", boxes().length > 0 || count > 0);
  if (boxes().length) return;
  if (!count) for (const one of here.querySelectorAll("details[open]")) one.open = false;
  here.hidden = !count;
}

function toggle(row, on = !chosen.has(numberOf(row))) {
  if (on) chosen.add(numberOf(row));
  else chosen.delete(numberOf(row));
}

function span(from, to, on) {
  const all = rows();
  const [first, end] = [all.indexOf(from), all.indexOf(to)].sort((one, other) => one - other);
  for (const row of all.slice(Math.max(0, first), end + 1)) toggle(row, on);
}

// The row with the focus, else the open one, else the first; with `many`, as many from there on.
// False where there is no list.
export function choose({ many = 1, withSpan = false } = {}) {
  const all = rows();
  const focused = all.find((row) => row === document.activeElement);
  const row = focused ?? all.find((one) => one.matches("[aria-current]")) ?? all[0];
  if (!bar() || !row) return false;
  const before = document.getElementById(`row-${last}`);
  if (withSpan && before) span(before, row, true);
  else if (many > 1) span(row, rowBehind(row, many), true);
  else toggle(row);
  const end = many > 1 ? rowBehind(row, many) : row;
  last = numberOf(end);
  if (focused || document.activeElement === document.body) end.focus();
  paint();
  return true;
}

const rowBehind = (row, many) => {
  const all = rows();
  return all[Math.min(all.indexOf(row) + many, all.length) - 1];
};

// True where something was chosen.
export function chooseNone() {
  if (!chosen.size) return false;
  chosen.clear();
  paint();
  return true;
}

function clicked(event) {
  const pick = event.target.closest?.("[data-pick]");
  if (!pick) return;
  event.preventDefault();
  const row = pick.closest("a[data-row]");
  const before = document.getElementById(`row-${last}`);
  if (event.shiftKey && before) span(before, row, true);
  else toggle(row);
  last = numberOf(row);
  paint();
}

// A span of boxes, with Shift.
function boxClicked(event) {
  const box = event.target.closest?.("#list input[name=number]");
  if (!box) return;
  const all = boxes();
  const before = all.find((one) => one.value === last);
  if (event.shiftKey && before) {
    const [first, end] = [all.indexOf(before), all.indexOf(box)].sort((one, other) => one - other);
    for (const one of all.slice(first, end + 1)) one.checked = box.checked;
  }
  last = box.value;
  paint();
}

function chooseAll() {
  const every = boxes().every((one) => one.checked);
  for (const one of boxes()) one.checked = !every;
  if (!boxes().length) for (const row of rows()) toggle(row, true);
  paint();
}

// What is chosen goes with the form, and which ticket is open beside.
function bring({ formData }) {
  for (const row of shown()) formData.append("number", numberOf(row));
  const open = document.querySelector("[data-panes]")?.dataset.looking;
  if (open) formData.append("open", open);
}

export function bind(form, signal) {
  form.addEventListener("formdata", bring);
  form.querySelector("[data-choose-all]").addEventListener("click", chooseAll);
  form.querySelector("[data-choose-none]").addEventListener("click", () => {
    for (const one of boxes()) one.checked = false;
    chosen.clear();
    paint();
  });
  document.addEventListener("click", clicked, { capture: true, signal });
  document.addEventListener("click", boxClicked, { signal });
  document.addEventListener("htmx:after:swap", paint, { signal });
  document.addEventListener("desk:opened", paint, { signal });
  paint();
}
