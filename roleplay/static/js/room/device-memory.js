// What this device remembers between calls. Storage may be full, blocked or absent; then nothing is remembered.

const PREFIX = "roleplay.room.";

export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // A private window: the sound check simply runs again next time.
  }
}
