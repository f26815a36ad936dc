// Microphone → 40 ms frames of PCM16 at 24 kHz, each with its level before the gate.
//
// The gate closes for mute and for push-to-talk: frames go on as silence, so that the other side hears the turn end.

const WIRE_RATE = 24_000;
const FRAME_SAMPLES = 960;

class CaptureProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new globalThis.RoleplayResampler(sampleRate, WIRE_RATE);
    this.gateOpen = true;
    this.running = true;
    this.#newFrame();
    this.port.onmessage = ({ data }) => Object.assign(this, data);
  }

  process([channels]) {
    if (channels.length > 0) this.#gather(this.resampler.process(channels[0]));
    return this.running;
  }

  #newFrame() {
    this.frame = new Int16Array(FRAME_SAMPLES);
    this.filled = 0;
    this.energy = 0;
  }

  #gather(samples) {
    for (const sample of samples) {
      this.energy += sample * sample;
      this.frame[this.filled] = this.gateOpen ? Math.max(-1, Math.min(1, sample)) * 32_767 : 0;
      this.filled += 1;
      if (this.filled === FRAME_SAMPLES) this.#hand();
    }
  }

  #hand() {
    const level = Math.sqrt(this.energy / FRAME_SAMPLES);
    const { buffer } = this.frame;
    this.port.postMessage({ level, frame: buffer }, [buffer]);
    this.#newFrame();
  }
}

registerProcessor("roleplay-capture", CaptureProcessor);
