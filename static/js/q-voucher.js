/* The voucher grid beyond amounts: what a line has to say besides depends on its account (dimensions, quantity, currency, due date).
   Parts are copied from <template data-q-dim> and <template data-q-part>; option data: dims, qty, cur, item. */
const extraOf = (row) => row.querySelector("[data-q-extra]");
const column = (el) => el.name.replace(/^[^-]*-(\d+|__prefix__)-/, "");
const fields = (root) => [...root.querySelectorAll("input, select")];

function copyOf(selector) {
  return document.querySelector(`template[${selector}]`)?.content.cloneNode(true) || "";
}
function fill(row, data) {
  const extra = extraOf(row);
  const kept = new Map(fields(extra).map((el) => [column(el), el.value]));
  const parts = (data.dims || []).map((code) => copyOf(`data-q-dim="${code}"`));
  if (data.qty) parts.push(copyOf('data-q-part="qty"'));
  if (data.cur) parts.push(copyOf('data-q-part="cur"'));
  if (data.item) parts.push(copyOf('data-q-part="item"'));
  extra.replaceChildren(...parts);
  const money = extra.querySelector("select[name$=-currency]");
  if (money) money.append(...data.cur.map((one) => new Option(one, one)));
  for (const el of fields(extra)) if (kept.get(column(el))) el.value = kept.get(column(el));
  extra.hidden = !parts.length;
  row.closest("q-grid").number();
}
document.addEventListener("q-pick", (e) => {
  if (e.target.querySelector("[data-col=account]")) fill(e.target.closest("[data-q-line]"), e.detail);
});
document.addEventListener("change", (e) => {
  if (e.target.type === "hidden" && column(e.target) === "account" && !e.target.value) {
    extraOf(e.target.closest("[data-q-line]")).hidden = true;
  }
});
document.addEventListener("q-copied", ({ detail: { row, like } }) => {
  const from = extraOf(like);
  const made = from.cloneNode(true);
  extraOf(row).replaceWith(made);
  const values = new Map(fields(from).map((el) => [column(el), el.value]));
  for (const el of fields(made)) el.value = values.get(column(el)) ?? "";
});

/* The line above the grid says which period the date falls into. */
document.addEventListener("change", (e) => {
  if (e.target.id !== "v-date") return;
  const note = document.querySelector("[data-q-period-note]");
  const [year, month] = e.target.value.split("-");
  if (note && month) note.textContent = note.dataset.qPeriodNote.replace("{year}", year).replace("{month}", Number(month));
});
