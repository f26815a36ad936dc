/* Under a select with data-descriptions: the one line that says what the present choice does. */
document.addEventListener("input", ({ target }) => {
  const descriptions = target.dataset?.descriptions;
  if (!descriptions) return;
  const line = document.querySelector(`[data-describes="${CSS.escape(target.id)}"]`);
  line.textContent = JSON.parse(descriptions)[target.value] ?? "";
});
