// Plays the persona's items in order and counts, per item, the samples that were handed to the loudspeaker.
//
// In: {item, samples} at the context's rate, {flush: item}, {hold: bool}.
// Out: {heard: [[item, samples], …], cause: "drained" | "next" | "flush"} and, ten times a second, {peak, playing, queued}.

const PREBUFFER_SECONDS = 0.08;
const LONGEST_WAIT_SECONDS = 0.12;
const REPORT_SECONDS = 0.1;
const RELEASE_PER_SAMPLE = 0.95;

class PlaybackProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.chunks = [];
    this.heard = new Map();
    this.current = null;
    this.queued = 0;
    this.playing = false;
    this.waited = 0;
    this.held = false;
    this.last = 0;
    this.peak = 0;
    this.sinceReport = 0;
    this.port.onmessage = ({ data }) => this.#receive(data);
  }

  process(_, [channels]) {
    const output = channels[0];
    const written = this.#ready(output.length) ? this.#play(output) : 0;
    this.#release(output, written);
    for (let index = 1; index < channels.length; index += 1) channels[index].set(output);
    this.#report(output);
    return true;
  }

  #receive({ item, samples, flush, hold }) {
    if (hold !== undefined) this.held = hold;
    if (flush !== undefined) this.#flush(flush);
    if (samples === undefined) return;
    this.chunks.push({ item, samples, offset: 0 });
    this.queued += samples.length;
  }

  #ready(quantum) {
    if (this.held || this.queued === 0) return false;
    if (this.playing) return true;
    this.waited += quantum;
    this.playing = this.queued >= PREBUFFER_SECONDS * sampleRate || this.waited >= LONGEST_WAIT_SECONDS * sampleRate;
    return this.playing;
  }

  #play(output) {
    let written = 0;
    while (written < output.length && this.chunks.length > 0) {
      written += this.#copy(this.chunks[0], output, written);
      if (this.chunks[0].offset === this.chunks[0].samples.length) this.chunks.shift();
    }
    this.queued -= written;
    if (this.queued === 0) this.#dry();
    return written;
  }

  #copy(chunk, output, at) {
    if (chunk.item !== this.current) this.#begin(chunk.item);
    const count = Math.min(output.length - at, chunk.samples.length - chunk.offset);
    output.set(chunk.samples.subarray(chunk.offset, chunk.offset + count), at);
    chunk.offset += count;
    this.heard.set(chunk.item, this.heard.get(chunk.item) + count);
    return count;
  }

  #begin(item) {
    if (this.current !== null) this.#tell([this.current], "next");
    this.current = item;
    if (!this.heard.has(item)) this.heard.set(item, 0);
  }

  #dry() {
    this.playing = false;
    this.waited = 0;
    this.#tell([this.current], "drained");
  }

  #flush(item) {
    const items = new Set(this.chunks.map((chunk) => chunk.item)).add(item);
    if (this.queued > 0 && this.current !== null) items.add(this.current);
    this.#tell(items, "flush");
    this.chunks = [];
    this.queued = 0;
    this.playing = false;
    this.waited = 0;
  }

  #tell(items, cause) {
    this.port.postMessage({ heard: [...items].map((item) => [item, this.heard.get(item) ?? 0]), cause });
  }

  // Where sound stops in mid-wave, the last sample falls to zero within a few milliseconds instead of clicking.
  #release(output, written) {
    for (let index = written; index < output.length; index += 1) {
      this.last *= RELEASE_PER_SAMPLE;
      output[index] = this.last;
    }
    this.last = Math.abs(output[output.length - 1]) < 1e-4 ? 0 : output[output.length - 1];
  }

  #report(output) {
    for (const sample of output) this.peak = Math.max(this.peak, Math.abs(sample));
    this.sinceReport += output.length;
    if (this.sinceReport < REPORT_SECONDS * sampleRate) return;
    this.port.postMessage({ peak: this.peak, playing: this.playing, queued: this.queued });
    this.peak = 0;
    this.sinceReport = 0;
  }
}

registerProcessor("roleplay-playback", PlaybackProcessor);
