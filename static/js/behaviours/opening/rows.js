// The rows of the list, and which of them is open. The list keeps its place; the mark moves.
let place = -1; // of the open row; where it stood, if it is in the list no more

export const rows = () => [...document.querySelectorAll("#list [data-row]")];
const links = () => [...document.querySelectorAll("#list a[data-row]")];
const panes = () => document.querySelector("[data-panes]");

export const openNumber = () => panes()?.dataset.looking ?? "";
export const openRow = () => document.getElementById(`row-${openNumber()}`);

// After opening, and after each swap of the list: whatever the server knew of the open one.
export function mark() {
  const row = openRow();
  for (const one of document.querySelectorAll("#list a[data-row][aria-current]"))
    if (one !== row) one.removeAttribute("aria-current");
  if (!row) return;
  row.setAttribute("aria-current", "true");
  row.removeAttribute("data-unread");
  place = links().indexOf(row);
}

// The list asks for itself with what is open now.
export function listFollows() {
  const list = document.getElementById("list");
  if (!list?.dataset.liveUrl) return;
  const url = new URL(list.dataset.liveUrl, location.href);
  if (openNumber()) url.searchParams.set("current", openNumber());
  else url.searchParams.delete("current");
  list.dataset.liveUrl = `${url.pathname}${url.search}`;
}

// The row above (-1) or below (1) the open one; the first where nothing is open.
export function neighbour(step) {
  const all = links();
  const row = openRow();
  if (row) return all[all.indexOf(row) + step];
  if (!openNumber() || place < 0) return all[0];
  return all[step > 0 ? place : place - 1];
}

export const listQuery = () => {
  const query = document.getElementById("list")?.dataset.query;
  return query ? `?${query}` : "";
};

// A row that had the focus, and where it stood: whatever the list becomes, one goes on from there.
let at = 0;
let inRows = false;

export function noteFocus({ target }) {
  const place = rows().indexOf(target);
  inRows = place >= 0;
  if (inRows) at = place;
}

export function focusRow() {
  const all = rows();
  all[Math.min(at, all.length - 1)]?.focus();
}

export function focusIfLost() {
  if (inRows && document.activeElement === document.body) focusRow();
}
