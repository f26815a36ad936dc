// Elapsed and remaining time, carried on between the server's timer messages.

import { config, find, say } from "./page.js";

const TICK_MS = 250;
const UNTIMED_UNTIL_MS = 300_000;
const SHORT_MS = 30_000;

export function spell(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export class Clock {
  #elapsed = 0;
  #remaining = null;
  #at = 0;
  #timer = null;

  /** `remaining` is null where no limit applies. */
  set({ elapsed, remaining }) {
    if (elapsed !== undefined) this.#elapsed = elapsed;
    this.#remaining = remaining ?? null;
    this.#at = performance.now();
    this.#draw();
  }

  run() {
    if (this.#timer !== null) return;
    this.#at = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick() {
    const now = performance.now();
    this.#elapsed += now - this.#at;
    if (this.#remaining !== null) this.#remaining -= now - this.#at;
    this.#at = now;
    this.#draw();
  }

  // An untimed call has a far limit all the same: it shows when it is near.
  get #limited() {
    return this.#remaining !== null && (!config.untimed || this.#remaining <= UNTIMED_UNTIL_MS);
  }

  #draw() {
    find("elapsed").textContent = spell(this.#elapsed);
    const remaining = find("remaining");
    remaining.textContent = this.#limited ? spell(this.#remaining) : say("untimed");
    remaining.closest("[data-part=clock]").toggleAttribute("data-short", this.#limited && this.#remaining <= SHORT_MS);
  }
}
