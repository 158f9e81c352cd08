// A <time> that keeps telling how long ago, in place and in the page's language.
const forms = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", {
  numeric: "always",
  style: "long",
});
const steps = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 1e9],
];

function tell(element) {
  let span = (new Date(element.dateTime) - Date.now()) / 1000;
  if (Math.abs(span) < 10) return;
  for (const [unit, size] of steps) {
    if (Math.abs(span) < size) {
      const words = forms.format(Math.round(span), unit);
      if (element.textContent !== words) element.textContent = words;
      return;
    }
    span /= size;
  }
}

export function bind(element) {
  const timer = setInterval(
    () => (element.isConnected ? tell(element) : clearInterval(timer)),
    20000,
  );
}
