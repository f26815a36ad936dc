// Loudness as a person sees it, and whether somebody is speaking above the room's noise.

const QUIETEST_DB = -60;
const SPEECH_FLOOR = 0.012;
const ABOVE_NOISE = 3;

/** An RMS of 0 to 1 as a meter's 0 to 1, linear in decibels. */
export const meterValue = (rms) => Math.max(0, Math.min(1, 1 - (20 * Math.log10(rms + 1e-6)) / QUIETEST_DB));

export function showLevel(element, rms) {
  element.style.setProperty("--level", meterValue(rms).toFixed(3));
}

export class SpeechDetector {
  #noise = SPEECH_FLOOR / ABOVE_NOISE;

  /** Takes one level per 40 ms frame; the noise estimate falls at once and rises slowly. */
  hears(rms) {
    this.#noise = rms < this.#noise ? rms : this.#noise * 1.005 + 1e-6;
    return rms > Math.max(SPEECH_FLOOR, this.#noise * ABOVE_NOISE);
  }
}
