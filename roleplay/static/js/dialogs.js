/* Browsers without invoker commands still open and close dialogs; a click on the backdrop closes any dialog marked light. */
const knowsCommands = "commandForElement" in HTMLButtonElement.prototype;

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
