const READING_TIME_MS = 8000;

class ToastMessage extends HTMLElement {
  connectedCallback() {
    this.querySelector("button")?.addEventListener("click", () => this.leave());
    if (this.dataset.kind === "danger") return;
    this.wait();
    for (const type of ["pointerenter", "focusin"]) this.addEventListener(type, () => clearTimeout(this.timer));
    for (const type of ["pointerleave", "focusout"]) this.addEventListener(type, () => this.wait());
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.leave(), READING_TIME_MS);
  }

  leave() {
    this.dataset.leaving = "";
    setTimeout(() => this.remove(), 300);
  }
}

class ToastRegion extends HTMLElement {
  connectedCallback() {
    this.listener = (event) => this.cast(event.detail ?? {});
    document.addEventListener("toast", this.listener);
  }

  disconnectedCallback() {
    document.removeEventListener("toast", this.listener);
  }

  cast({ message, kind = "good" }) {
    const mould = this.querySelector("template");
    if (!mould || !message) return;
    const toast = mould.content.firstElementChild.cloneNode(true);
    toast.className = `toast toast-${kind}`;
    toast.dataset.kind = kind;
    toast.querySelector("p").textContent = message;
    this.append(toast);
  }
}

customElements.define("toast-message", ToastMessage);
customElements.define("toast-region", ToastRegion);
