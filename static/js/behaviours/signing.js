// The one gesture of the desk: who approves sees the flag fold away and the own initials written on
// the second line. It runs while the decision is under way and makes nobody wait; who wishes for
// less motion sees the outcome alone.
export function bind(form) {
  form.addEventListener("submit", () => {
    const line = document.querySelector("#review .slip .pair__line--yours");
    if (!line) return;
    const initials = document.createElement("span");
    initials.className = "pair__drawn";
    initials.textContent = `^${form.dataset.initials}`;
    line.replaceChildren(initials);
    line.classList.replace("pair__line--yours", "pair__line--signing");
    line.closest(".slip").classList.add("slip--signed");
  });
}
