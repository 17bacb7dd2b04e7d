/* Schedule board: bars stand where their minutes are, are dragged to free gaps, or moved with the arrow keys. */
const wide = matchMedia("(min-width: 768px)");
const grids = { hour: 15, day: 60, week: 240, month: 480 };
const LEAST = 40, ROW = 46, ROOMY = 92; // pixels: the narrowest bar, a row of bars in a lane, a bar that holds its whole number
const SNAP = 14; // pixels to the edge of a free gap

class Board extends HTMLElement {
  connectedCallback() {
    this.length = Number(this.dataset.minutes);
    this.step = grids[[...this.classList].find((name) => name.startsWith("q-z-"))?.slice(4)] || 60;
    this.lay();
    this.relay = () => this.lay();
    wide.addEventListener("change", this.relay);
    this.addEventListener("pointerdown", (e) => this.grab(e));
    this.addEventListener("keydown", (e) => this.key(e));
    this.addEventListener("click", (e) => { if (this.dropped) { e.preventDefault(); this.dropped = false; } });
    this.addEventListener("dragstart", (e) => e.preventDefault());
  }
  disconnectedCallback() { wide.removeEventListener("change", this.relay); }
  share(minutes) { return `${(minutes / this.length) * 100}%`; }
  lay() {
    const laid = wide.matches;
    this.classList.toggle("q-laid", laid);
    for (const extra of this.querySelectorAll(".q-shut, .q-nowline")) extra.remove();
    for (const track of this.querySelectorAll(".q-track[data-closed]")) {
      for (const bar of track.querySelectorAll(".q-job")) this.put(bar, Number(bar.dataset.s), Number(bar.dataset.e), laid);
      this.pack(track, laid);
      if (laid) this.shade(track);
    }
  }
  put(bar, start, end, laid = true) {
    const from = Math.max(0, start), to = Math.min(this.length, end);
    bar.style.left = laid ? this.share(from) : "";
    bar.style.width = laid ? this.share(Math.max(0, to - from)) : "";
  }
  /* Bars too short to be hit are as wide as a finger needs; those that would cover each other stand in rows */
  pack(track, laid) {
    const pixels = track.clientWidth / this.length, ends = [];
    const bars = [...track.querySelectorAll(".q-job:not(.q-ghost)")].sort((a, b) => a.dataset.s - b.dataset.s);
    for (const bar of bars) {
      const from = Math.max(0, bar.dataset.s) * pixels;
      let row = ends.findIndex((end) => end <= from + 0.01);
      if (row < 0) row = ends.length;
      const width = Math.max(LEAST, (bar.dataset.e - Math.max(0, bar.dataset.s)) * pixels);
      ends[row] = from + width;
      bar.classList.toggle("q-tight", laid && width < ROOMY); // then the ends of number and name are what tells bars apart
      bar.style.top = laid ? `${9 + row * ROW}px` : "";
    }
    track.style.height = laid && ends.length > 1 ? `${60 + (ends.length - 1) * ROW}px` : "";
  }
  shade(track) {
    for (const span of track.dataset.closed.trim().split(/\s+/)) {
      if (!span) continue;
      const [start, end] = span.split("-").map(Number);
      this.mark(track, "q-shut", start, end);
    }
    if (this.dataset.now) this.mark(track, "q-nowline", Number(this.dataset.now), Number(this.dataset.now));
  }
  mark(track, css, start, end) {
    const box = document.createElement("div");
    box.className = css;
    box.style.left = this.share(start);
    if (end > start) box.style.width = this.share(end - start);
    track.prepend(box);
  }

  /* What stands on a lane beside the bar that moves, in time */
  others(lane, bar) {
    return [...lane.querySelectorAll(".q-job:not(.q-ghost)")].filter((one) => one !== bar)
      .map((one) => ({ bar: one, s: Number(one.dataset.s), e: Number(one.dataset.e) })).sort((a, b) => a.s - b.s);
  }
  /* The start nearest to the wish at which nothing stands in the way, when it is near enough */
  snapped(lane, bar, wish, length) {
    const near = (SNAP * this.length) / lane.querySelector(".q-track").clientWidth;
    const others = this.others(lane, bar);
    const free = (start) => start >= 0 && !others.some((one) => one.s < start + length && start < one.e);
    const edges = others.flatMap((one) => [one.e, one.s - length]).filter(free);
    const best = edges.sort((a, b) => Math.abs(a - wish) - Math.abs(b - wish))[0];
    if (best !== undefined && Math.abs(best - wish) <= near) return best;
    const round = Math.round(wish / this.step) * this.step;
    return free(round) || best === undefined || Math.abs(best - wish) > 4 * near ? Math.max(0, round) : best;
  }
  clashes(lane, bar, start, length) {
    return this.others(lane, bar).filter((one) => one.s < start + length && start < one.e).map((one) => one.bar);
  }
  lanesFor(bar) {
    const ways = bar.dataset.ways.split(" ");
    return [...this.querySelectorAll(".q-brow[data-centre]")].filter((lane) => ways.includes(lane.dataset.centre));
  }

