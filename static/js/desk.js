// What every page of the desk has; what only some have stands in pages/. What a visit may never
// need (palette, unsaved words, sound) is fetched when it is wanted. A browser gets each of them as
// one file: `servicedesk/static_files/scripts.py` puts the modules together.
import * as ago from "./behaviours/ago.js";
import * as choices from "./behaviours/choices.js";
import * as counts from "./behaviours/counts.js";
import * as holding from "./behaviours/holding.js";
import * as keys from "./behaviours/keys.js";
import * as live from "./behaviours/live.js";
import * as menu from "./behaviours/menu.js";
import * as notices from "./behaviours/notices.js";
import * as opening from "./behaviours/opening.js";
import * as presence from "./behaviours/presence.js";
import * as selecting from "./behaviours/selecting.js";
import * as steady from "./behaviours/steady.js";
import * as toast from "./behaviours/toast.js";
import * as widths from "./behaviours/widths.js";
import { starts } from "./lib/binding.js";
import { runAsItSays } from "./lib/direction.js";

// The palette: its field is there at once, and what is typed before its script is there waits for
// it.
const dialog = document.querySelector("[data-palette]");
let palette = null;

function find() {
  if (dialog.open) return dialog.close();
  dialog.querySelector("input").value = "";
  dialog.showModal();
  palette ??= import("./behaviours/palette.js");
  palette.then((it) => it.begin(dialog));
}

if (dialog) {
  document.querySelector("[data-palette-open]")?.addEventListener("click", find);
  dialog.addEventListener("input", () => palette.then((it) => it.narrow()));
  dialog.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    event.preventDefault();
    palette.then((it) => it.pressed(event.key));
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    find();
  });
}

// Unsaved words are looked after from the first field that gets the focus on. Meanwhile, and where
// an answer is another page (signed out, handed over, failed), no pane is swapped.
let words = null;
let kept = false;

async function lookAfterWords() {
  words ??= import("./behaviours/unsaved.js").then((it) => {
    it.start(live.refetch);
    kept = true;
  });
  return words;
}

function wordsFromBefore() {
  try {
    return (
      document.querySelector("[data-refused]") ||
      Object.keys(sessionStorage).some((one) => one.startsWith("words:"))
    );
  } catch {
    return false;
  }
}

document.addEventListener("focusin", ({ target }) => target.form && lookAfterWords());
document.addEventListener("htmx:before:swap", (event) => {
  const { target, text } = event.detail.ctx ?? {};
  if (kept || !target?.id || (!words && text?.includes(`id="${target.id}"`))) return;
  event.preventDefault();
  lookAfterWords().then(() => live.refetch(target.id));
});
if (wordsFromBefore()) lookAfterWords();

document.addEventListener("input", ({ target }) => {
  if (target.matches("textarea")) runAsItSays(target);
});

starts({ ago, menu, selecting, toast, widths });
steady.start();
choices.start();
menu.start();
keys.start();
notices.start();
live.start();
holding.start(live.refetch);
opening.start();
counts.start();
presence.start();
if ("sound" in document.body.dataset)
  import("./behaviours/sound.js").then((it) => it.start(notices.speaks));
