// Notices: a toast in the page one looks at; while no page of the desk is looked at, one of them
// puts it on the desktop. Sentences come from the server.
import { onDesktop } from "../lib/on_desktop.js";

const POLL_MS = 30000;
const ASKED_MS = 250;
let last = Number(document.body.dataset.notice || 0);
let asking = false;
let again = false;
let holdsTheLine = false;
let looking = null;

// Whether a page of the desk, in any tab of this browser, is on the screen.
async function somebodyLooks() {
  if (!document.hidden) return true;
  if (!looking) return false;
  return new Promise((resolve) => {
    const answered = (message) => message.data === "here" && resolve(true);
    looking.addEventListener("message", answered);
    looking.postMessage("who looks?");
    setTimeout(() => {
      looking.removeEventListener("message", answered);
      resolve(false);
    }, ASKED_MS);
  });
}

export function toast(notice) {
  const made = document
    .querySelector("[data-notice-toast]")
    ?.content.firstElementChild.cloneNode(true);
  if (!made) return;
  const link = made.querySelector("a");
  link.textContent = notice.text;
  link.href = notice.url;
  document.querySelector("[data-toasts]").append(made);
  document.dispatchEvent(new CustomEvent("desk:added"));
}

function count(unseen) {
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  const shown = bell.querySelector("[data-bell-count]");
  shown.textContent = unseen > 99 ? "99+" : String(unseen);
  shown.hidden = unseen === 0;
}

async function ask() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(`/notices/new/?after=${last}`);
    if (answer.ok && (answer.headers.get("content-type") ?? "").includes("json")) {
      const { notices, unseen } = await answer.json();
      const seen = notices.length && (await somebodyLooks());
      for (const notice of notices) {
        if (notice.id <= last) continue;
        last = notice.id;
        if (!document.hidden && notice.desk) toast(notice);
        if (holdsTheLine && notice.desk && "sound" in document.body.dataset)
          (await import("./sound.js")).click(true);
        if (!seen && holdsTheLine && notice.desktop) onDesktop(notice);
      }
      count(unseen);
    }
  } catch {
    // No connection: the next wake-up or the next poll asks again.
  }
  asking = false;
  if (again) {
    again = false;
    await ask();
  }
}

// One page of this browser keeps listening while it is hidden; when it is closed, another one takes
// its place.
function takeTheLine() {
  navigator.locks?.request("paraph-notices", () => {
    holdsTheLine = true;
    document.dispatchEvent(new CustomEvent("desk:line"));
    setInterval(() => document.hidden && ask(), POLL_MS);
    return new Promise(() => {});
  });
}

export const speaks = () => holdsTheLine;

export const keepsListening = () =>
  holdsTheLine && "Notification" in window && Notification.permission === "granted";

export function start() {
  if (!("notice" in document.body.dataset)) return;
  if ("BroadcastChannel" in window) {
    looking = new BroadcastChannel("paraph-notices");
    looking.addEventListener("message", (message) => {
      if (message.data === "who looks?" && !document.hidden) looking.postMessage("here");
    });
  }
  document.addEventListener("desk:event", (event) => event.detail.name === "notice.made" && ask());
  document.addEventListener("desk:asked", ask);
  takeTheLine();
}
