// The running transcript: one line per turn, rewritten while it is partial.

import { config, find, room, say } from "./page.js";

const NEAR_THE_END_PX = 60;

export class Captions {
  #log = find("captions-log");
  #turns = find("captions-turns");
  #lines = new Map();
  #awaiting = [];
  #following = true;

  constructor() {
    this.#log.addEventListener("scroll", () => (this.#following = this.#atTheEnd()));
    const observer = new ResizeObserver(() => this.#follow());
    observer.observe(this.#log);
    observer.observe(this.#turns);
  }

  /** Takes a caption {turn, speaker, text, final}; `text` is the whole turn so far. */
  show({ turn, speaker, text, final }) {
    this.#forgetUnheard(turn, speaker);
    const line = this.#lines.get(turn) ?? this.#begin(turn, speaker, text);
    line.querySelector("p").textContent = text;
    line.toggleAttribute("data-partial", !final);
    line.hidden = text === "";
  }

  /** What the learner has typed stands there at once, and becomes the turn when the server names it. */
  await(text) {
    const line = this.#line("learner");
    line.querySelector("p").textContent = text;
    line.toggleAttribute("data-partial", true);
    this.#awaiting.push(line);
    this.#following = true;
    this.#follow();
  }

  /** After a gap the server tells every stored turn again; what was half said then may have come to nothing. */
  forgetUnfinished() {
    for (const [turn, line] of this.#lines) {
      if (!line.hasAttribute("data-partial")) continue;
      line.remove();
      this.#lines.delete(turn);
    }
  }

  /** A turn of which nothing was heard gives its number to the one that follows. */
  #forgetUnheard(turn, speaker) {
    const line = this.#lines.get(turn);
    if (!line || line.dataset.speaker === speaker) return;
    line.remove();
    this.#lines.delete(turn);
  }

  size(name) {
    room.dataset.captionSize = name;
  }

  announce(on) {
    this.#log.setAttribute("aria-live", on ? "polite" : "off");
  }

  #begin(turn, speaker, text) {
    const typed = speaker === "learner" ? this.#awaiting.findIndex((line) => line.lastChild.textContent === text) : -1;
    const line = typed >= 0 ? this.#awaiting.splice(typed, 1)[0] : this.#line(speaker);
    this.#lines.set(turn, line);
    this.#place(line, turn);
    find("captions-empty").hidden = true;
    return line;
  }

  // What a learner said is often understood only after the persona has begun to answer, and an answer may be told only
  // after the next line was typed. Lines that have no number yet come last.
  #place(line, turn) {
    line.dataset.turn = turn;
    const isLater = (other) => other !== line && !(Number(other.dataset.turn) < Number(turn));
    const next = [...this.#turns.children].find(isLater) ?? null;
    if (line.nextElementSibling !== next) this.#turns.insertBefore(line, next);
  }

  #line(speaker) {
    const line = document.createElement("li");
    line.dataset.speaker = speaker;
    const name = document.createElement("span");
    name.className = "room-speaker";
    name.textContent = speaker === "persona" ? config.persona : say("you");
    line.append(name, document.createElement("p"));
    this.#turns.append(line);
    return line;
  }

  #atTheEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    return scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PX;
  }

  // Whoever has scrolled up to read again is left where they are.
  #follow() {
    if (this.#following) this.#log.scrollTop = this.#log.scrollHeight;
  }
}
