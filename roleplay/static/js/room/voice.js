// The sound of the call: the learner's gate towards the microphone and the persona's voice towards the loudspeaker.

import { showLevel, SpeechDetector } from "./level.js";
import { tell } from "./notices.js";
import { find, room, say } from "./page.js";

const UNHEARD_FRAMES = 25;

export class Voice {
  #sound;
  #detector = new SpeechDetector();
  #unheard = 0;
  #loudest = 0;
  muted = false;
  talkIsHeld = false;
  talking = false;

  constructor(sound) {
    this.#sound = sound;
  }

  /** @param onFrame called with 40 ms of PCM @param onHeard called with (item, ms) @param onSounding called with a boolean */
  start({ onFrame, onHeard, onSounding }) {
    this.#sound.listen({
      frame: onFrame,
      level: (level) => this.#showLevel(level),
      heard: (item, ms) => {
        Object.assign(room.dataset, { playedItem: item, playedMs: ms });
        onHeard(item, ms);
      },
      report: ({ peak, playing }) => {
        this.#showPeak(peak);
        onSounding(playing);
      },
    });
    this.settleGate();
  }

  /** To be called after `muted`, `talkIsHeld` or `talking` has changed; with push-to-talk the gate opens only to talk. */
  settleGate() {
    this.#sound.capture?.setGate(this.#open);
  }

  begin(item) {
    this.#sound.playback?.begin(item);
  }

  push(frame) {
    this.#sound.playback?.push(frame);
  }

  flush(item) {
    this.#sound.playback?.flush(item);
  }

  hold(held) {
    this.#sound.playback?.hold(held);
  }

  get #open() {
    return !this.muted && (!this.talkIsHeld || this.talking);
  }

  #showLevel(level) {
    showLevel(find("my-level"), this.#open ? level : 0);
    this.#unheard = this.muted && this.#detector.hears(level) ? this.#unheard + 1 : 0;
    if (this.#unheard === UNHEARD_FRAMES) tell("muted", say("muted"));
  }

  #showPeak(peak) {
    this.#loudest = Math.max(this.#loudest, peak);
    room.dataset.peak = this.#loudest.toFixed(3);
    find("avatar").style.setProperty("--level", peak.toFixed(2));
  }
}
