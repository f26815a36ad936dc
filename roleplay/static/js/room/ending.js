// After the last word: what happened, and the way to the debrief.

import { config, find, knows, say, showPhase } from "./page.js";

const READING_MS = 3500;
const WITHOUT_DEBRIEF = new Set(["error", "refused", "taken_over", "signed_out"]);

const askBeforeLeaving = (event) => event.preventDefault();

/** While the call is live, closing the tab is asked about. */
export function leaveGuard(on) {
  if (on) globalThis.addEventListener("beforeunload", askBeforeLeaving);
  else globalThis.removeEventListener("beforeunload", askBeforeLeaving);
}

/** Says why the call is over; goes on to the debrief by itself unless something went wrong. */
export function ending(reason) {
  const name = config.persona;
  const wrong = WITHOUT_DEBRIEF.has(reason);
  find("ended-heading").textContent = say(knows(`ended.${reason}.heading`) ? `ended.${reason}.heading` : "ended.heading");
  find("ended-words").textContent = say(knows(`ended.${reason}`) ? `ended.${reason}` : "ended.other", { name });
  find("ended-well").hidden = wrong;
  find("ended-badly").hidden = !wrong;
  find("continue").hidden = reason !== "error" && reason !== "taken_over";
  showPhase("ended");
  if (!wrong) setTimeout(() => location.assign(config.debrief_url), READING_MS);
}
