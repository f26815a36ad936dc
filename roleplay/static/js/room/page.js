// What the template hands over: the room's element, its settings and every sentence a person reads.

const parse = (id) => JSON.parse(document.getElementById(id).textContent);

export const room = document.getElementById("room");
export const config = parse("room-config");
const strings = parse("room-strings");

export const find = (name) => document.querySelector(`[data-part="${name}"]`);

export const knows = (key) => key in strings;

/** The sentence under `key`, with {names} filled in. */
export const say = (key, values = {}) => strings[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

export const csrfToken = () => document.querySelector('meta[name="csrf-token"]').content;

/** Shows one phase ("check", "live" or "ended") and moves focus to its heading. */
export function showPhase(phase) {
  room.dataset.phase = phase;
  for (const section of room.querySelectorAll("[data-phase-section]")) {
    section.hidden = section.dataset.phaseSection !== phase;
  }
  find(`${phase}-heading`).focus();
}
