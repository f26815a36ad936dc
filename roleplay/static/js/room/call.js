// The live call: what the server says becomes sound, words and time; what the person does becomes messages.

import { Captions } from "./captions.js";
import { Clock } from "./clock.js";
import { ending, leaveGuard } from "./ending.js";
import { showLevel, SpeechDetector } from "./level.js";
import { alert, settle, settleAll, tell } from "./notices.js";
import { config, find, knows, room, say, showPhase } from "./page.js";
import { CallSocket } from "./socket.js";
import { StateView } from "./state.js";
import { recall } from "./device-memory.js";
import { keepAwake, letSleep } from "./wake-lock.js";

const SECONDS_30_MS = 30_000;
const END_ANSWER_MS = 4000;
const UNHEARD_FRAMES = 25;

export class Call extends EventTarget {
  captions = new Captions();
  #view = new StateView();
  #clock = new Clock((left) => this.#noticeTime(left));
  #socket = new CallSocket(config.ticket_url);
  #sound;
  #muted = false;
  #talkIsHeld = false;
  #talking = false;
  #loudest = 0;
  #endWanted = false;
  #detector = new SpeechDetector();
  #unheard = 0;
  live = false;

  constructor(sound) {
    super();
    this.#sound = sound;
    this.#socket.addEventListener("message", ({ detail }) => this[`on_${detail.type}`]?.(detail));
    this.#socket.addEventListener("audio", ({ detail }) => this.#sound.playback?.push(detail));
    this.#socket.addEventListener("status", ({ detail }) => this.#connection(detail));
  }

  start(mode) {
    this.live = true;
    this.#sound.listen({
      frame: (frame) => this.#sendFrame(frame),
      level: (level) => this.#showLevel(level),
      heard: (item, ms) => this.#heard(item, ms),
      report: (report) => this.#hear(report),
    });
    this.#setGate();
    if (mode === "text") this.#write();
    showPhase("live");
    keepAwake();
    leaveGuard(true);
    this.#socket.open();
  }

  get paused() {
    return this.#view.paused;
  }

  mute(on) {
    this.#muted = on;
    this.#setGate();
    this.#socket.send("mute", { on });
  }

  /** With push-to-talk the microphone is open only while talking. */
  holdToTalk(on) {
    this.#talkIsHeld = on;
    this.#setGate();
    this.tune({ push_to_talk: on });
  }

  tune(fields) {
    this.#socket.send("tune", fields);
  }

  talk(down) {
    this.#talking = down;
    this.#setGate();
    if (down) this.#interrupt();
    if (this.live) this.#socket.send("talk", { down });
  }

  say(text) {
    this.#interrupt();
    this.captions.await(text);
    this.#socket.send("text", { text });
  }

  pause(on) {
    this.#sound.playback?.hold(on);
    this.#view.set(on ? "paused" : "listening");
    this.#settleClock();
    this.#socket.send(on ? "pause" : "resume");
  }

  /** An author allows it once. */
  extend() {
    config.can_extend = false;
    settle("time");
    this.#socket.send("extend");
  }

  /** Where the socket does not answer, the page ends the attempt itself. */
  end() {
    this.#endWanted = true;
    this.#socket.send("end");
    setTimeout(() => this.live && this.leave(), END_ANSWER_MS);
  }

  leave() {
    leaveGuard(false);
    find("completion").submit();
  }

  /** Goes on in writing, on this connection or on the next one. */
  write() {
    this.#write();
    this.mute(true);
  }

  retry() {
    this.#socket.open();
  }

  on_hello({ remaining_ms: remaining, elapsed_ms: elapsed }) {
    this.#clock.set({ elapsed, remaining });
    if (this.#muted) this.#socket.send("mute", { on: true });
    if (this.#talkIsHeld) this.tune({ push_to_talk: true });
  }

  on_state({ state }) {
    this.#view.set(state);
    this.#settleClock();
    this.#sound.playback?.hold(state === "paused");
    this.dispatchEvent(new Event("change"));
  }

  on_caption(caption) {
    this.captions.show(caption);
  }

  on_audio({ item }) {
    this.#sound.playback?.begin(item);
  }

  on_flush({ item }) {
    this.#sound.playback?.flush(item);
  }

  on_timer({ elapsed_ms: elapsed, remaining_ms: remaining }) {
    this.#clock.set({ elapsed, remaining });
    if (remaining > 2 * 60_000) settle("time");
  }

  on_warn({ code, message }) {
    const known = `warn.${code}`;
    tell(code, knows(known) ? say(known, { name: config.persona }) : message);
  }

  on_ended({ reason }) {
    this.live = false;
    this.#clock.stop();
    this.#sound.playback?.flush();
    settleAll();
    letSleep();
    leaveGuard(false);
    this.dispatchEvent(new Event("ended"));
    ending(reason);
  }

  get #gateOpen() {
    return !this.#muted && (!this.#talkIsHeld || this.#talking);
  }

  #write() {
    room.dataset.mode = "text";
    room.toggleAttribute("data-captions", true);
    this.captions.announce(recall("captions-announce") ?? true);
    this.dispatchEvent(new Event("writing"));
  }

  #showLevel(level) {
    showLevel(find("my-level"), this.#gateOpen ? level : 0);
    if (!this.#muted || !this.#detector.hears(level)) this.#unheard = 0;
    else this.#unheard += 1;
    if (this.#unheard === UNHEARD_FRAMES) tell("muted", say("muted"));
  }

  #setGate() {
    this.#sound.capture?.setGate(this.#gateOpen);
  }

  #sendFrame(frame) {
    if (!this.live || this.paused || room.dataset.mode === "text") return;
    this.#socket.sendAudio(frame);
    room.dataset.framesSent = Number(room.dataset.framesSent ?? 0) + 1;
  }

  // Whoever presses to talk or sends a line has taken the turn; the server learns what was heard until then.
  #interrupt() {
    if (this.#view.speaking) this.#sound.playback?.flush();
  }

  #heard(item, ms) {
    room.dataset.playedItem = item;
    room.dataset.playedMs = ms;
    if (this.live) this.#socket.send("played", { item, ms });
  }

  #hear({ peak, playing }) {
    this.#loudest = Math.max(this.#loudest, peak);
    room.dataset.peak = this.#loudest.toFixed(3);
    find("avatar").style.setProperty("--level", peak.toFixed(2));
    this.#view.sounding(playing && this.live);
  }

  #settleClock() {
    if (this.paused || this.#view.state === "connecting") this.#clock.stop();
    else this.#clock.run();
  }

  #connection(status) {
    if (status === "open") settle("connection");
    if (status === "lost") alert("connection", say("connection.lost"));
    if (status === "given-up") this.dispatchEvent(new Event("lost"));
    if (status === "refused") this.on_ended({ reason: this.#endWanted ? "learner" : "refused" });
    this.#view.away(status === "lost" || status === "given-up");
    if (status !== "connecting") this.#view.state !== "connecting" && this.#settleClock();
  }

  #noticeTime(left) {
    const sentence = say(left === SECONDS_30_MS ? "time.30" : "time.120", { name: config.persona });
    const extend = { label: say("time.extend"), run: () => this.extend() };
    tell("time", sentence, ...(config.can_extend ? [extend] : []));
  }
}
