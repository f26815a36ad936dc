/* Under a select with data-descriptions: the one line that says what the present choice does. */
document.addEventListener("input", ({ target }) => {
  const descriptions = target.dataset?.descriptions;
  if (!descriptions) return;
  const words = JSON.parse(descriptions)[target.value];
  if (words !== undefined) document.querySelector(`[data-describes="${CSS.escape(target.id)}"]`).textContent = words;
});
