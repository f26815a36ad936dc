/* <relative-time><time datetime="2026-11-20T14:05:00Z">20 Nov 2026, 14:05</time></relative-time> — without script the absolute time stays. */
const STEPS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const REFRESH_MS = 60000;

class RelativeTime extends HTMLElement {
  connectedCallback() {
    this.time = this.querySelector("time");
    if (!this.time) return;
    this.time.title ||= this.time.textContent.trim();
    this.show();
    this.timer = setInterval(() => this.show(), REFRESH_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  show() {
    const seconds = (new Date(this.time.dateTime) - Date.now()) / 1000;
    if (Number.isNaN(seconds)) return;
    const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
    const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", Infinity];
    this.time.textContent = size === Infinity ? format.format(0, "second") : format.format(Math.round(seconds / size), unit);
  }
}

customElements.define("relative-time", RelativeTime);
