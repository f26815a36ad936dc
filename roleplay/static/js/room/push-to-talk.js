// Hold to talk, by pointer, by Space or by Enter on the button; a short tap latches for people who cannot hold.

import { find, say } from "./page.js";

const TAP_MS = 350;
const INTERACTIVE = "a, button, input, select, textarea, summary, [contenteditable], [tabindex='0']";

export class PushToTalk {
  #button = find("talk");
  #onTalk;
  #down = false;
  #latched = false;
  #pressedAt = 0;
  enabled = false;

  /** @param onTalk called with true when talking starts and with false when it ends */
  constructor(onTalk) {
    this.#onTalk = onTalk;
    this.#button.addEventListener("pointerdown", (event) => this.#press(event));
    this.#button.addEventListener("pointerup", () => this.#release());
    this.#button.addEventListener("pointercancel", () => this.#release());
    this.#button.addEventListener("contextmenu", (event) => event.preventDefault());
    document.addEventListener("keydown", (event) => this.#isTalkKey(event) && this.#press(event));
    document.addEventListener("keyup", (event) => this.#isTalkKey(event) && this.#release(event));
    globalThis.addEventListener("blur", () => this.#set(false));
  }

  get down() {
    return this.#down;
  }

  enable(on) {
    this.enabled = on;
    this.#button.hidden = !on;
    this.#set(false);
  }

  #isTalkKey({ key, target }) {
    if (!this.enabled) return false;
    if (target === this.#button) return key === " " || key === "Enter";
    return key === " " && !target.closest?.(INTERACTIVE) && !document.querySelector("dialog[open]");
  }

  #press(event) {
    event.preventDefault();
    if (event.repeat) return;
    if (event.pointerId !== undefined) this.#button.setPointerCapture(event.pointerId);
    this.#pressedAt = performance.now();
    this.#latched = this.#down;
    this.#set(true);
  }

  #release(event) {
    event?.preventDefault();
    if (!this.#down) return;
    const tapped = performance.now() - this.#pressedAt < TAP_MS;
    if (tapped && !this.#latched) return;
    this.#set(false);
  }

  #set(down) {
    if (down === this.#down) return;
    this.#down = down;
    this.#button.setAttribute("aria-pressed", String(down));
    find("talk-label").textContent = say(down ? "talking" : "talk");
    this.#onTalk(down);
  }
}
