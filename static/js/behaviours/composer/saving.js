// Saves while typing, one request at a time. What does not arrive is kept in this browser, and
// tried again; where another window wrote meanwhile, both texts are offered.
import { runAsItSays } from "../../lib/direction.js";
import { send } from "../../lib/fetching.js";
import { forget, keep, kept } from "../../lib/keeping.js";
import { offer } from "./two_texts.js";

const TYPING_MS = 350;
const AGAIN_MS = 5000;

export function saver(form, say) {
  const text = form.querySelector("textarea[name=text]");
  const saved = form.querySelector("input[name=saved]");
  const says = form.querySelector("[data-saved-at]");
  const key = `draft:${form.dataset.person}:${form.dataset.ticket}`;
  let base = text.defaultValue; // as the server has it; what two texts grew out of
  let timer = 0;
  let busy = false;
  let again = false;
  let saving = null; // what is on its way, with all that follows

  const hold = () => keep(key, text.value, saved.value);

  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  }

  function chosen(words) {
    text.value = words;
    runAsItSays(text);
    save();
    text.focus();
  }

  function offerAnothers(error) {
    const theirs = error.text ?? "";
    const found = {
      words: error.message,
      theirs,
      pieces: error.pieces,
      both: error.merged ?? null,
    };
    offer(form, found, (words) => {
      if (error.saved !== undefined && error.saved !== null) {
        saved.value = error.saved;
        base = theirs;
      }
      chosen(words);
    });
  }

  function refused(answer) {
    hold();
    const error = answer.signedOut ? null : answer.body.error;
    says.textContent = error ? error.message : says.dataset.signedOut;
    if (error?.code === "draft_changed") offerAnothers(error);
  }

  function described() {
    return [...form.querySelectorAll("textarea[name^='alt:']")]
      .filter((one) => one.value !== one.defaultValue)
      .map((one) => [one, one.value]);
  }

  async function bring() {
    const sent = text.value;
    const alts = described();
    const named = Object.fromEntries(alts.map(([one, value]) => [one.name, value]));
    const values = { text: sent, saved: saved.value, base, ...named };
    const answer = await send(form.dataset.save, values);
    if (!answer.ok) {
      refused(answer);
      return;
    }
    base = sent;
    for (const [one, value] of alts) one.defaultValue = value;
    say(answer.body);
    forget(key);
  }

  async function save() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    saving = bringAll();
    await saving;
    busy = false;
  }

  async function bringAll() {
    do {
      again = false;
      try {
        await bring();
      } catch {
        hold();
        says.textContent = says.dataset.offline;
        // Who opened another ticket meanwhile finds the words here again
        if (form.isConnected) later(AGAIN_MS);
      }
    } while (again);
  }

  // All words have been brought, or are kept here.
  async function flush() {
    clearTimeout(timer);
    if (text.value !== base || described().length) {
      hold();
      save();
    }
    await saving;
  }

  // What was typed before this script was there, and what an earlier page could not bring.
  function takeUp() {
    if (text.value !== base) save();
    const before = kept(key);
    if (!before) return;
    if (before.text.trim() === text.value.trim()) {
      forget(key);
    } else if (before.saved === saved.value) {
      text.value = before.text;
      runAsItSays(text);
      save();
    } else {
      const here = form.querySelector("[data-other]").dataset.keptHere;
      offer(form, { words: here, theirs: before.text }, chosen);
    }
  }

  return {
    takeUp,
    hold,
    flush,
    afterTyping: () => later(TYPING_MS),
    stop: () => clearTimeout(timer),
    arrived: () => forget(key),
  };
}
