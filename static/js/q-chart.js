/* <e-chart src data-lib>: ECharts when the chart scrolls into view (on phones: on tap, the server's drawing stands there first).
   The source answers an ECharts option; "$pri" stands for the token --pri; a data item's `url` is followed on click. */
let library;
function load(address) {
  library ||= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address, onload: () => resolve(window.echarts), onerror: reject });
    document.head.append(script);
  });
  return library;
}
function tokens(value, style) {
  if (typeof value === "string") return value.startsWith("$") ? style.getPropertyValue(`--${value.slice(1)}`).trim() : value;
  if (Array.isArray(value)) return value.map((one) => tokens(one, style));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, tokens(one, style)]));
  return value;
}

class Chart extends HTMLElement {
  connectedCallback() {
    const phone = matchMedia("(max-width: 767.98px)").matches && this.children.length;
    if (phone) return this.addEventListener("click", () => this.draw(), { once: true });
    this.seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.seen.disconnect();
      this.draw();
    }, { rootMargin: "80px" });
    this.seen.observe(this);
  }
  disconnectedCallback() {
    this.seen?.disconnect();
    this.sizes?.disconnect();
    this.chart?.dispose();
  }
  async draw() {
    try {
      const [echarts, answer] = await Promise.all([load(this.dataset.lib), fetch(this.getAttribute("src"), { headers: { Accept: "application/json" } })]);
      if (!answer.ok) throw new Error(answer.status);
      this.option = await answer.json();
      this.replaceChildren();
      this.chart = echarts.init(this, null, { renderer: "svg" });
      this.paint();
      this.chart.on("click", ({ data }) => { if (data?.url) location.assign(data.url); });
      this.sizes = new ResizeObserver(() => this.chart.resize());
      this.sizes.observe(this);
    } catch {
      this.classList.add("q-c-none"); // the table or drawing of the server stays
    }
  }
  paint() {
    const style = getComputedStyle(document.documentElement);
    const text = { fontFamily: getComputedStyle(document.body).fontFamily, color: style.getPropertyValue("--ink2") };
    this.chart?.setOption({ textStyle: text, aria: { enabled: true }, animationDuration: 200, ...tokens(this.option, style), tooltip: { renderMode: "richText", ...tokens(this.option.tooltip || {}, style) } }, true);
  }
}
customElements.define("e-chart", Chart);
document.addEventListener("q-theme", () => document.querySelectorAll("e-chart").forEach((chart) => chart.paint()));
