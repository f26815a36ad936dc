// The settings popover: captions and response speed are the member's, sizes and devices are this device's.

import { config, csrfToken, find, room } from "./page.js";
import { recall, remember } from "./device-memory.js";

function save(fields) {
  fetch(config.preferences_url, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken() },
    body: new URLSearchParams(fields),
    redirect: "manual",
  }).catch(() => {}); // The setting holds for this call all the same.
}

function captionsOn(on) {
  room.toggleAttribute("data-captions", on);
  find("captions-switch").checked = on;
  find("captions-button").setAttribute("aria-pressed", String(on));
}

function toggleCaptions(on) {
  captionsOn(on);
  save({ captions: on });
}

export function wirePreferences(call) {
  const { captions } = call;
  captionsOn(config.mode === "text" || config.captions);
  find("captions-switch").addEventListener("change", ({ target }) => toggleCaptions(target.checked));
  find("captions-button").addEventListener("click", () => toggleCaptions(!room.hasAttribute("data-captions")));

  const size = find("caption-size");
  size.value = recall("caption-size") ?? "medium";
  captions.size(size.value);
  size.addEventListener("change", () => {
    remember("caption-size", size.value);
    captions.size(size.value);
  });

  const announce = find("captions-announce");
  announce.checked = recall("captions-announce") ?? room.dataset.mode === "text";
  captions.announce(announce.checked);
  announce.addEventListener("change", () => {
    remember("captions-announce", announce.checked);
    captions.announce(announce.checked);
  });

  find("patience").addEventListener("change", ({ target }) => {
    save({ patience_ms: target.value });
    call.tune({ patience_ms: Number(target.value) });
  });
}
