// Saves while typing and shows what the server says: the count with initials, the preview, when it was saved.
import { send } from "../lib/fetching.js";
import { forget, keep, kept } from "../lib/keeping.js";

export function bind(form) {
  const text = form.querySelector("textarea[name=text]");
  const saved = form.querySelector("input[name=saved]");
  const says = form.querySelector("[data-saved-at]");
  const ring = form.querySelector("[data-ring]");
  const wouldRefuse = form.querySelector("[data-would-refuse]");
  const preview = document.querySelector("[data-preview]");
  const key = `draft:${form.dataset.person}:${form.dataset.ticket}`;
  const other = form.querySelector("[data-other]");
  let timer = 0;
  let busy = false;
  let again = false;
  let base = text.defaultValue; // as the server has it; what two texts grew out of
  const ground = form.querySelector("input[name=ground]");
  const wrote = form.querySelector("[data-wrote]");

  function show(body) {
    saved.value = body.saved;
    form.dispatchEvent(new CustomEvent("findings", { detail: { findings: body.findings ?? [], lead: body.lead ?? "" } }));
    if (body.at) says.textContent = says.dataset.words.replace("{time}", body.at);
    const left = body.limit - body.length;
    ring.dataset.state = left < 0 ? "over" : left <= 20 ? "close" : "fine";
    ring.querySelector("[data-count]").textContent =
      left < 0 ? ring.dataset.over.replace("{n}", -left) : left <= 20 ? ring.dataset.left.replace("{n}", left) : `${body.length} / ${body.limit}`;
    ring.querySelector(".ring__arc").setAttribute("stroke-dasharray", `${Math.min(75.4, (body.length / body.limit) * 75.4)} 75.4`);
    wouldRefuse.hidden = !body.refused;
    wouldRefuse.querySelector("span").textContent = body.refused ?? "";
    if (preview) {
      preview.textContent = body.preview;
      preview.closest("[data-preview-frame]").hidden = !body.preview;
    }
  }

  // Two texts: the one in the field and another one, of another window or kept in this browser. The person chooses; neither is lost before.
  function offer(words, theirs, savedThere, pieces = [], both = null) {
    other.querySelector("[data-other-words]").textContent = words;
    other.querySelector("[data-other-text]").textContent = theirs;
    other.querySelector("[data-other-difference]").hidden = pieces.length === 0;
    other.querySelector("[data-other-difference]").replaceChildren(
      ...pieces.map(([kind, words]) => {
        const piece = document.createElement({ added: "ins", removed: "del" }[kind] ?? "span");
        piece.textContent = words;
        return piece;
      }),
    );
    other.hidden = false;
    other.querySelector("[data-take-both]").hidden = both === null;
    other.querySelector("[data-take-both]").onclick = () => done(both);
    other.querySelector("[data-take-other]").onclick = () => done(theirs);
    other.querySelector("[data-keep-mine]").onclick = () => done(text.value);

    function done(chosen) {
      if (savedThere !== null) {
        saved.value = savedThere;
        base = theirs;
      }
      text.value = chosen;
      other.hidden = true;
      save();
      text.focus();
    }
  }

  async function save() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const sent = text.value;
      const described = [...form.querySelectorAll("textarea[name^='alt:']")].filter((one) => one.value !== one.defaultValue).map((one) => [one, one.value]);
      const alts = Object.fromEntries(described.map(([one, value]) => [one.name, value]));
      const answer = await send(form.dataset.save, { text: sent, saved: saved.value, base, ...alts });
      if (answer.ok) {
        base = sent;
        for (const [one, value] of described) one.defaultValue = value;
        show(answer.body);
        forget(key);
      } else {
        keep(key, text.value, saved.value);
        const error = answer.signedOut ? null : answer.body.error;
        says.textContent = error ? error.message : says.dataset.signedOut;
        if (error?.code === "draft_changed") offer(error.message, error.text ?? "", error.saved ?? null, error.pieces, error.merged ?? null);
      }
    } catch {
      keep(key, text.value, saved.value);
      says.textContent = says.dataset.offline;
      clearTimeout(timer);
      timer = setTimeout(save, 5000);
    } finally {
      busy = false;
      if (again) {
        again = false;
        save();
      }
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target !== text && !event.target.name?.startsWith("alt:")) return;
    clearTimeout(timer);
    timer = setTimeout(save, 350);
  });
  if (text.value !== base) save(); // typed before this script was there
  const before = kept(key);
  if (before && before.text.trim() !== text.value.trim()) {
    if (before.saved === saved.value) {
      text.value = before.text;
      save();
    } else {
      offer(other.dataset.keptHere, before.text, null);
    }
  } else if (before) {
    forget(key);
  }
  // The customer did something while the words were being written: it is shown beside them, and submitting waits until it was read.
  function lookForNews() {
    const conversation = document.getElementById("conversation");
    if (!conversation || Number(conversation.dataset.customerGround) <= Number(ground.value) || !text.value.trim()) {
      if (conversation && !text.value.trim()) ground.value = conversation.dataset.ground;
      return;
    }
    const newest = [...conversation.querySelectorAll(".post--post .post__words")].at(-1);
    wrote.querySelector("[data-wrote-words]").textContent = newest?.textContent.trim() ?? "";
    wrote.hidden = false;
  }
  wrote.querySelector("[data-go-on]").addEventListener("click", () => {
    ground.value = document.getElementById("conversation").dataset.ground;
    wrote.hidden = true;
    text.focus();
  });
  document.addEventListener("htmx:after:swap", () => form.isConnected && lookForNews());
  form.addEventListener("submit", (event) => {
    if (wrote.hidden) return;
    event.preventDefault();
    wrote.focus();
  });
  form.addEventListener("submit", () => keep(key, text.value, saved.value)); // until the next page shows that it arrived
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) {
      event.preventDefault();
      clearTimeout(timer);
      form.requestSubmit();
    }
  });
}
