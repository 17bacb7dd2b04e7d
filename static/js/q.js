/* The frame: requests, dialogs, menus, drawer, toasts, palette, keys. Delegated listeners only, so that fragments need no setup. */
const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (name, listener, capture) => document.addEventListener(name, listener, capture);
const words = () => $("#q-words").dataset;
const composing = (e) => e.isComposing || e.keyCode === 229;
const typing = (element) => element.closest?.("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");
const wide = () => matchMedia("(min-width: 768px)").matches;

/* Requests: token, one press makes one record, what failed keeps the input */
on("htmx:config:request", (e) => {
  e.detail.ctx.request.headers["X-CSRFToken"] = document.body.dataset.csrf;
});

const locks = new Map(); // address of a POST -> moment until which further presses are dropped
const address = (form, submitter) => new URL(submitter?.getAttribute("formaction") || form.getAttribute("action") || "", location).pathname;

on("submit", (e) => {
  const form = e.target;
  if (form.matches("[data-q-theme], [data-scan-form]") || (e.submitter?.getAttribute("formmethod") || form.method).toLowerCase() !== "post") return;
  const key = address(form, e.submitter);
  if ((locks.get(key) || 0) > performance.now()) {
    e.preventDefault();
    e.stopImmediatePropagation();
    return;
  }
  const asks = form.matches("[hx-post]") || e.submitter?.matches("[hx-post]");
  locks.set(key, performance.now() + (asks ? 25000 : 4000));
}, true);

on("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.request.method !== "POST") return;
  // An answer that leads to another page keeps the lock until that page is there.
  const rest = ctx.hx?.redirect || ctx.hx?.refresh ? 10000 : 500;
  for (const key of locks.keys()) locks.set(key, Math.min(locks.get(key), performance.now() + rest));
});
on("input", (e) => { // a person typing into the fresh form means a new record
  if (e.isTrusted) for (const [key, until] of locks) if (until - performance.now() < 600) locks.delete(key);
});
addEventListener("pageshow", () => locks.clear());
on("htmx:error", (e) => { if (e.detail.ctx?.request) toast(words().slow, true); });
const network = () => { $("#q-offline").hidden = navigator.onLine; };
addEventListener("online", network);
addEventListener("offline", network);

/* Toasts */
export function toast(text, bad) {
  const box = $(bad ? "#q-toast-bad" : "#q-toast").content.cloneNode(true);
  $("span", box).textContent = text;
  $("#toasts").append(box);
}
on("q-toast", (e) => toast(e.detail.value));

function expire(box) {
  const life = box.matches("[data-q-long]") ? 8000 : 4000;
  let timer = 0;
  const start = () => { clearTimeout(timer); timer = setTimeout(() => box.remove(), life); };
  for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["pointerleave", "focusout"]) box.addEventListener(name, start);
  // The answer looks for its places from the form that asked: the toast stays until it is there.
  box.addEventListener("submit", () => { clearTimeout(timer); timer = setTimeout(() => box.remove(), 20000); });
  box.addEventListener("htmx:finally:request", () => box.remove());
  start();
}
all("[data-q-toast]").forEach(expire);
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node.matches?.("[data-q-toast]")) expire(node);
}).observe($("#toasts"), { childList: true });

/* Dialogs */
export function open(dialog) {
  if (!dialog || dialog.open) return;
  closeMenus();
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("q-shown"));
  if (dialog.dataset.qAuto === "keep") delete dialog.dataset.qAuto;
  else if (dialog.matches("[data-q-auto]")) dialog.addEventListener("close", () => dialog.remove(), { once: true });
}
on("q-close", (e) => (e.target.closest?.("dialog[open]") || $("dialog[open]"))?.close());

