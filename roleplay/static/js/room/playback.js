// The persona's side of the audio graph: PCM frames in, sound and an exact account of what was heard out.

import "./worklets/resampler.js";

const WIRE_RATE = 24_000;

export class Playback {
  #node;
  #rate;
  #resampler;
  #item = null;
  #sent = new Map();

  /** @param onHeard called with (item, ms) @param onReport called with {peak, playing, queued} */
  constructor(context, { onHeard, onReport }) {
    this.#rate = context.sampleRate;
    this.#resampler = new globalThis.RoleplayResampler(WIRE_RATE, this.#rate);
    this.#node = new AudioWorkletNode(context, "roleplay-playback", { numberOfInputs: 0, outputChannelCount: [1] });
    this.#node.port.onmessage = ({ data }) => {
      if (!data.heard) return onReport(data);
      for (const [item, samples] of data.heard) onHeard(item, this.#milliseconds(item, samples));
    };
    this.#node.connect(context.destination);
  }

  /** The frames that follow belong to `item`. */
  begin(item) {
    if (item === this.#item) return;
    this.#item = item;
    this.#resampler.reset();
    if (!this.#sent.has(item)) this.#sent.set(item, { wire: 0, context: 0 });
  }

  /** Frames after a flush and before the next `begin` belong to nobody and are dropped. */
  push(buffer) {
    if (this.#item === null) return;
    const wire = Float32Array.from(new Int16Array(buffer), (sample) => sample / 32_768);
    const samples = this.#resampler.process(wire).slice();
    const sent = this.#sent.get(this.#item);
    sent.wire += wire.length;
    sent.context += samples.length;
    this.#node.port.postMessage({ item: this.#item, samples }, [samples.buffer]);
  }

  flush(item = this.#item) {
    this.#item = null;
    if (item !== null) this.#node.port.postMessage({ flush: item });
  }

  hold(held) {
    this.#node.port.postMessage({ hold: held });
  }

  // The resampler's last half kernel never leaves it, so an item played to its end counts in the samples that came.
  #milliseconds(item, samples) {
    const sent = this.#sent.get(item);
    const seconds = sent && samples >= sent.context ? sent.wire / WIRE_RATE : samples / this.#rate;
    return Math.round(seconds * 1000);
  }
}
