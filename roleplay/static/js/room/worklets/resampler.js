// Rational polyphase resampler: windowed sinc, exact ratio, state carried from block to block.
//
// It is put on globalThis because an AudioWorkletGlobalScope takes no imports in every browser; the page loads this
// same file as a module and finds it at the same place.

const ZERO_CROSSINGS = 24;
const KAISER_BETA = 8;
const PASSBAND = 0.92;

const greatestCommonDivisor = (a, b) => (b === 0 ? a : greatestCommonDivisor(b, a % b));

function besselI0(x) {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > sum * 1e-12; n += 1) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}

function kernel(taps, cutoff, fraction) {
  const half = taps / 2;
  const values = Float32Array.from({ length: taps }, (_, tap) => {
    const time = tap - (half - 1) - fraction;
    const angle = 2 * Math.PI * cutoff * time;
    const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
    return sinc * besselI0(KAISER_BETA * Math.sqrt(Math.max(0, 1 - (time / half) ** 2)));
  });
  const gain = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / gain);
}

class Resampler {
  /** @param from input rate in Hz @param to output rate in Hz */
  constructor(from, to) {
    const divisor = greatestCommonDivisor(Math.round(from), Math.round(to));
    this.phases = Math.round(to) / divisor;
    this.step = Math.round(from) / divisor;
    this.ratio = to / from;
    this.taps = 2 * Math.ceil(ZERO_CROSSINGS * Math.max(1, from / to));
    const cutoff = 0.5 * PASSBAND * Math.min(1, this.ratio);
    this.kernels = Array.from({ length: this.phases }, (_, phase) => kernel(this.taps, cutoff, phase / this.phases));
    this.window = new Float32Array(this.taps + 4096);
    this.reset();
  }

  reset() {
    this.window.fill(0);
    this.held = this.taps / 2 - 1;
    this.phase = 0;
  }

  /** The samples that `input` completes; valid until the next call. */
  process(input) {
    this.#take(input);
    const output = this.#room(Math.ceil(input.length * this.ratio) + 2);
    let start = 0;
    let made = 0;
    while (start + this.taps <= this.held) {
      output[made] = this.#convolve(this.kernels[this.phase], start);
      made += 1;
      this.phase += this.step;
      start += Math.floor(this.phase / this.phases);
      this.phase %= this.phases;
    }
    this.#carry(start);
    return output.subarray(0, made);
  }

  #take(input) {
    if (this.held + input.length > this.window.length) {
      const larger = new Float32Array(2 * (this.held + input.length));
      larger.set(this.window.subarray(0, this.held));
      this.window = larger;
    }
    this.window.set(input, this.held);
    this.held += input.length;
  }

  #room(length) {
    if (!this.output || this.output.length < length) this.output = new Float32Array(length);
    return this.output;
  }

  #convolve(values, start) {
    let sum = 0;
    for (let tap = 0; tap < values.length; tap += 1) sum += values[tap] * this.window[start + tap];
    return sum;
  }

  #carry(start) {
    this.window.copyWithin(0, start, this.held);
    this.held -= start;
  }
}

globalThis.RoleplayResampler = Resampler;
