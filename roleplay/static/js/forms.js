/* A submitted form says so on its button and is not sent twice; after a refusal the focus goes to what needs attention. */
// A form that answers with a download never leaves the page.
const LONGEST_WAIT_MS = 10000;

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  if (event.target.hasAttribute("data-sending")) {
    event.preventDefault();
    return;
  }
  event.target.setAttribute("data-sending", "");
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => release(event.target), LONGEST_WAIT_MS);
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) release(form);
});

function release(form) {
  form.removeAttribute("data-sending");
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

function focusFirstError() {
  document.querySelector("[data-error-summary], [aria-invalid='true']")?.focus();
}

document.addEventListener("htmx:after:swap", focusFirstError);
document.addEventListener("DOMContentLoaded", focusFirstError);
if (document.readyState !== "loading") focusFirstError();
