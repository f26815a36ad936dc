/* Browsers without invoker commands still open and close dialogs; a click on the backdrop closes any dialog marked light. */
const knowsCommands = "commandForElement" in HTMLButtonElement.prototype;

/* A dialog marked data-opens does so when htmx has filled it, and is empty again once closed. */
document.addEventListener("htmx:after:swap", () => {
  for (const dialog of document.querySelectorAll("dialog[data-opens]:not([open], :empty)")) dialog.showModal();
});

document.addEventListener("close", (event) => {
  if (event.target.matches?.("dialog[data-opens]")) event.target.replaceChildren();
}, true);

document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement && event.target.hasAttribute("data-light")) event.target.close();
  const button = event.target.closest?.("button[commandfor]");
  if (!button || knowsCommands) return;
  const dialog = document.getElementById(button.getAttribute("commandfor"));
  if (!(dialog instanceof HTMLDialogElement)) return;
  const command = button.getAttribute("command");
  if (command === "show-modal") dialog.showModal();
  if (command === "close") dialog.close(button.value);
});
