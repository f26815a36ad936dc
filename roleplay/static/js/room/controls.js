// The buttons of the call, its two dialogs and the text box.

import { find, room, say } from "./page.js";
import { PushToTalk } from "./push-to-talk.js";

function wireMute(call) {
  const button = find("mute");
  button.addEventListener("click", () => {
    const muted = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(muted));
    find("mute-label").textContent = say(muted ? "unmute" : "mute");
    call.mute(muted);
  });
}

function wirePause(call) {
  const button = find("pause");
  button.addEventListener("click", () => call.pause(!call.paused));
  call.addEventListener("change", () => {
    find("pause-label").textContent = say(call.paused ? "continue" : "pause");
    button.toggleAttribute("data-paused", call.paused);
  });
}

function wireTalk(call) {
  const talk = new PushToTalk((down) => call.talk(down));
  find("talk-switch").addEventListener("change", ({ target }) => {
    talk.enable(target.checked);
    call.holdToTalk(target.checked);
  });
}

function wireComposer(call) {
  const box = find("text");
  find("type").addEventListener("click", () => {
    const open = room.toggleAttribute("data-typing");
    find("type").setAttribute("aria-expanded", String(open));
    if (open) box.focus();
  });
  find("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (text) call.say(text);
    box.value = "";
    box.focus();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    find("composer").requestSubmit();
  });
}

function wireEnd(call) {
  const dialog = find("end-dialog");
  find("stop").addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "end") call.end();
    dialog.returnValue = "";
  });
}

function wireLost(call) {
  const dialog = find("lost-dialog");
  call.addEventListener("lost", () => dialog.showModal());
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "leave") return call.leave();
    if (dialog.returnValue === "text") call.write();
    call.retry();
  });
}

export function wireControls(call) {
  for (const wire of [wireMute, wirePause, wireTalk, wireComposer, wireEnd, wireLost]) wire(call);
}
