/* <copy-button value="…" done="Copied"><button>…<span>Copy</span></button></copy-button> */
class CopyButton extends HTMLElement {
  connectedCallback() {
    this.querySelector("button")?.addEventListener("click", () => this.copy());
  }

  async copy() {
    await navigator.clipboard.writeText(this.getAttribute("value"));
    const message = this.getAttribute("done");
    document.dispatchEvent(new CustomEvent("toast", { detail: { message, kind: "good" } }));
  }
}

customElements.define("copy-button", CopyButton);
