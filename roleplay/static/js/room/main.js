// The room: sound check first, then the call, then the way to the debrief.

import { Call } from "./call.js";
import { wireControls } from "./controls.js";
import { Devices } from "./devices.js";
import { Microphone } from "./microphone.js";
import { config, find, room } from "./page.js";
import { wirePreferences } from "./preferences.js";
import { Sound, soundIsPossible } from "./sound.js";
import { SoundCheck } from "./sound-check.js";

const sound = new Sound();
const microphone = new Microphone();
const call = new Call(sound);
const devices = new Devices(call, sound, microphone);

function start(mode) {
  call.start(mode);
  devices.refresh();
}

wirePreferences(call);
wireControls(call);
for (const event of ["writing", "ended"]) call.addEventListener(event, () => microphone.close());
find("continue").addEventListener("click", () => location.reload());
find("by-text").addEventListener("click", () => start("text"));

if (config.mode === "text") start("text");
else new SoundCheck(sound, microphone, { possible: soundIsPossible(), onStart: () => start("voice") });

room.dataset.ready = "";
