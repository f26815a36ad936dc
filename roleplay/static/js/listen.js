/* A link marked data-listen plays its sound here; a second click, or another sample, stops it. */
let playing = null;

function stop() {
  playing?.audio.pause();
  playing?.link.removeAttribute("aria-current");
  playing = null;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-listen]");
  if (!link) return;
  event.preventDefault();
  const again = playing?.link === link;
  stop();
  if (again) return;
  const audio = new Audio(link.href);
  playing = { link, audio };
  link.setAttribute("aria-current", "true");
  audio.addEventListener("ended", () => playing?.audio === audio && stop());
  audio.play().catch(stop);
});