/* Menus: a button and its panel; details that close by themselves */
function closeMenus(except) {
  for (const button of all("[data-q-menu][aria-expanded=true]")) {
    if (button !== except) show(button, false);
  }
  for (const pop of all("details[data-q-pop][open]")) if (pop !== except) pop.open = false;
}
function show(button, visible) {
  const panel = document.getElementById(button.dataset.qMenu);
  panel.hidden = !visible;
  button.setAttribute("aria-expanded", visible);
  if (visible) panel.dispatchEvent(new CustomEvent("q-shown"));
}

/* Drawer */
let opener;
function drawer(visible) {
  document.body.classList.toggle("q-drawer", visible);
  for (const part of all(".q-page, .q-bottom")) part.inert = visible;
  $(".q-open-menu")?.setAttribute("aria-expanded", visible);
  if (visible) {
    opener = document.activeElement;
    $(".q-side a").focus();
  } else opener?.focus();
}

/* Clicks */
const clicks = {
  "[data-q-open]": (el) => open($(el.dataset.qOpen)),
  "[data-q-close]": (el) => el.closest("dialog").close(),
  "[data-q-menu]": (el) => show(el, el.getAttribute("aria-expanded") !== "true"),
  "[data-q-drawer]": () => drawer(!document.body.classList.contains("q-drawer")),
  "[data-q-copy]": (el) => copy(el),
};
on("click", (e) => {
  closeMenus(e.target.closest("[data-q-menu], details[data-q-pop]") || holder(e.target));
  for (const [selector, act] of Object.entries(clicks)) {
    const el = e.target.closest(selector);
    if (el) act(el);
  }
  if (e.target.matches("dialog[open]") && outside(e, e.target)) e.target.close();
});
function holder(target) {
  const panel = target.closest(".q-pop[id]");
  return panel && $(`[data-q-menu="${panel.id}"]`);
}
function outside(e, box) {
  const r = box.getBoundingClientRect();
  return e.clientX < r.left || e.clientX > r.right || e.clientY < r.top || e.clientY > r.bottom;
}
async function copy(el) {
  const source = $(el.dataset.qCopy);
  const text = source.value ?? source.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no clipboard on plain http: let the browser copy a selection
    const box = Object.assign(document.createElement("textarea"), { value: text, className: "q-hide" });
    (el.closest("dialog") || document.body).append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
    el.focus();
  }
  toast(words().copied);
}

/* Theme at once, kept by the server */
on("submit", (e) => {
  const form = e.target.closest("[data-q-theme]");
  if (!form) return;
  e.preventDefault();
  const button = $("button", form);
  const theme = button.value;
  const body = new FormData(form);
  body.set("theme", theme);
  fetch(form.getAttribute("action"), { method: "POST", body, headers: { "X-CSRFToken": document.body.dataset.csrf }, redirect: "manual" }).catch(() => {});
  document.documentElement.dataset.bsTheme = theme;
  button.value = theme === "dark" ? "light" : "dark";
  button.setAttribute("aria-label", form.dataset[button.value]);
  document.dispatchEvent(new CustomEvent("q-theme"));
});

/* Palette */
const hits = () => all("#q-pal-list [role=option]:not([aria-disabled])");
function mark(option) {
  for (const one of hits()) one.setAttribute("aria-selected", one === option);
  const box = $("#q-palette-input");
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}
function paletteKey(e) {
  const list = hits();
  const at = list.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (e.key === "ArrowDown") mark(list[(at + 1) % list.length]);
  else if (e.key === "ArrowUp") mark(list[(at - 1 + list.length) % list.length]);
  else if (e.key === "Enter") list[Math.max(at, 0)]?.click();
  else return;
  e.preventDefault();
}

