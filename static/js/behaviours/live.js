import { keepsListening } from "./notices.js";

// Live pages: the stream says what changed (ids only); fragments that listen for it are fetched
// anew and morphed in place.
const POLL_MS = 15000;
const GATHER_MS = 150;
const AGAIN_MS = 2000;
const LATEST_AGAIN_MS = 30000;
const REMEMBERED = 2000;
const FOLLOW_MS = 300;
const waiting = new Map();
const unseen = new Set();
const told = new Set();
// Everything up to there is in the page; only asking moves it
let position = Number(document.body.dataset.position || 0);
let poll = 0;

// One request per fragment at a time; what happens meanwhile is fetched right after, so that
// nothing is missed. Each fragment is the source of its own requests: those of one source wait
// behind each other in htmx, which drops the third. What failed is tried again, ever more slowly.
export function refetch(id) {
  const state = waiting.get(id) ?? { busy: false, again: false, failed: false, failures: 0 };
  waiting.set(id, state);
  if (state.busy) {
    state.again = true;
    return;
  }
  state.busy = true;
  setTimeout(async () => {
    const element = document.getElementById(id);
    const hidden = document.hidden; // what comes into a page that nobody sees is not read yet
    if (hidden) unseen.add(id);
    else unseen.delete(id);
    try {
      const url =
        element?.dataset.liveUrl +
        (hidden ? `${element?.dataset.liveUrl.includes("?") ? "&" : "?"}unseen=1` : "");
      state.failed = false;
      if (element)
        await window.htmx.ajax("GET", url, {
          source: element,
          target: element,
          swap: "outerMorph",
          refetched: state,
        });
    } finally {
      state.busy = false;
      state.failures = state.failed ? state.failures + 1 : 0;
      if (state.failed)
        setTimeout(
          () => refetch(id),
          Math.min(LATEST_AGAIN_MS, AGAIN_MS * 2 ** (state.failures - 1)),
        );
      if (state.again) {
        state.again = false;
        refetch(id);
      }
    }
  }, GATHER_MS);
}

// A page that says that the desk fails is nothing to put in the place of a conversation.
function failing(event) {
  const { refetched, response } = event.detail.ctx ?? {};
  if (!refetched || (event.type === "htmx:before:response" && response.status < 500)) return;
  refetched.failed = true;
  event.preventDefault();
}

export function concerns(element, event) {
  return element.dataset.live
    .split(" ")
    .some((one) => one === "any" || one === event.topic || event.name.startsWith(`${one}.`));
}

function happened(event) {
  if (event.id && told.has(event.id)) return;
  if (event.id) told.add(event.id);
  if (told.size > REMEMBERED) told.delete(told.values().next().value);
  document.dispatchEvent(new CustomEvent("desk:event", { detail: event }));
  if (event.name === "presence.changed" || event.name === "notice.made") return;
  for (const element of document.querySelectorAll("[data-live]")) {
    if (concerns(element, event)) refetch(element.id);
  }
}

// A session that was ended elsewhere shows nothing any more: on to the sign-in, and from there back
// here.
function leaveIfOver(answer) {
  if (!answer.redirected || new URL(answer.url).pathname !== "/sign-in/") return;
  location.assign(`/sign-in/?next=${encodeURIComponent(location.pathname + location.search)}`);
}

async function ask() {
  let more = true;
  while (more) {
    const answer = await fetch(`/live/since/?after=${position}`);
    leaveIfOver(answer);
    if (answer.status >= 500) throw new Error("The desk does not say what is new.");
    if (!answer.ok || !(answer.headers.get("content-type") ?? "").includes("json")) break;
    const since = await answer.json();
    ({ position, more } = since);
    since.events.forEach(happened);
  }
  document.dispatchEvent(new CustomEvent("desk:asked"));
}

function connection(state) {
  document.body.dataset.connection = state;
  const sign = document.querySelector("[data-connection-sign]");
  if (sign) sign.hidden = state === "live";
}

// Until the desk says what is new: asked again and again, also while the line stands.
function lost() {
  connection("lost");
  if (!poll) poll = setInterval(catchUp, POLL_MS);
}

function catchUp() {
  return ask().then(() => source?.readyState === EventSource.OPEN && found(), lost);
}

function found() {
  clearInterval(poll);
  poll = 0;
  connection("live");
}

let source = null;
let following = 0;
let looked = "";
const looking = () => document.querySelector("[data-looking]")?.dataset.looking ?? "";

// A hidden page gives its line back: browsers allow six for all tabs together. Shown again, it asks
// what it has missed. The one page that puts notices on the desktop keeps its line.
function listen() {
  if (source || (document.hidden && !keepsListening())) return;
  looked = looking();
  source = new EventSource(looked ? `/events/?ticket=${looked}` : "/events/");
  source.addEventListener("open", (event) => {
    if (!("data" in event)) return; // the browser's own: the desk says when it listens for us
    found();
    catchUp();
  });
  source.addEventListener("changed", (message) => happened(JSON.parse(message.data)));
  source.addEventListener("error", () => {
    lost();
    // Refused, not lost: perhaps the session is over
    if (source?.readyState === EventSource.CLOSED) ask().catch(() => {});
  });
}

// Another ticket is before this person's eyes: their line says so.
function follow() {
  if (!source || looked === looking()) return;
  rest();
  listen();
}

function rest() {
  source?.close();
  source = null;
  clearInterval(poll);
  poll = 0;
}

export function start() {
  if (!document.querySelector("[data-live]") && !("notice" in document.body.dataset)) return;
  listen();
  document.addEventListener("htmx:before:response", failing);
  document.addEventListener("htmx:error", failing);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && !keepsListening()) return rest();
    listen();
    if (!document.hidden) for (const id of unseen) refetch(id);
  });
  document.addEventListener("desk:line", listen);
  document.addEventListener("desk:opened", () => {
    clearTimeout(following);
    following = setTimeout(follow, FOLLOW_MS);
  });
}
