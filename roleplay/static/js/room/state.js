// The persona's state as ring and words, and the chip that says how the call stands.

import { config, find, room, say } from "./page.js";

const CHIPS = { connecting: "connecting", reconnecting: "reconnecting", paused: "paused" };

export class StateView {
  #state = "connecting";
  #sounding = false;
  #away = false;
  #paused = false;

  get state() {
    return this.#state;
  }

  get speaking() {
    return this.#state === "speaking" || this.#sounding;
  }

  get paused() {
    return this.#paused;
  }

  set(state) {
    this.#state = state;
    this.#paused = state === "paused";
    this.#draw();
  }

  /** The persona speaks as long as its voice sounds, whatever has been sent since. */
  sounding(on) {
    if (on === this.#sounding) return;
    this.#sounding = on;
    this.#draw();
  }

  away(on) {
    this.#away = on;
    this.#draw();
  }

  get #shown() {
    if (this.#away) return "reconnecting";
    if (this.#paused) return "paused";
    return this.#sounding ? "speaking" : this.#state;
  }

  #draw() {
    const shown = this.#shown;
    if (room.dataset.state === shown) return;
    room.dataset.state = shown;
    find("state-words").textContent = say(`state.${shown}`, { name: config.persona });
    const chip = CHIPS[shown] ?? "live";
    if (room.dataset.status !== chip) find("status").textContent = say(`status.${chip}`);
    room.dataset.status = chip;
  }
}