/* Keys; their list for people is kernel/assets/keys.py */
on("keydown", (e) => {
  if (composing(e)) return;
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
    e.preventDefault();
    return open($("#q-palette"));
  }
  if (e.target.id === "q-palette-input") return paletteKey(e);
  if (e.key === "Escape") return escape();
  if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || $("dialog[open]")) return;
  const act = { "?": () => open($("#q-keys")), "？": () => open($("#q-keys")) }[e.key] || listKeys[e.key.toLowerCase()];
  if (act && act() !== false) e.preventDefault();
});
function escape() {
  if (document.body.classList.contains("q-drawer")) return drawer(false);
  const button = $("[data-q-menu][aria-expanded=true]");
  const summary = $("details[data-q-pop][open] > summary");
  closeMenus();
  (button || summary)?.focus();
}

/* Lists */
const rows = () => all("main .q-table tbody tr").filter((row) => $("a, [data-q-pick]", row));
function step(by) {
  const list = rows();
  if (!list.length) return false;
  const at = list.indexOf(document.activeElement.closest("tr"));
  const row = list[Math.min(Math.max(at + by, 0), list.length - 1)];
  $("a, [data-q-pick]", row).focus();
}
const press = (selector) => { const el = $(selector); if (!el) return false; el.click(); };
const listKeys = {
  n: () => press('main [data-key="N"]'),
  "/": () => { const box = $("main input[type=search]"); if (!box) return false; box.focus(); box.select(); },
  arrowdown: () => step(1),
  arrowup: () => step(-1),
  x: () => { const box = document.activeElement.closest("tr") && $("[data-q-pick]", document.activeElement.closest("tr")); if (!box) return false; box.click(); },
};
function count() {
  const picks = all("[data-q-pick]");
  const chosen = picks.filter((box) => box.checked).length;
  for (const bar of all("[data-q-bulk]")) {
    bar.hidden = !chosen;
    $("[data-q-count]", bar).textContent = chosen;
  }
  for (const box of all("[data-q-all]")) {
    box.checked = chosen > 0 && chosen === picks.length;
    box.indeterminate = chosen > 0 && chosen < picks.length;
  }
}
on("change", (e) => {
  if (e.target.matches("[data-q-all]")) for (const box of all("[data-q-pick]")) box.checked = e.target.checked;
  if (e.target.matches("[data-q-all], [data-q-pick]")) count();
  if (e.target.matches("[data-q-drop] input")) named(e.target);
});
on("click", (e) => {
  if (!e.target.closest("[data-q-none]")) return;
  for (const box of all("[data-q-pick]")) box.checked = false;
  count();
  $("[data-q-all]")?.focus();
});

/* Files dropped on their field */
function named(input) {
  const place = $("[data-q-name]", input.closest("[data-q-drop]"));
  if (place) place.textContent = [...input.files].map((file) => file.name).join(", ");
}
for (const name of ["dragover", "dragleave", "drop"]) {
  on(name, (e) => {
    const zone = e.target.closest?.("[data-q-drop]");
    if (!zone) return;
    e.preventDefault();
    zone.classList.toggle("q-over", name === "dragover");
    if (name !== "drop") return;
    const input = $("input[type=file]", zone);
    input.files = e.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/* After a page or a fragment came: focus what is at fault, open what asks to be opened */
function settle(root) {
  const fault = all("[aria-invalid=true]", root).find((el) => el.type !== "hidden" && el.offsetParent) || $("[data-q-summary], [role=alert][tabindex]", root);
  if (fault) fault.focus();
  else if (wide()) first($("form[data-q-focus]", root));
}
function arrived() {
  for (const dialog of all("dialog[data-q-auto]")) open(dialog);
  count();
}
function first(form) {
  const field = form && ($("[data-q-first]", form) || all("input, select, textarea", form).find((el) => el.type !== "hidden" && !el.disabled && el.offsetParent));
  if (field && !document.activeElement.closest("form, dialog")) field.focus();
}
on("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.id === "q-palette-input") return mark(hits()[0]);
  arrived();
  if (ctx.request?.method === "POST") settle($("dialog[open]") || $("main"));
});
settle($("main"));
arrived();
network();
if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("/sw.js").catch(() => {});
