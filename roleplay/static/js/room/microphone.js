// Asking for a microphone, and knowing why there is none.

import { recall, remember } from "./device-memory.js";

const SILENT_PROMPT_MS = 8000;

const REASONS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
  OverconstrainedError: "gone",
};

export class MicrophoneError extends Error {
  /** @param reason "insecure", "unsupported", "denied", "missing", "busy", "gone" or "unknown" */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

const constraints = (deviceId, strictly) => ({
  audio: {
    ...(deviceId && { deviceId: { [strictly ? "exact" : "ideal"]: deviceId } }),
    channelCount: { ideal: 1 },
    echoCancellation: { ideal: true },
    noiseSuppression: { ideal: true },
    autoGainControl: { ideal: true },
  },
});

function refuseWhereImpossible() {
  if (!globalThis.isSecureContext) throw new MicrophoneError("insecure");
  if (!navigator.mediaDevices?.getUserMedia) throw new MicrophoneError("unsupported");
}

export class Microphone extends EventTarget {
  stream = null;

  get track() {
    return this.stream?.getAudioTracks()[0] ?? null;
  }

  get deviceId() {
    return this.track?.getSettings().deviceId ?? recall("microphone") ?? "";
  }

  /** Opens the chosen device, or the remembered one. `onUnanswered` runs when the browser's question stays open. */
  async open({ deviceId = null, onUnanswered = () => {} } = {}) {
    refuseWhereImpossible();
    const timer = setTimeout(onUnanswered, SILENT_PROMPT_MS);
    try {
      const wanted = constraints(deviceId ?? recall("microphone"), deviceId !== null);
      this.#adopt(await navigator.mediaDevices.getUserMedia(wanted));
    } catch (error) {
      throw new MicrophoneError(REASONS[error.name] ?? "unknown");
    } finally {
      clearTimeout(timer);
    }
    return this.stream;
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    this.stream = null;
  }

  #adopt(stream) {
    this.close();
    this.stream = stream;
    if (this.deviceId) remember("microphone", this.deviceId);
    this.track.onended = () => this.dispatchEvent(new Event("unplugged"));
    this.track.onmute = () => this.dispatchEvent(new Event("silenced"));
    this.track.onunmute = () => this.dispatchEvent(new Event("restored"));
  }
}

/** The microphones by name; names are known only after permission. */
export async function listMicrophones() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "audioinput" && device.deviceId);
}

export function fillPicker(select, devices, chosen, nameless) {
  select.replaceChildren(
    ...devices.map((device, index) => {
      const name = device.label || nameless(index + 1);
      return new Option(name, device.deviceId, false, device.deviceId === chosen);
    }),
  );
}
