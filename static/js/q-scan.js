/* <barcode-scan data-lib data-wasm>: camera, photo, gun and typing, all through one field and its form.
   Inside: <video>, [data-says] (status line), buttons [data-start] and [data-photo] (an input type=file); the field is [data-code].
   The reader (11 KB and 314 KB wasm) is fetched on the first tap. What is read while offline waits in memory. */
const FORMATS = ["EAN13", "EAN8", "UPCA", "Code128", "Code39", "ITF", "QRCode", "DataMatrix"];
const PAUSE = 1500; // the same code counts again after this many milliseconds

let library;
function load(address) {
  library ||= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address, onload: () => resolve(window.ZXingWASM), onerror: reject });
    document.head.append(script);
  });
  return library;
}

class Scanner extends HTMLElement {
  connectedCallback() {
    this.video = this.querySelector("video");
    this.says = this.querySelector("[data-says]");
    this.waiting = [];
    this.querySelector("[data-start]")?.addEventListener("click", () => (this.stream ? this.stop() : this.start()));
    this.querySelector("[data-photo]")?.addEventListener("change", (e) => this.photo(e.target));
    this.field.form.addEventListener("htmx:after:swap", () => this.field.focus());
    this.online = () => this.flush();
    addEventListener("online", this.online);
    this.field.focus();
  }
  disconnectedCallback() {
    removeEventListener("online", this.online);
    this.stop();
  }
  get field() { return document.querySelector(this.dataset.field || "[data-code]"); }
  say(name, code = "") { this.says.textContent = (this.says.dataset[name] || "").replace("{code}", code); }

  async reader() {
    const lib = await load(this.dataset.lib);
    await lib.prepareZXingModule({ overrides: { locateFile: () => this.dataset.wasm }, fireImmediately: true });
    return lib;
  }
  async start() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
    } catch {
      return this.say("none");
    }
    this.classList.add("q-on");
    this.video.srcObject = this.stream;
    await this.video.play();
    this.lib = await this.reader();
    this.say("on");
    this.look();
  }
  stop() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.classList.remove("q-on");
    this.say("off");
  }
  async look() {
    if (!this.stream) return;
    const found = await this.read(this.video, this.video.videoWidth, this.video.videoHeight);
    if (found) this.got(found);
    setTimeout(() => requestAnimationFrame(() => this.look()), 120);
  }
  async read(source, width, height) {
    if (!width) return "";
    const canvas = (this.canvas ||= document.createElement("canvas"));
    Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(source, 0, 0, width, height);
    const [first] = await this.lib.readBarcodes(pen.getImageData(0, 0, width, height), { formats: FORMATS, maxNumberOfSymbols: 1 });
    return first?.text || "";
  }
  async photo(input) {
    const [file] = input.files;
    if (!file) return;
    this.lib ||= await this.reader();
    const [first] = await this.lib.readBarcodes(file, { formats: FORMATS, maxNumberOfSymbols: 1, tryHarder: true });
    input.value = "";
    if (first) this.got(first.text);
    else this.say("unknown");
  }
  got(code) {
    const now = performance.now();
    if (code === this.last && now - this.at < PAUSE) return;
    [this.last, this.at] = [code, now];
    this.say("read", code);
    navigator.vibrate?.(60);
    this.waiting.push(code);
    this.flush();
  }
  /* One code at a time through the field's own form, as a gun would type it */
  flush() {
    const form = this.field.form;
    if (!navigator.onLine || !this.waiting.length || form.matches(".htmx-request")) return;
    const kept = this.field.value;
    this.field.value = this.waiting.shift();
    form.requestSubmit();
    this.field.value = kept;
    if (this.waiting.length) setTimeout(() => this.flush(), 700);
  }
}
customElements.define("barcode-scan", Scanner);
