/* A form marked data-kept keeps itself: a moment after the last key, and when the person leaves the page by any way.
   What has not arrived yet also lies in this browser. It goes when it arrived, when its writer signs out, or when they
   drop it; otherwise it is sent again as soon as the page is open, and the server says what has become of it. */
const PAUSE_MS = 2500;
const RETRY_MS = 10000;
const PREFIX = "kept:";

const keepers = [];

for (const form of document.querySelectorAll("form[data-kept]")) keep(form);

/* Whoever signs out leaves nothing behind: what is not sent yet goes first. */
document.addEventListener("submit", async (event) => {
  if (!event.target.hasAttribute("data-signs-out")) return;
  event.preventDefault();
  await Promise.all(keepers.map((send) => send()));
  forgetAll();
  event.target.submit();
});

function keep(form) {
  const key = PREFIX + form.dataset.kept;
  const status = form.querySelector("[data-kept-status]");
  const refused = form.hasAttribute("data-kept-refused");
  let changed = refused;
  let timer = 0;

  if (!refused && bringBack(form, key)) return;

  function changes() {
    changed = true;
    lay(key, form);
    say("");
    later(PAUSE_MS);
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  function say(name) {
    if (status) status.textContent = status.dataset[name] ?? "";
  }

  async function send() {
    if (!changed || form.hasAttribute("data-sending")) return;
    changed = false;
    const [outcome, revision] = await deliver(form);
    say(outcome);
    if (outcome === "arrived") {
      form.elements.revision.value = revision;
      if (changed) lay(key, form);
      else forget(key);
      return;
    }
    changed = true;
    if (outcome === "away") later(RETRY_MS);
  }

  keepers.push(send);
  form.addEventListener("input", changes);
  form.addEventListener("change", changes);
  addEventListener("online", () => later(0));
  addEventListener("pagehide", () => {
    if (changed && !form.hasAttribute("data-sending")) navigator.sendBeacon(form.action, written(form));
  });
  form.querySelector("[data-kept-drop]")?.addEventListener("click", () => {
    changed = false;
    forget(key);
  });
}

function written(form) {
  const data = new FormData(form);
  data.set("do", "keep");
  return data;
}

/* What became of it, and the revision that it made. */
async function deliver(form) {
  const answer = await fetch(form.action, { method: "POST", body: written(form) }).catch(() => null);
  if (answer?.redirected || answer?.status === 400) return ["signedOut"];
  if (answer?.status === 409) return ["meanwhile"];
  if (answer?.ok) return ["arrived", (await answer.json()).revision];
  return [answer?.status < 500 ? "refused" : "away"];
}

/* Sends what was left in this browser, unless a newer save of the same writer has arrived since. */
function bringBack(form, key) {
  const left = laid(key);
  if (!left) return false;
  if (Number(form.dataset.keptSaved) > left.revision) {
    forget(key);
    return false;
  }
  const again = document.createElement("form");
  again.method = "post";
  again.action = form.action;
  again.hidden = true;
  const own = { csrf_token: form.elements.csrf_token.value, revision: left.revision, do: "restore" };
  for (const [name, value] of [...left.entries, ...Object.entries(own)]) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    again.append(field);
  }
  document.body.append(again);
  again.submit();
  return true;
}

function lay(key, form) {
  const own = new Set(["csrf_token", "revision", "do"]);
  const entries = [...new FormData(form)].filter(([name]) => !own.has(name));
  remember(() => localStorage.setItem(key, JSON.stringify({ revision: Number(form.elements.revision.value), entries })));
}

function laid(key) {
  return remember(() => JSON.parse(localStorage.getItem(key)));
}

function forget(key) {
  remember(() => localStorage.removeItem(key));
}

function forgetAll() {
  remember(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach(forget));
}

/* Storage may be refused or full: then the form keeps itself by sending alone. */
function remember(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
