// The browser's end of the call: one socket after another, until the call has ended or a minute of trying has passed.
//
// Events: "message" (detail: the parsed text frame), "audio" (detail: ArrayBuffer) and "status" (detail: "connecting",
// "open", "lost", "given-up" or "refused"). What was typed, and the wish to end, are sent again after a resume, under the
// same cid, until the server has acknowledged them.

import { csrfToken } from "./page.js";

const GIVE_UP_MS = 60_000;
const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 6000;
const ACK_INTERVAL_MS = 1000;
const LARGEST_BACKLOG_BYTES = 256 * 1024;
const FRAMES_KEPT_WHILE_AWAY = 50;
const QUIET_MS = 3000;
const PULSE_CHECK_MS = 2000;
const SENT_UNTIL_ACKNOWLEDGED = new Set(["text", "end"]);
const RETRIED_STATUSES = new Set([408, 425, 429]);

class Refused extends Error {}

async function requestTicket(url) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
  });
  const final = response.status >= 400 && response.status < 500 && !RETRIED_STATUSES.has(response.status);
  // A redirect leads to the sign-in page.
  if (final || response.redirected) throw new Refused(String(response.status));
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class CallSocket extends EventTarget {
  #url;
  #socket = null;
  #epoch = null;
  #lastSeq = 0;
  #lastAck = 0;
  #unacknowledged = new Map();
  #keptFrames = [];
  #cids = 0;
  #page = Math.random().toString(36).slice(2, 10);
  #lostAt = null;
  #attempts = 0;
  #wake = () => {};
  #finished = false;
  #heardAt = 0;
  #heartbeat = 0;
  #pulse = false;

  constructor(ticketUrl) {
    super();
    this.#url = ticketUrl;
    setInterval(() => this.#checkPulse(), PULSE_CHECK_MS);
  }

  /** Joins the attempt; after giving up, it may be called again and resumes. */
  open() {
    this.#finished = false;
    this.#tell("status", "connecting");
    this.#lostAt = performance.now();
    globalThis.addEventListener("online", this.#hurry);
    this.#persist();
  }

  close() {
    this.#finished = true;
    globalThis.removeEventListener("online", this.#hurry);
    this.#wake();
    this.#socket?.close(1000);
  }

  send(type, fields = {}) {
    this.#cids += 1;
    const message = { type, cid: `${this.#page}-${this.#cids}`, ...fields };
    if (SENT_UNTIL_ACKNOWLEDGED.has(type)) this.#unacknowledged.set(message.cid, message);
    this.#transmit(JSON.stringify(message));
  }

  /** Frames made while the call's connection is away are kept for two seconds; a stalled one gets no more of them. */
  sendAudio(frame) {
    if (this.#epoch === null) return;
    if (this.#lostAt !== null) {
      this.#keptFrames.push(frame);
      if (this.#keptFrames.length > FRAMES_KEPT_WHILE_AWAY) this.#keptFrames.shift();
    } else if (this.#socket.bufferedAmount < LARGEST_BACKLOG_BYTES) {
      this.#transmit(frame);
    }
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #transmit(data) {
    if (this.#lostAt === null && this.#socket.readyState === WebSocket.OPEN) this.#socket.send(data);
  }

  #hurry = () => this.#wake();

  async #persist() {
    while (!this.#finished) {
      try {
        return this.#adopt(await this.#address());
      } catch (error) {
        if (error instanceof Refused) return this.#stop("refused");
      }
      if (performance.now() - this.#lostAt > GIVE_UP_MS) return this.#stop("given-up");
      await this.#pause();
    }
  }

  async #address() {
    const { ticket, socket_url: base } = await requestTicket(this.#url);
    const address = new URL(base, location.href);
    address.searchParams.set("ticket", ticket);
    if (this.#epoch !== null) {
      address.searchParams.set("resume", this.#epoch);
      address.searchParams.set("last_seq", this.#lastSeq);
    }
    return address;
  }

  #pause() {
    const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    const woken = new Promise((resolve) => (this.#wake = resolve));
    return Promise.race([woken, wait(longest * (0.5 + Math.random() / 2))]);
  }

  #stop(status) {
    this.close();
    this.#tell("status", status);
  }

  #adopt(address) {
    if (this.#finished) return;
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(socket, data);
    socket.onclose = () => this.#lose(socket);
  }

  #lose(socket, quietly = false) {
    if (this.#finished || socket !== this.#socket) return;
    const wasOpen = this.#lostAt === null;
    if (wasOpen) {
      this.#lostAt = performance.now();
      this.#attempts = 0;
      if (!quietly) this.#tell("status", "lost");
    }
    if (performance.now() - this.#lostAt > GIVE_UP_MS) return this.#stop("given-up");
    this.#pause().then(() => this.#persist());
  }

  // A network that vanishes closes nothing. While the clock runs the timer ticks, so silence then means a dead connection.
  #checkPulse() {
    const silent = performance.now() - this.#heardAt > this.#heartbeat;
    if (!this.#pulse || !silent || this.#lostAt !== null) return;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#lose(this.#socket);
  }

  #receive(socket, data) {
    if (socket !== this.#socket || this.#finished) return;
    this.#heardAt = performance.now();
    if (typeof data !== "string") return this.#tell("audio", data);
    const message = JSON.parse(data);
    if (message.type === "hello") return this.#greet(message);
    // An attempt that is over says so before any hello, outside the count.
    if (message.seq <= this.#lastSeq && message.type !== "ended") return;
    this.#lastSeq = Math.max(this.#lastSeq, message.seq);
    if (message.type === "timer") this.#pulse = true;
    if (message.type === "state") this.#pulse = false;
    if (message.type === "ack") return this.#unacknowledged.delete(message.cid);
    if (message.type === "goaway") return this.#leave(socket);
    if (message.type === "ended") this.close();
    this.#acknowledge(message);
    this.#tell("message", message);
  }

  #greet(hello) {
    this.#lastSeq = Math.min(this.#lastSeq, hello.seq);
    this.#epoch = hello.epoch;
    this.#heartbeat = hello.heartbeat_ms;
    this.#pulse = false;
    this.#lostAt = null;
    this.#attempts = 0;
    this.#tell("status", "open");
    this.#tell("message", hello);
    for (const message of this.#unacknowledged.values()) this.#transmit(JSON.stringify(message));
    for (const frame of this.#keptFrames.splice(0)) this.#transmit(frame);
  }

  #acknowledge({ type, final }) {
    const now = performance.now();
    if (type !== "state" && !final && now - this.#lastAck < ACK_INTERVAL_MS) return;
    this.#lastAck = now;
    this.#cids += 1;
    this.#transmit(JSON.stringify({ type: "ack", cid: `${this.#page}-${this.#cids}`, seq: this.#lastSeq }));
  }

  // The server is about to restart: the next socket opens before the person notices, so nothing is said
  // about it unless it takes long.
  #leave(socket) {
    this.#lose(socket, true);
    setTimeout(() => this.#lostAt !== null && !this.#finished && this.#tell("status", "lost"), QUIET_MS);
    socket.onclose = null;
    socket.close(1000);
  }
}
