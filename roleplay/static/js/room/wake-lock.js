// Keeps a phone's screen on during the call, since a locked screen ends the microphone.

let lock = null;
let wanted = false;

async function acquire() {
  if (!wanted || document.visibilityState !== "visible") return;
  try {
    lock = await navigator.wakeLock?.request("screen");
  } catch {
    lock = null; // Refused on low battery; the call goes on.
  }
}

document.addEventListener("visibilitychange", acquire);

export function keepAwake() {
  wanted = true;
  acquire();
}

export function letSleep() {
  wanted = false;
  lock?.release();
  lock = null;
}
