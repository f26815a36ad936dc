// Before the call: is there a microphone, does it hear a voice, does the loudspeaker play?

import { recall, remember } from "./device-memory.js";
import { showLevel, SpeechDetector } from "./level.js";
import { fillPicker, listMicrophones } from "./microphone.js";
import { config, find, room, say } from "./page.js";

const HEARD_AFTER_FRAMES = 8;
const HINT_AFTER_FRAMES = 200;

export class SoundCheck {
  #sound;
  #microphone;
  #detector = new SpeechDetector();
  #spoken = 0;
  #frames = 0;

  /** @param possible whether this browser can hold a spoken call @param onStart called once the microphone is open */
  constructor(sound, microphone, { possible, onStart }) {
    this.#sound = sound;
    this.#microphone = microphone;
    find("allow").addEventListener("click", () => this.#open());
    find("try-again").addEventListener("click", () => this.#open());
    find("check-again").addEventListener("click", () => this.#show("ask"));
    find("microphone").addEventListener("change", ({ target }) => this.#open(target.value));
    find("play").addEventListener("click", () => this.#play());
    find("heard-yes").addEventListener("click", () => this.#answer("speaker-good"));
    find("heard-no").addEventListener("click", () => this.#answer("speaker-help"));
    find("start").addEventListener("click", () => onStart());
    find("start-again").addEventListener("click", () => this.#startUnchecked(onStart));
    if (possible) this.#show(recall("sound-checked") ? "passed" : "ask");
    else this.#refuse("unsupported");
  }

  #show(step) {
    room.dataset.check = step;
    for (const part of room.querySelectorAll("[data-check-step]")) {
      part.hidden = !part.dataset.checkStep.split(" ").includes(step);
    }
  }

  async #open(deviceId = null) {
    this.#show("waiting");
    find("waiting").textContent = say("check.waiting");
    if (!(await this.#opened(deviceId))) return;
    this.#sound.capture.attach(this.#microphone.stream);
    this.#listen();
    this.#show("listening");
    fillPicker(find("microphone"), await listMicrophones(), this.#microphone.deviceId, (n) => say("microphone", { n }));
    find("microphone").focus();
  }

  async #opened(deviceId) {
    try {
      const onUnanswered = () => (find("waiting").textContent = say("check.unanswered"));
      await Promise.all([this.#sound.unlock(), this.#microphone.open({ deviceId, onUnanswered })]);
      return true;
    } catch (error) {
      this.#refuse(error.reason ?? "unknown");
      return false;
    }
  }

  #refuse(reason) {
    this.#show("refused");
    find("refusal").textContent = say(`microphone.${reason}`);
    find("try-again").hidden = reason === "insecure" || reason === "unsupported";
  }

  #listen() {
    this.#spoken = 0;
    this.#frames = 0;
    find("hello").textContent = say("check.hello", { name: config.persona });
    find("hello").removeAttribute("data-good");
    this.#sound.listen({ level: (level) => this.#take(level) });
  }

  #take(level) {
    showLevel(find("check-meter"), level);
    this.#frames += 1;
    if (this.#detector.hears(level)) this.#spoken += 1;
    if (this.#spoken === HEARD_AFTER_FRAMES) this.#heard();
    else if (this.#frames === HINT_AFTER_FRAMES && this.#spoken < HEARD_AFTER_FRAMES) {
      find("hello").textContent = say("check.unheard");
    }
  }

  #heard() {
    find("hello").textContent = say("check.heard");
    find("hello").setAttribute("data-good", "");
    remember("sound-checked", true);
  }

  #play() {
    this.#sound.chime();
    find("speaker-question").hidden = false;
    find("speaker-answer").textContent = "";
  }

  #answer(key) {
    find("speaker-answer").textContent = say(key);
    find("speaker-question").hidden = true;
  }

  async #startUnchecked(onStart) {
    find("start-again").disabled = true;
    if (await this.#opened(null)) {
      this.#sound.capture.attach(this.#microphone.stream);
      onStart();
    }
    find("start-again").disabled = false;
  }
}
