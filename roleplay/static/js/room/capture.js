// The microphone's side of the audio graph: stream in, 40 ms PCM frames and levels out.

export class Capture {
  #context;
  #node;
  #source = null;

  /** @param onFrame called with an ArrayBuffer of 960 Int16 samples @param onLevel called with an RMS of 0 to 1 */
  constructor(context, { onFrame, onLevel }) {
    this.#context = context;
    this.#node = new AudioWorkletNode(context, "roleplay-capture", {
      channelCount: 1,
      channelCountMode: "explicit",
      outputChannelCount: [1],
    });
    this.#node.port.onmessage = ({ data }) => {
      onLevel(data.level);
      onFrame(data.frame);
    };
    // A node that leads nowhere is not run by every browser; this one's output stays silent.
    this.#node.connect(context.destination);
  }

  attach(stream) {
    this.#source?.disconnect();
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#node);
  }

  /** A closed gate sends silence. */
  setGate(open) {
    this.#node.port.postMessage({ gateOpen: open });
  }
}
