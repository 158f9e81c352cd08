// Words that could not be brought to the server, kept in this browser: for this person and this
// ticket, with the saving they were written on.
const LONGEST_MS = 7 * 86400 * 1000;

export function keep(key, text, saved) {
  try {
    localStorage.setItem(key, JSON.stringify({ text, saved: String(saved), at: Date.now() }));
  } catch {
    // A browser that keeps nothing: the page still has the words.
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

export function kept(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "null");
    if (found && typeof found.text === "string" && Date.now() - found.at < LONGEST_MS) return found;
  } catch {
    // Not ours, or unreadable.
  }
  forget(key);
  return null;
}
