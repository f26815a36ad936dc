// Things said above the call: alerts that stay until they are settled, and passing notices.

import { find } from "./page.js";

const PASSING_MS = 9000;

function button({ label, run }) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button button-small";
  element.textContent = label;
  element.addEventListener("click", run);
  return element;
}

function put(region, name, text, actions) {
  const notice = document.createElement("div");
  notice.className = "room-notice";
  notice.dataset.notice = name;
  const sentence = document.createElement("p");
  sentence.textContent = text;
  notice.append(sentence, ...actions.map(button));
  region.querySelector(`[data-notice="${name}"]`)?.remove();
  region.append(notice);
  return notice;
}

/** A problem, announced at once (role=alert); `settle(name)` takes it away. */
export const alert = (name, text, ...actions) => put(find("alerts"), name, text, actions);

/** News, announced politely (role=status); with an action it stays, without it passes. */
export function tell(name, text, ...actions) {
  const notice = put(find("news"), name, text, actions);
  if (actions.length === 0) setTimeout(() => notice.remove(), PASSING_MS);
}

export function settle(name) {
  for (const region of [find("alerts"), find("news")]) region.querySelector(`[data-notice="${name}"]`)?.remove();
}

export function settleAll() {
  for (const region of [find("alerts"), find("news")]) region.replaceChildren();
}
