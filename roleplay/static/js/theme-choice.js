class ThemeChoice extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button[value]");
      if (button) choose(button.value);
    });
    this.show();
  }

  show() {
    const current = document.documentElement.dataset.theme ?? "system";
    for (const button of this.querySelectorAll("button[value]")) {
      button.setAttribute("aria-pressed", String(button.value === current));
    }
  }
}

function choose(theme) {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  remember(theme);
  for (const element of document.querySelectorAll("theme-choice")) element.show();
}

function remember(theme) {
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Storage is refused: the choice lasts for this page.
  }
}

customElements.define("theme-choice", ThemeChoice);
