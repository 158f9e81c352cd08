// Opens tickets in place: one request brings the panes, the list keeps its place, the address and
// the way back are those of the whole page. What cannot be brought so is opened as a page.
import { ownChange } from "./holding.js";
import { refetch } from "./live.js";
import * as ahead from "./opening/ahead.js";
import {
  focusIfLost,
  focusRow,
  listFollows,
  listQuery,
  mark,
  neighbour,
  noteFocus,
  openNumber,
  openRow,
  rows,
} from "./opening/rows.js";
import { focusHeading, keyOfFocus, put } from "./opening/swap.js";
import * as verbs from "./opening/verbs.js";

const HOVER_MS = 65;
const IDLE_MS = 150;
const TICKET = /^\/tickets\/(\d+)\/$/;
const bringing = new Map(); // number of a ticket → its words are on their way to the server
let turn = 0;
let shown = "";
let hovering = 0;

const inPlace = () => document.querySelector("[data-panes]");
const isOurs = (url) => TICKET.test(url.pathname) || url.pathname === "/inbox/";

// Words that are not saved yet are brought to the server; who comes back meanwhile waits for that.
function leave(form = null) {
  const until = [];
  document.dispatchEvent(new CustomEvent("desk:leaving", { detail: { until, form } }));
  const saved = Promise.allSettled(until);
  const number = openNumber();
  if (until.length) {
    bringing.set(number, saved);
    saved.then(() => bringing.get(number) === saved && bringing.delete(number));
  }
  return saved;
}

// What only a ticket needs; an inbox fetches it with its first ticket, which waits for none of it.
const scripts = () => import("../pages/ticket.js");

async function pageOf(address) {
  scripts();
  const number = TICKET.exec(new URL(address, location.href).pathname)?.[1];
  await bringing.get(number);
  return (await ahead.take(address)) ?? (await ahead.fetchPage(address));
}

// What is on its way, a ticket or a verb: until it is here, no letter acts on what was there.
function begin(what) {
  clearTimeout(hovering);
  document.body.dataset.moving = what;
  return ++turn;
}

// Shows the parts of a page; its address is there already.
function show(page, address, key) {
  put(page, key);
  shown = address;
  listFollows();
  mark();
  openRow()?.scrollIntoView({ block: "nearest" });
  for (const next of document.querySelectorAll(".bar input[name=next]")) next.value = address;
  document.dispatchEvent(new CustomEvent("desk:opened", { detail: { number: openNumber() } }));
  setTimeout(() => ahead.fetchAhead(addressOf(neighbour(1))), IDLE_MS);
}

// The address as the page has it: a ticket that is opened from elsewhere keeps the list's.
function addressOf(link) {
  if (!link) return "";
  const url = new URL(link.href, location.href);
  return `${url.pathname}${link.matches("[data-row]") ? url.search : listQuery()}`;
}

async function open(address, { back = false } = {}) {
  const mine = begin("ticket");
  const page = await pageOf(address);
  if (mine !== turn) return;
  delete document.body.dataset.moving;
  if (!page) return location.assign(address);
  leave();
  if (!back) history.pushState(null, "", address);
  show(page, address);
}

// The ticket above or below the open one; from the one that is being opened, if one is.
let going = null;
export async function step(by) {
  const row = going ? neighbourOf(going, by) : neighbour(by);
  if (!row) return;
  going = row;
  await open(addressOf(row));
  if (going === row) going = null;
}

function neighbourOf(row, by) {
  const all = rows();
  return all[all.indexOf(row) + by];
}

function clicked(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0 || link.target) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || !TICKET.test(url.pathname) || url.hash) return;
  event.preventDefault();
  open(addressOf(link));
}

// A verb: what comes after it is shown, the ticket as it is now or the next one.
async function sent(event) {
  if (!verbs.isOurs(event)) return;
  event.preventDefault();
  if (document.body.dataset.moving === "verb") return;
  const { target: form, submitter: button } = event;
  const key = keyOfFocus();
  const mine = begin("verb");
  await leave(form);
  const { page, ok, refusal, elsewhere } = await verbs.send(form, button);
  if (mine !== turn) return;
  delete document.body.dataset.moving;
  if (refusal) return verbs.refuse(form, refusal);
  if (elsewhere) return location.assign(elsewhere);
  if (!page) return verbs.sendAsForm(form, button);
  if (ok) form.dispatchEvent(new CustomEvent("desk:arrived", { bubbles: true }));
  ahead.forgetAll();
  ownChange();
  for (const fold of form.querySelectorAll("details[open]")) fold.open = false;
  shownAfter(page, key);
  if (form.id === "several") focusRow();
}

function shownAfter(page, key) {
  const number = page.querySelector("[data-panes]").dataset.looking ?? "";
  const stays = number === openNumber();
  const place = number ? `/tickets/${number}/` : "/inbox/";
  const address = stays ? `${location.pathname}${location.search}` : `${place}${listQuery()}`;
  if (!stays) history.pushState(null, "", address);
  show(page, address, stays ? key : "");
  if (document.body.dataset.connection !== "live") refetch("list");
}

function wentBack() {
  const address = `${location.pathname}${location.search}`;
  if (address === shown) return;
  if (isOurs(location)) open(address, { back: true });
  else location.reload();
}

function soon({ target, type }) {
  clearTimeout(hovering);
  const row = target.closest?.("#list a[data-row]");
  if (!row) return;
  const wait = type === "focusin" ? 0 : HOVER_MS;
  hovering = setTimeout(() => {
    ahead.fetchAhead(addressOf(row));
    scripts();
  }, wait);
}

// Escape goes back: out of a field to its pane, from the ticket to its row.
export function stepOut(target) {
  const pane = target.closest("[data-pane]");
  if (pane?.matches(".pane--list")) (openRow() ?? rows()[0] ?? pane).focus();
  else if (inPlace() && openNumber() && target.matches("input, textarea, select")) focusHeading();
  else if (inPlace() && openRow()?.checkVisibility()) openRow().focus();
  else pane?.focus();
}

export function start() {
  if (!inPlace()) return;
  shown = `${location.pathname}${location.search}`;
  mark();
  ahead.start();
  document.addEventListener("click", clicked);
  document.addEventListener("submit", sent);
  document.addEventListener("pointerover", soon);
  document.addEventListener("focusin", soon);
  document.addEventListener("focusin", noteFocus);
  document.addEventListener("htmx:after:swap", focusIfLost);
  document.addEventListener("htmx:after:swap", mark);
  addEventListener("popstate", wentBack);
  if (openNumber()) setTimeout(() => ahead.fetchAhead(addressOf(neighbour(1))), IDLE_MS);
}
