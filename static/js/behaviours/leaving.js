// Counts the seconds until an approved reply leaves; then nothing is left to take back.
export function bind(element) {
  const leavesAt = performance.now() + Number(element.dataset.seconds) * 1000;

  function tell() {
    const left = Math.ceil((leavesAt - performance.now()) / 1000);
    if (left > 0) {
      element.textContent = element.dataset.words.replace("{n}", left);
      return;
    }
    element.textContent = element.dataset.then;
    element.closest(".waiting").querySelector("[data-while-leaving]")?.remove();
    clearInterval(timer);
  }

  const timer = setInterval(() => (element.isConnected ? tell() : clearInterval(timer)), 250);
}
