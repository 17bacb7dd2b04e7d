/* <q-grid>: rows of inputs for vouchers and stock documents, by keyboard. Amounts are counted in fen, as whole numbers.
   Markup: [data-q-lines] > [data-q-line] > cells with [data-col]; <template data-q-new>; [data-q-total=col], [data-q-diff], [data-q-words]. */
const composing = (e) => e.isComposing || e.keyCode === 229;
const fold = (text) => text.normalize("NFKC").replace(/。/g, ".").replace(/[，、]/g, ",");
const DIGITS = "零壹贰叁肆伍陆柒捌玖";

/** "1,234.5" -> 123450n; what is no amount counts nothing. */
function fen(text) {
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(fold(text || "").replace(/[,\s]/g, ""));
  if (!match) return 0n;
  const [, sign, whole, part = ""] = match;
  const cents = BigInt((whole || "0") + (part + "00").slice(0, 2)) + (part[2] >= "5" ? 1n : 0n);
  return sign ? -cents : cents;
}
function plain(cents) {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
  return `${cents < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
const pretty = (cents) => plain(cents).replace(/\B(?=(\d{3})+\.)/g, ",");

/** 人民币大写 of an amount in fen, as cheques have it. */
function capitals(cents) {
  if (cents === 0n) return "";
  const [whole, part] = plain(cents < 0n ? -cents : cents).split(".");
  let text = "";
  let gap = false;
  [...whole].forEach((digit, i) => {
    const place = whole.length - 1 - i;
    if (digit === "0") gap = true;
    else {
      text += (gap && text ? "零" : "") + DIGITS[digit] + ["", "拾", "佰", "仟"][place % 4];
      gap = false;
    }
    if (place % 4 === 0 && place && /[1-9]/.test(whole.slice(Math.max(0, i - 3), i + 1))) {
      text += ["", "万", "亿", "万亿"][place / 4];
    }
  });
  text = text ? `${text}元` : "";
  const [jiao, fenDigit] = part;
  if (part === "00") text += "整";
  else {
    if (jiao !== "0") text += `${DIGITS[jiao]}角`;
    else if (text) text += "零";
    text += fenDigit === "0" ? "整" : `${DIGITS[fenDigit]}分`;
  }
  return (cents < 0n ? "负" : "") + text;
}

class Grid extends HTMLElement {
  connectedCallback() {
    this.lines = this.querySelector("[data-q-lines]");
    this.template = this.querySelector("template[data-q-new]");
    this.classList.add("q-live");
    this.addEventListener("keydown", (e) => this.key(e));
    this.addEventListener("input", (e) => this.typed(e));
    this.addEventListener("compositionend", (e) => this.typed(e));
    this.addEventListener("click", (e) => this.clicked(e));
    this.addEventListener("focusout", (e) => e.target.type === "date" && this.quiet());
    this.addEventListener("focusin", (e) => e.target.matches("[data-amount]") && e.target.select());
    if (matchMedia("(max-width: 767.98px)").matches) this.trim(2);
    this.querySelectorAll("[data-amount]").forEach((cell) => this.draw(cell));
    this.count();
  }

  rows() { return [...this.lines.querySelectorAll("[data-q-line]")]; }
  row(el) { return el.closest("[data-q-line]"); }
  cells(row) { return [...row.querySelectorAll("[data-col]")].filter((el) => !el.disabled && el.offsetParent); }
  cell(row, col) { return row?.querySelector(`[data-col="${col}"]`); }
  other(cell) { return this.cell(this.row(cell), { debit: "credit", credit: "debit" }[cell.dataset.col]); }
  get twoSided() { return Boolean(this.cell(this.lines, "credit")); }

  /* Rows */
  add(after, like) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    after ? after.after(row) : this.lines.append(row);
    if (like) {
      const column = (el) => el.name.replace(/^[^-]*-(\d+|__prefix__)-/, "");
      const from = new Map([...like.querySelectorAll("input, select")].map((el) => [column(el), el.value]));
      row.querySelectorAll("input, select").forEach((el) => { if (column(el) !== "id") el.value = from.get(column(el)) ?? ""; });
      this.dispatchEvent(new CustomEvent("q-copied", { bubbles: true, detail: { row, like } }));
      row.querySelectorAll("[data-amount]").forEach((cell) => this.draw(cell));
    }
    this.number();
    this.count();
    return row;
  }
  remove(row) {
    const list = this.rows();
    const next = list[list.indexOf(row) + 1] || list[list.indexOf(row) - 1] || this.add();
    row.remove();
    this.number();
    this.count();
    this.cells(next)[0]?.focus();
  }
  trim(least) {
    for (const row of this.rows().slice(least).reverse()) {
      if ([...row.querySelectorAll("input:not([type=hidden])")].some((el) => el.value)) break;
      row.remove();
    }
    this.number();
  }
  number() {
    this.rows().forEach((row, i) => {
      for (const el of row.querySelectorAll("*")) {
        for (const name of ["name", "id", "for", "aria-controls", "aria-describedby"]) {
          if (el.hasAttribute(name)) el.setAttribute(name, el.getAttribute(name).replace(/-(\d+|__prefix__)(?=-|$)/, `-${i}`));
        }
        const label = el.getAttribute("aria-label");
        if (label) el.setAttribute("aria-label", label.replace(/(\d+|__n__)(?=\D*$)/, i + 1));
      }
    });
    const total = this.closest("form")?.querySelector("[name$=-TOTAL_FORMS]");
    if (total) total.value = this.rows().length;
  }

  /* Figures */
  draw(cell) {
    const cents = fen(cell.value);
    const show = cell.parentElement.querySelector(".q-ruler");
    cell.parentElement.classList.toggle("q-neg", cents < 0n);
    if (!show) return;
    const ruled = this.matches("[ruler]") && matchMedia("(min-width: 768px)").matches;
    const digits = String(cents < 0n ? -cents : cents);
    show.textContent = cents === 0n ? "" : ruled && digits.length <= 11 ? digits.padStart(3, "0") : pretty(cents);
    show.classList.toggle("q-long", ruled && digits.length > 11);
  }
  sum(col) {
    let total = 0n;
    for (const cell of this.lines.querySelectorAll(`[data-col="${col}"]`)) if (cell.value) total += fen(cell.value);
    return total;
  }
  count() {
    const sums = {};
    const sum = (col) => (sums[col] ??= this.sum(col));
    for (const place of this.querySelectorAll("[data-q-total]")) this.total(place, sum(place.dataset.qTotal));
    if (this.twoSided) this.balanceLine(sum("debit"), sum("credit"));
    this.quiet();
    this.dispatchEvent(new CustomEvent("q-counted", { bubbles: true }));
  }
  /* An empty date is an empty cell, not the browser's pattern of one; half a date stays in sight */
  quiet() {
    for (const cell of this.querySelectorAll('input[type="date"]')) {
      cell.classList.toggle("q-blank", !cell.value && !cell.validity.badInput);
    }
  }
  total(place, cents) {
    const ruled = place.matches(".q-ruler") && this.matches("[ruler]") && matchMedia("(min-width: 768px)").matches;
    place.textContent = cents === 0n ? "" : ruled ? String(cents < 0n ? -cents : cents).padStart(3, "0") : pretty(cents);
    place.classList.toggle("q-neg", cents < 0n);
  }
  balanceLine(debit, credit) {
    const off = debit > credit ? debit - credit : credit - debit;
    const larger = debit > credit ? debit : credit;
    for (const place of (this.closest("form") || this).querySelectorAll("[data-q-diff]")) {
      const text = off ? place.dataset.off.replace("{n}", pretty(off)) : debit ? place.dataset.even : "";
      if (place.textContent !== text) place.textContent = text;
      place.classList.toggle("q-c-bad", off !== 0n);
      place.classList.toggle("q-c-ok", off === 0n);
    }
    const words = this.querySelector("[data-q-words]");
    if (words) words.textContent = larger ? (words.dataset.qWords === "zh" ? capitals(larger) : `¥${pretty(larger)}`) : "";
  }
  put(cell, cents) {
    cell.value = cents ? plain(cents) : "";
    this.draw(cell);
    this.count();
  }
  balance(cell) {
    const other = this.other(cell);
    if (!other) return;
    cell.value = other.value = "";
    const side = cell.dataset.col;
    const need = this.sum(other.dataset.col) - this.sum(side);
    this.draw(cell);
    this.draw(other);
    this.put(need < 0n ? other : cell, need < 0n ? -need : need);
    cell.select();
  }
  swap(cell) {
    const other = this.other(cell);
    if (!other) return;
    [cell.value, other.value] = [other.value, cell.value];
    this.draw(cell);
    this.draw(other);
    this.count();
    other.focus();
  }

  /* Typing: figures are folded, signs of a Chinese keyboard work like the plain ones */
  typed(e) {
    if (e.isComposing || !e.target.matches("[data-col]")) return;
    const cell = e.target;
    cell.closest(".q-g-bad")?.classList.remove("q-g-bad");
    cell.removeAttribute("aria-invalid");
    if (cell.type === "date") this.quiet();
    if (!cell.matches("[data-amount], [data-number]")) return;
    const text = fold(cell.value);
    if (text.includes("=")) return this.balance(cell);
    const kept = text.replace(/[^\d.,-]/g, "");
    if (kept !== cell.value) cell.value = kept;
    const other = cell.matches("[data-amount]") && this.other(cell);
    if (other?.value && kept) {
      other.value = "";
      this.draw(other);
    }
    this.draw(cell);
    this.count();
  }
  clicked(e) {
    const button = e.target.closest("[data-q-del], [data-q-add]");
    if (button?.matches("[data-q-del]")) this.remove(this.row(button));
    else if (button) this.cells(this.add())[0].focus();
  }

  /* Keys */
  key(e) {
    if (composing(e) || e.defaultPrevented) return;
    const done = this.command(e) || (e.target.matches("[data-col]") && (this.figure(e) || this.move(e)));
    if (done) e.preventDefault();
  }
  command(e) {
    const row = this.row(e.target);
    if (e.altKey && row && (e.key === "ArrowUp" || e.key === "ArrowDown")) return this.shift(row, e.key, e.target);
    if (e.key === "F9") return this.press("[data-q-template]");
    if (!(e.ctrlKey || e.metaKey)) return false;
    if (e.key === "Enter") return this.press("[data-q-save-new]");
    if (e.key.toLowerCase() === "s") return this.press("[data-q-save]");
    if (e.key.toLowerCase() === "d" && row) return this.cells(this.add(row, row))[0].focus() ?? true;
    return false;
  }
  press(selector) {
    document.querySelector(selector)?.click();
    return true;
  }
  shift(row, key, cell) {
    const mate = key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
    if (mate?.matches("[data-q-line]")) {
      key === "ArrowUp" ? mate.before(row) : mate.after(row);
      this.number();
      cell.focus();
    }
    return true;
  }
  figure(e) {
    const cell = e.target;
    if (!cell.matches("[data-amount]") || e.ctrlKey || e.altKey || e.metaKey) return false;
    const key = fold(e.key);
    if (key === "=") this.balance(cell);
    else if (e.key === " " || e.key === "\u3000") this.swap(cell);
    else if (key === "-" && fen(cell.value)) this.put(cell, -fen(cell.value));
    else return false;
    return true;
  }
  move(e) {
    const cell = e.target;
    if (e.key === "Enter") {
      this.repeat(cell);
      return e.shiftKey ? this.back(cell) : this.next(cell);
    }
    if (e.key === "ArrowDown") return this.down(cell, 1);
    return e.key === "ArrowUp" && this.down(cell, -1);
  }
  repeat(cell) {
    const text = fold(cell.value).trim();
    if (cell.dataset.col !== "summary" || (text !== ".." && text !== "//")) return;
    const list = this.rows();
    const from = text === "//" ? list[0] : list[list.indexOf(this.row(cell)) - 1];
    cell.value = (from && from !== this.row(cell) && this.cell(from, "summary").value) || "";
  }
  next(cell) {
    const row = this.row(cell);
    const list = this.cells(row);
    const jump = cell.dataset.col === "debit" && fen(cell.value) !== 0n;
    const target = jump ? null : list[list.indexOf(cell) + 1];
    (target || this.cells(row.nextElementSibling?.matches("[data-q-line]") ? row.nextElementSibling : this.add(row))[0]).focus();
    return true;
  }
  back(cell) {
    const flat = this.rows().flatMap((row) => this.cells(row));
    flat[flat.indexOf(cell) - 1]?.focus();
    return true;
  }
  down(cell, by) {
    if (cell.matches("select")) return false;
    const list = this.rows();
    const at = list.indexOf(this.row(cell)) + by;
    const row = list[at] || (by > 0 ? this.add() : null);
    (row && this.cell(row, cell.dataset.col))?.focus();
    return true;
  }
}
customElements.define("q-grid", Grid);

/* Save keys work from the head fields, too */
document.addEventListener("keydown", (e) => {
  if (composing(e) || e.defaultPrevented || e.target.closest?.("q-grid, dialog")) return;
  const grid = document.querySelector("q-grid");
  if (grid?.command(e)) e.preventDefault();
});
