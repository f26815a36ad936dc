// What happens to microphone and loudspeaker during the call, and the way out of each mishap.

import { fillPicker, listMicrophones } from "./microphone.js";
import { alert, settle } from "./notices.js";
import { find, room, say } from "./page.js";

export class Devices {
  #call;
  #sound;
  #microphone;

  constructor(call, sound, microphone) {
    this.#call = call;
    this.#sound = sound;
    this.#microphone = microphone;
    microphone.addEventListener("unplugged", () => this.#lack("microphone.unplugged"));
    microphone.addEventListener("silenced", () => this.#speaks && alert("microphone", say("microphone.silenced")));
    microphone.addEventListener("restored", () => settle("microphone"));
    navigator.mediaDevices?.addEventListener("devicechange", () => this.refresh());
    find("live-microphone").addEventListener("change", ({ target }) => this.#use(target.value));
    sound.addEventListener("statechange", () => this.#watchSound());
    document.addEventListener("visibilitychange", () => this.#watchSound());
  }

  async refresh() {
    if (!this.#microphone.stream) return;
    const devices = await listMicrophones();
    fillPicker(find("live-microphone"), devices, this.#microphone.deviceId, (n) => say("microphone", { n }));
  }

  get #speaks() {
    return this.#call.live && room.dataset.mode === "voice";
  }

  #lack(key) {
    if (!this.#speaks) return;
    const another = { label: say("microphone.another"), run: () => this.#use(null) };
    const text = { label: say("microphone.text"), run: () => this.#write() };
    alert("microphone", say(key), another, text);
  }

  async #use(deviceId) {
    try {
      this.#sound.capture.attach(await this.#microphone.open({ deviceId }));
    } catch ({ reason }) {
      return this.#lack(`microphone.${reason}`);
    }
    settle("microphone");
    this.refresh();
  }

  #write() {
    settle("microphone");
    this.#call.write();
  }

  // A phone call, a new headset or a strict autoplay policy stops the context; only a click may start it again.
  #watchSound() {
    if (!this.#speaks || !this.#sound.stopped || document.visibilityState !== "visible") return settle("sound");
    alert("sound", say("sound.stopped"), { label: say("sound.on"), run: () => this.#sound.unlock() });
  }
}
