/* A form marked data-kept keeps itself: a moment after the last key, and when the person leaves the page by any way. */
const PAUSE_MS = 2500;

for (const form of document.querySelectorAll("form[data-kept]")) keep(form);

function keep(form) {
  const status = form.querySelector("[data-kept-status]");
  let changed = false;
  let timer = 0;

  function written() {
    const data = new FormData(form);
    data.set("do", "keep");
    return data;
  }

  async function send() {
    if (!changed || form.hasAttribute("data-sending")) return;
    changed = false;
    const response = await fetch(form.action, { method: "POST", body: written() }).catch(() => null);
    if (!response?.ok) {
      changed = true;
      return;
    }
    form.elements.revision.value = (await response.json()).revision;
    if (status) status.textContent = form.dataset.kept;
  }

  form.addEventListener("input", () => {
    changed = true;
    if (status) status.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE_MS);
  });

  addEventListener("pagehide", () => {
    if (changed && !form.hasAttribute("data-sending")) navigator.sendBeacon(form.action, written());
  });
}
