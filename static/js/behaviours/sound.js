// Two short wooden clicks, made here and not fetched: a stamp, and a lower one. Off unless the
// person wants them; never for others' events.
let place = null;

export function click(low) {
  try {
    place ??= new AudioContext();
    const at = place.currentTime;
    const tone = place.createOscillator();
    const loudness = place.createGain();
    tone.type = "triangle";
    tone.frequency.setValueAtTime(low ? 190 : 420, at);
    tone.frequency.exponentialRampToValueAtTime(low ? 90 : 160, at + 0.06);
    loudness.gain.setValueAtTime(0.22, at);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.09);
    tone.connect(loudness).connect(place.destination);
    tone.start(at);
    tone.stop(at + 0.1);
  } catch {
    // A browser without sound stays silent.
  }
}

export function bind(element) {
  const button = element.querySelector("[data-listen]");
  button.hidden = !("AudioContext" in window);
  button.addEventListener("click", () => {
    click(false);
    setTimeout(() => click(true), 350);
  });
}

// Which tickets' replies this person submitted, so that the stamp sounds for those alone; kept in
// this browser for all its tabs.
const KEPT = "submitted";
// At once, found after a doubt, or said by a person
const PUBLIC = ["reply.posted", "reply.found", "reply.said"];
const submitted = () => JSON.parse(localStorage.getItem(KEPT) ?? "[]");

export function start(mayPlay) {
  if (!("sound" in document.body.dataset)) return;
  document.addEventListener("submit", (event) => {
    const ticket = document
      .getElementById("conversation")
      ?.dataset.live.split(" ")
      .find((one) => one.startsWith("ticket:"));
    if (event.target.id === "composer" && ticket)
      localStorage.setItem(
        KEPT,
        JSON.stringify([...submitted().filter((one) => one !== ticket), ticket].slice(-50)),
      );
  });
  document.addEventListener("desk:event", ({ detail }) => {
    if (!PUBLIC.includes(detail.name) || !mayPlay() || !submitted().includes(detail.topic)) return;
    localStorage.setItem(KEPT, JSON.stringify(submitted().filter((one) => one !== detail.topic)));
    click(false);
  });
}
