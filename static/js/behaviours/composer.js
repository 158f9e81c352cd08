// Saves while typing and shows what the server says: the count with initials, the preview, when it was saved.
import { send } from "../lib/fetching.js";

export function bind(form) {
  const text = form.querySelector("textarea[name=text]");
  const saved = form.querySelector("input[name=saved]");
  const says = form.querySelector("[data-saved-at]");
  const ring = form.querySelector("[data-ring]");
  const preview = document.querySelector("[data-preview]");
  const key = `draft:${form.dataset.ticket}`;
  let timer = 0;
  let busy = false;
  let again = false;

  function show(body) {
    saved.value = body.saved;
    form.dispatchEvent(new CustomEvent("findings", { detail: { findings: body.findings ?? [], lead: body.lead ?? "" } }));
    if (body.at) says.textContent = says.dataset.words.replace("{time}", body.at);
    const left = body.limit - body.length;
    ring.dataset.state = left < 0 ? "over" : left <= 20 ? "close" : "fine";
    ring.querySelector("[data-count]").textContent =
      left < 0 ? ring.dataset.over.replace("{n}", -left) : left <= 20 ? ring.dataset.left.replace("{n}", left) : `${body.length} / ${body.limit}`;
    ring.querySelector(".ring__arc").setAttribute("stroke-dasharray", `${Math.min(75.4, (body.length / body.limit) * 75.4)} 75.4`);
    if (preview) {
      preview.textContent = body.preview;
      preview.closest("[data-preview-frame]").hidden = !body.preview;
    }
  }

  async function save() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const answer = await send(form.dataset.save, { text: text.value, saved: saved.value });
      if (answer.ok) {
        show(answer.body);
        localStorage.removeItem(key);
      } else {
        localStorage.setItem(key, text.value);
        says.textContent = answer.signedOut ? says.dataset.signedOut : answer.body.error.message;
      }
    } catch {
      localStorage.setItem(key, text.value);
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

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 350);
  });
  const kept = localStorage.getItem(key);
  if (kept && kept !== text.value && !text.value) {
    text.value = kept;
    save();
  }
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) {
      event.preventDefault();
      clearTimeout(timer);
      form.requestSubmit();
    }
  });
}
