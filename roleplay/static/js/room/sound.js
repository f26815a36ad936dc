// One audio context for the page, opened inside a click, with both worklets loaded into it.

import { Capture } from "./capture.js";
import { Playback } from "./playback.js";

const WORKLETS = ["resampler", "capture", "playback"];
const CHIME = [523.25, 659.25, 783.99];

export const soundIsPossible = () => "AudioWorkletNode" in globalThis && "WebSocket" in globalThis;

export class Sound extends EventTarget {
  #context = null;
  #loading = null;
  #listeners = { frame: () => {}, level: () => {}, heard: () => {}, report: () => {} };
  capture = null;
  playback = null;

  /** Replaces the listeners named: frame(buffer), level(rms), heard(item, ms), report({peak, playing, queued}). */
  listen(listeners) {
    Object.assign(this.#listeners, listeners);
  }

  /** To be called inside a click, or the browser keeps the context silent. */
  unlock() {
    this.#context ??= this.#newContext();
    const resumed = this.#context.resume();
    this.#loading ??= this.#load().catch((error) => {
      this.#loading = null;
      throw error;
    });
    return Promise.all([resumed, this.#loading]);
  }

  get stopped() {
    return this.#context !== null && this.#context.state !== "running";
  }

  chime() {
    const start = this.#context.currentTime + 0.05;
    CHIME.forEach((frequency, index) => this.#note(frequency, start + index * 0.16));
  }

  #newContext() {
    const context = new AudioContext({ latencyHint: "interactive" });
    context.onstatechange = () => this.dispatchEvent(new Event("statechange"));
    return context;
  }

  async #load() {
    for (const name of WORKLETS) {
      await this.#context.audioWorklet.addModule(new URL(`worklets/${name}.js`, import.meta.url));
    }
    this.playback = new Playback(this.#context, {
      onHeard: (item, ms) => this.#listeners.heard(item, ms),
      onReport: (report) => this.#listeners.report(report),
    });
    this.capture = new Capture(this.#context, {
      onFrame: (frame) => this.#listeners.frame(frame),
      onLevel: (level) => this.#listeners.level(level),
    });
  }

  #note(frequency, start) {
    const oscillator = new OscillatorNode(this.#context, { type: "sine", frequency });
    const gain = new GainNode(this.#context, { gain: 0 });
    gain.gain.linearRampToValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.25, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.7);
    oscillator.connect(gain).connect(this.#context.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.75);
  }
}