  begin(bar) {
    const ghost = bar.cloneNode(true);
    ghost.classList.add("q-ghost");
    ghost.removeAttribute("href");
    ghost.setAttribute("aria-hidden", "true");
    const s = Number(bar.dataset.s);
    this.move = { bar, ghost, lane: bar.closest(".q-brow"), start: s, length: Number(bar.dataset.e) - s };
    bar.classList.add("q-drag");
    this.show();
  }
  show() {
    const { bar, ghost, lane, start, length } = this.move;
    for (const one of this.querySelectorAll(".q-clash")) one.classList.remove("q-clash");
    this.put(ghost, start, start + length);
    lane.querySelector(".q-track").append(ghost);
    const hit = this.clashes(lane, bar, start, length);
    for (const one of [...hit, ...(hit.length ? [ghost] : [])]) one.classList.add("q-clash");
    return hit;
  }
  end(commit) {
    const { bar, ghost, lane, start } = this.move;
    ghost.remove();
    bar.classList.remove("q-drag");
    for (const one of this.querySelectorAll(".q-clash")) one.classList.remove("q-clash");
    const changed = lane !== bar.closest(".q-brow") || start !== Number(bar.dataset.s);
    this.move = null;
    if (!commit || !changed) return;
    const values = { start_at: this.moment(start), work_centre: lane.dataset.code, unit: lane.dataset.unit };
    const query = location.search.replace(/^\?/, "");
    window.htmx.ajax("POST", bar.dataset.move + (query ? `?${query}` : ""), { values, target: "#board", swap: "outerHTML" });
  }
  moment(minutes) {
    const at = new Date(`${this.dataset.first}T00:00:00Z`);
    at.setUTCMinutes(at.getUTCMinutes() + minutes);
    return `${at.toISOString().slice(0, 16)}:00+08:00`;
  }

  grab(e) {
    const bar = e.target.closest(".q-job[data-move]");
    if (!bar || e.button || e.pointerType === "touch" || !wide.matches) return;
    const from = { x: e.clientX, y: e.clientY }, first = Number(bar.dataset.s), lanes = this.lanesFor(bar);
    const go = (ev) => {
      if (!this.move && Math.hypot(ev.clientX - from.x, ev.clientY - from.y) < 5) return;
      if (!this.move) this.begin(bar);
      const over = lanes.find((lane) => { const box = lane.getBoundingClientRect(); return ev.clientY >= box.top && ev.clientY < box.bottom; });
      if (over) this.move.lane = over;
      const width = this.move.lane.querySelector(".q-track").clientWidth;
      const wish = first + ((ev.clientX - from.x) / width) * this.length;
      this.move.start = this.snapped(this.move.lane, bar, wish, this.move.length);
      this.show();
    };
    const stop = (commit) => () => {
      removeEventListener("pointermove", go);
      removeEventListener("pointerup", drop);
      removeEventListener("pointercancel", leave);
      removeEventListener("keydown", escape, true);
      if (!this.move) return;
      this.dropped = true;
      setTimeout(() => { this.dropped = false; }, 300);
      this.end(commit);
    };
    const drop = stop(true), leave = stop(false);
    const escape = (ev) => { if (ev.key === "Escape") leave(); };
    addEventListener("pointermove", go);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", leave);
    addEventListener("keydown", escape, true);
  }

  key(e) {
    if (e.isComposing || e.keyCode === 229) return;
    const bar = e.target.closest(".q-job[data-move]");
    if (!bar || !wide.matches) return;
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (arrows[e.key]) {
      e.preventDefault();
      if (!this.move || this.move.bar !== bar) this.begin(bar);
      const [by, lanes] = arrows[e.key], all = this.lanesFor(bar);
      this.move.start = Math.max(0, this.move.start + by * this.step);
      this.move.lane = all[Math.min(all.length - 1, Math.max(0, all.indexOf(this.move.lane) + lanes))];
      this.tell(this.show());
    } else if (this.move && (e.key === "Enter" || e.key === "Escape")) {
      e.preventDefault();
      this.end(e.key === "Enter");
    }
  }
  tell(hit) {
    const { lane, start } = this.move;
    const when = this.moment(start).slice(5, 16).replace("T", " ");
    const words = this.dataset.moving.replace("{place}", lane.dataset.name).replace("{start}", when);
    const blocked = hit.length ? this.dataset.blocked.replace("{other}", hit.map((one) => one.dataset.no).join("、")) : "";
    this.querySelector("[data-says]").textContent = `${words}${blocked}`;
  }
}
customElements.define("q-board", Board);
