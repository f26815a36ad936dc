// The live call: what the server says becomes sound, words and time; what the person does becomes messages.

import { Captions } from "./captions.js";
import { Clock } from "./clock.js";
import { recall } from "./device-memory.js";
import { ending, leaveGuard } from "./ending.js";
import { alert, settle, settleAll, tell } from "./notices.js";
import { config, find, knows, room, say, showPhase } from "./page.js";
import { CallSocket } from "./socket.js";
import { StateView } from "./state.js";
import { Voice } from "./voice.js";
import { keepAwake, letSleep } from "./wake-lock.js";

const TIME_NOTICES = new Set(["time_120", "time_30"]);
const END_ANSWER_MS = 8000;

export class Call extends EventTarget {
  captions = new Captions();
  #view = new StateView();
  #clock = new Clock();
  #socket = new CallSocket(config.ticket_url);
  #voice;
  #endWanted = false;
  live = false;

  constructor(sound) {
    super();
    this.#voice = new Voice(sound);
    this.#socket.addEventListener("message", ({ detail }) => this[`on_${detail.type}`]?.(detail));
    this.#socket.addEventListener("audio", ({ detail }) => this.#voice.push(detail));
    this.#socket.addEventListener("status", ({ detail }) => this.#connection(detail));
  }

  start(mode) {
    this.live = true;
    this.#voice.start({
      onFrame: (frame) => this.#sendFrame(frame),
      onHeard: (item, ms) => this.live && this.#socket.send("played", { item, ms }),
      onSounding: (playing) => this.#view.sounding(playing && this.live),
    });
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
    this.#voice.muted = on;
    this.#voice.settleGate();
    this.#socket.send("mute", { on });
  }

  /** Push-to-talk on or off. */
  holdToTalk(on) {
    this.#voice.talkIsHeld = on;
    this.#voice.settleGate();
    this.tune({ push_to_talk: on });
  }

  tune(fields) {
    this.#socket.send("tune", fields);
  }

  talk(down) {
    this.#voice.talking = down;
    this.#voice.settleGate();
    if (down) this.#interrupt();
    if (this.live) this.#socket.send("talk", { down });
  }

  say(text) {
    this.#interrupt();
    this.captions.await(text);
    this.#socket.send("text", { text });
  }

  pause(on) {
    this.#show(on ? "paused" : "listening");
    this.#socket.send(on ? "pause" : "resume");
  }

  /** An author allows it once. */
  extend() {
    config.can_extend = false;
    settle("time");
    this.#socket.send("extend");
  }

  /** The last words are still written down. Where the socket does not answer, the page ends the attempt itself. */
  end() {
    this.#show("ending");
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

  on_hello({ remaining_ms: remaining, elapsed_ms: elapsed, can_extend: canExtend }) {
    config.can_extend = canExtend;
    this.captions.forgetUnfinished();
    this.#clock.set({ elapsed, remaining });
    if (this.#voice.muted) this.#socket.send("mute", { on: true });
    if (this.#voice.talkIsHeld) this.tune({ push_to_talk: true });
    if (this.paused) this.#socket.send("pause");
  }

  on_state({ state }) {
    if (state !== "connecting") settle("engine_busy");
    this.#show(state);
  }

  on_caption(caption) {
    this.captions.show(caption);
  }

  on_audio({ item }) {
    this.#voice.begin(item);
  }

  on_flush({ item }) {
    this.#voice.flush(item);
  }

  on_timer({ elapsed_ms: elapsed, remaining_ms: remaining }) {
    this.#clock.set({ elapsed, remaining });
  }

  on_warn({ code, message }) {
    const known = `warn.${code}`;
    const sentence = knows(known) ? say(known, { name: config.persona }) : message;
    if (TIME_NOTICES.has(code)) return this.#noticeTime(sentence);
    if (code === "engine_busy") return void alert(code, sentence);
    if (code === "text_only") this.write();
    if (code === "pause_used_up" && this.paused) this.#show("listening");
    tell(code, sentence);
  }

  on_ended({ reason }) {
    this.live = false;
    this.#clock.stop();
    this.#voice.flush();
    settleAll();
    letSleep();
    leaveGuard(false);
    this.dispatchEvent(new Event("ended"));
    ending(reason);
  }

  #show(state) {
    if (this.#endWanted) return;
    this.#view.set(state);
    this.#voice.hold(state === "paused");
    this.#settleClock();
    this.dispatchEvent(new Event("change"));
  }

  #write() {
    room.dataset.mode = "text";
    room.toggleAttribute("data-captions", true);
    this.captions.announce(recall("captions-announce") ?? true);
    this.dispatchEvent(new Event("writing"));
  }

  #sendFrame(frame) {
    if (!this.live || this.paused || room.dataset.mode === "text") return;
    this.#socket.sendAudio(frame);
    room.dataset.framesSent = Number(room.dataset.framesSent ?? 0) + 1;
  }

  // Whoever presses to talk or sends a line has taken the turn; the server learns what was heard until then.
  #interrupt() {
    if (this.#view.speaking) this.#voice.flush();
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
  }

  #noticeTime(sentence) {
    const extend = { label: say("time.extend"), run: () => this.extend() };
    tell("time", sentence, ...(config.can_extend ? [extend] : []));
  }
}
