import { directionOf } from "../../lib/direction.js";

// Shows what the server says of the words: the count with initials, the preview, when it was saved.
const ROUND = 75.4; // length of the ring's arc
const FEW = 20;

export function sayer(form) {
  const saved = form.querySelector("input[name=saved]");
  const says = form.querySelector("[data-saved-at]");
  const ring = form.querySelector("[data-ring]");
  const wouldRefuse = form.querySelector("[data-would-refuse]");
  const preview = document.querySelector("[data-preview]");

  function findings(body) {
    const detail = { findings: body.findings ?? [], lead: body.lead ?? "" };
    form.dispatchEvent(new CustomEvent("findings", { detail }));
  }

  // The same of who gets it below the text, on the button and at a finding.
  function destination({ to, button }) {
    const says = document.querySelector("[data-destination]");
    const label = document.querySelector("[data-submit-label]");
    if (says && to) Object.assign(says, { textContent: to, title: to });
    if (label && button) label.textContent = button;
  }

  function count(body) {
    const left = body.limit - body.length;
    const [state, words] = counted(left, body);
    const arc = Math.min(ROUND, (body.length / body.limit) * ROUND);
    ring.dataset.state = state;
    ring.querySelector("[data-count]").textContent = words;
    ring.querySelector(".ring__arc").setAttribute("stroke-dasharray", `${arc} ${ROUND}`);
  }

  function counted(left, body) {
    if (left < 0) return ["over", ring.dataset.over.replace("{n}", -left)];
    if (left <= FEW) return ["close", ring.dataset.left.replace("{n}", left)];
    return ["fine", `${body.length} / ${body.limit}`];
  }

  return function say(body) {
    if (saved) saved.value = body.saved;
    findings(body);
    destination(body);
    if (body.at) says.textContent = says.dataset.words.replace("{time}", body.at);
    count(body);
    wouldRefuse.hidden = !body.refused;
    wouldRefuse.querySelector("span").textContent = body.refused ?? "";
    if (preview) {
      preview.textContent = body.preview;
      preview.parentElement.dir = directionOf(body.preview);
      preview.closest("[data-preview-frame]").hidden = !body.preview;
    }
  };
}
