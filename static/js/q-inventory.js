/* Pages of inventory: amounts of a grid counted while typing, lines pasted from Excel, a key for every scan. */
const fold = (text) => (text || "").normalize("NFKC").replace(/[,\s%]/g, "");

/** "12.5" -> [125n, 1]: an exact number as digits and decimals; what is no number is null. */
function exact(text) {
  const match = /^(\d*)(?:\.(\d*))?$/.exec(fold(text));
  if (!match || (!match[1] && !match[2])) return null;
  const part = match[2] || "";
  return [BigInt((match[1] || "0") + part), part.length];
}
/** quantity x price in fen, half up, without floating point. */
function product(quantity, price) {
  const [a, b] = [exact(quantity), exact(price)];
  if (!a || !b) return null;
  const scale = 10n ** BigInt(a[1] + b[1]);
  return (a[0] * b[0] * 200n + scale) / (scale * 2n);
}
const pretty = (fen) => {
  const digits = String(fen).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`.replace(/\B(?=(\d{3})+\.)/g, ",");
};

function recount(grid) {
  let total = 0n;
  for (const row of grid.querySelectorAll("[data-q-line]")) {
    const place = row.querySelector("[data-inv-amount]");
    if (!place) return;
    const fen = product(row.querySelector("[data-col=quantity]")?.value, row.querySelector("[data-col=unit_price], [data-col=unit_cost]")?.value);
    place.textContent = fen === null ? "" : pretty(fen);
    total += fen ?? 0n;
  }
  const sum = grid.querySelector("[data-inv-total]");
  if (sum) sum.textContent = `¥${pretty(total)}`;
}
document.addEventListener("q-counted", (e) => recount(e.target));
document.querySelectorAll("q-grid").forEach(recount);
document.addEventListener("htmx:after:swap", () => document.querySelectorAll("q-grid").forEach(recount));

/* The unit box shows what the stock unit is, so that it can stay empty */
document.addEventListener("q-pick", (e) => {
  const unit = e.target.closest("[data-q-line]")?.querySelector("[data-col=unit]");
  if (unit && e.target.querySelector("[data-col=item]")) unit.placeholder = e.detail.hint || "";
});

/* Lines from Excel: tabs between cells, one line a row; they fill from the cell they are pasted into */
document.addEventListener("paste", (e) => {
  const cell = e.target.closest?.("q-grid [data-col]");
  const text = e.clipboardData?.getData("text/plain") || "";
  if (!cell || !/[\t\n]/.test(text.trim())) return;
  e.preventDefault();
  const grid = cell.closest("q-grid");
  const first = grid.cells(grid.row(cell)).indexOf(cell);
  let row = grid.row(cell);
  const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n");
  lines.forEach((line, at) => {
    if (at) row = row.nextElementSibling?.matches("[data-q-line]") ? row.nextElementSibling : grid.add();
    const cells = grid.cells(row);
    line.split("\t").forEach((value, i) => put(cells[first + i], value.trim()));
  });
  grid.count();
});
function put(cell, value) {
  if (!cell) return;
  const day = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(value);
  cell.value = cell.type === "date" && day ? `${day[1]}-${day[2].padStart(2, "0")}-${day[3].padStart(2, "0")}` : value;
  const hidden = cell.closest("[data-q-lookup]")?.querySelector("input[type=hidden]");
  if (hidden) hidden.value = ""; // the server takes the typed code
}

/* Scanning: every code is taken off the field at once and sent in its turn with a key of its own, so that a code sent twice
   by a bad network counts once; what cannot be sent waits for the network. */
const scan = document.querySelector("[data-scan-form]");
const waiting = [];
let sending = false;

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
function take(e) {
  e.preventDefault();
  const field = scan.querySelector("[data-code]");
  const code = field.value.trim();
  field.value = "";
  if (!code) return;
  waiting.push({ code, key: freshKey() });
  send();
}
async function send() {
  if (sending || !waiting.length) return;
  sending = true;
  const { code, key } = waiting[0];
  const body = new FormData(scan);
  body.set("code", code);
  body.set("key", key);
  try {
    const headers = { "X-CSRFToken": document.body.dataset.csrf, "HX-Request": "true" };
    const answer = await fetch(scan.action, { method: "POST", body, headers });
    waiting.shift();
    if (answer.ok) arrived(await answer.text(), answer.headers.get("HX-Trigger"), body);
    else if (answer.status >= 500) waiting.unshift({ code, key });
  } catch {
    setTimeout(send, 3000); // no network: the same key goes again
  }
  sending = false;
  if (waiting.length && navigator.onLine) setTimeout(send, 50);
}
function arrived(html, trigger, sent) {
  const hits = document.getElementById("hits");
  hits.insertAdjacentHTML("afterbegin", html);
  window.htmx?.process(hits.firstElementChild);
  const { "q-scan-context": context = {} } = trigger ? JSON.parse(trigger) : {};
  for (const [name, value] of Object.entries(context)) {
    const field = scan.querySelector(`[name=${name}]`);
    if (field && value !== sent.get(name)) field.value = value; // what the answer left alone may be typed anew meanwhile
  }
  navigator.vibrate?.(hits.firstElementChild.matches(".inv-bad") ? [80, 60, 80] : 40);
  scan.querySelector("[data-code]").focus();
}
if (scan) {
  scan.addEventListener("submit", take);
  /* Another task begins anew: the places of the one before are not its own */
  scan.addEventListener("change", (e) => {
    if (e.target.name !== "task") return;
    for (const name of ["location", "to_warehouse", "to_location"]) scan.elements[name].value = "";
  });
  /* A gun types where the eye is not: what it reads while a task or a button has the focus goes to the field all the same */
  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.keyCode === 229 || e.ctrlKey || e.metaKey || e.altKey || !/^[\w(\]]$/.test(e.key)) return;
    if (e.target === document.body || e.target.matches("[type=radio], #scan button, #hits button, #hits a")) scan.querySelector("[data-code]").focus();
  });
  addEventListener("online", send);
  scan.querySelector("[data-code]").focus();
}
/* + of a hit: the same code once more */
document.addEventListener("click", (e) => {
  const again = e.target.closest?.("[data-inv-again]");
  if (!again || !scan) return;
  scan.querySelector("[data-code]").value = again.dataset.invAgain;
  scan.requestSubmit();
});
