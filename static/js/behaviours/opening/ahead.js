// Pages fetched ahead, so that opening one of them waits for nothing. What happened meanwhile makes
// such a page old: it is fetched anew. Nobody has read it yet, and the server is told so.
import { concerns } from "../live.js";

const LONGEST_MS = 30000;
const MOST = 4;
const AGAIN_MS = 1000;
const waiting = new Map(); // address → { at, page, live, missed }
let again = 0;

// The parts of a page (templates/panes.html); null where the answer is none, or another page.
export async function fetchPage(address, unseen = false) {
  const url = new URL(address, location.href);
  if (unseen) url.searchParams.set("unseen", "1");
  try {
    const headers = { "X-Panes": "1", "X-Requested-With": "fetch" };
    return pageIn(await fetch(url, { headers }));
  } catch {
    return null;
  }
}

export async function pageIn(answer) {
  if (!(answer.headers.get("content-type") ?? "").includes("html")) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-panes]") ? page : null;
}

const isOld = (entry) => performance.now() - entry.at > LONGEST_MS;
const touched = (entry, event) => entry.live.some((one) => concerns(one, event));

export function fetchAhead(address) {
  if (!address || document.hidden) return;
  const known = waiting.get(address);
  if (known && !isOld(known)) return;
  const entry = { at: performance.now(), live: null, missed: [] };
  entry.page = fetchPage(address, true).then((page) => {
    entry.live = page ? [...page.querySelectorAll("[data-panes] [data-live]")] : [];
    if (!page || entry.missed.some((event) => touched(entry, event))) forget(address, entry);
    return page;
  });
  waiting.set(address, entry);
  if (waiting.size > MOST) waiting.delete(waiting.keys().next().value);
}

function forget(address, entry) {
  if (waiting.get(address) === entry) waiting.delete(address);
}

// The page that was fetched ahead, once; null where there is none, or where it is old.
export async function take(address) {
  const entry = waiting.get(address);
  if (!entry) return null;
  const page = await entry.page;
  if (waiting.get(address) !== entry || isOld(entry)) return null;
  waiting.delete(address);
  return page;
}

export const forgetAll = () => waiting.clear();

// Something happened: what it concerns is fetched anew, a moment later.
function happened({ detail: event }) {
  for (const [address, entry] of waiting) {
    if (!entry.live) entry.missed.push(event);
    else if (touched(entry, event)) {
      waiting.delete(address);
      clearTimeout(again);
      again = setTimeout(() => fetchAhead(address), AGAIN_MS);
    }
  }
}

export function start() {
  document.addEventListener("desk:event", happened);
}
