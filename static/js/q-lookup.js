/* Lookups: a text box, its list and a hidden code. Options come as JSON: {code, text, hint, py, name}; from the page (data-local) or from data-src?q=. */
const composing = (e) => e.isComposing || e.keyCode === 229;
const LIMIT = 50;
const cache = new Map();
const waiting = new WeakMap();

const parts = (box) => {
  const root = box.closest("[data-q-lookup]");
  return { root, box, code: root.querySelector("input[type=hidden]"), list: root.querySelector("[role=listbox]") };
};
const isBox = (el) => el.matches?.("[data-q-lookup] [role=combobox]");
const foreign = (text) => document.documentElement.lang === "en" && /[\u4e00-\u9fff]/.test(text); // a company's own words
const fold = (text) => (text || "").normalize("NFKC").toLowerCase().trim();

/* Where options come from */
function local(id) {
  if (!cache.has(id)) cache.set(id, JSON.parse(document.getElementById(id).textContent));
  return cache.get(id);
}
function rank(option, query) {
  const [code, text, py] = [fold(option.code), fold(option.text), fold(option.py)];
  if (code.startsWith(query)) return code === query ? 0 : 1;
  if (py.startsWith(query)) return 2;
  if (text.includes(query)) return 3;
  return py.includes(query) ? 4 : 9;
}
async function find(root, query) {
  if (root.dataset.local) {
    const ranked = local(root.dataset.local).map((option) => [rank(option, query), option]).filter(([n]) => !query || n < 9);
    return ranked.sort((a, b) => a[0] - b[0]).slice(0, LIMIT).map(([, option]) => option);
  }
  const url = new URL(root.dataset.src, location);
  url.searchParams.set("q", query);
  if (!cache.has(url.href)) {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    cache.set(url.href, (await answer.json()).results);
    setTimeout(() => cache.delete(url.href), 60000);
  }
  return cache.get(url.href);
}

/* The list */
function option(data, id) {
  const li = document.createElement("li");
  li.id = id;
  li.setAttribute("role", "option");
  li.setAttribute("aria-selected", "false");
  for (const [tag, text] of [["span", data.code], ["span", data.text], ["small", data.hint]]) {
    if (!text) continue;
    const part = Object.assign(document.createElement(tag), { textContent: text });
    if (foreign(text)) part.lang = "zh-CN";
    li.append(part);
  }
  li.data = data;
  return li;
}
async function open(box, query) {
  const { root, list } = parts(box);
  const turn = (waiting.get(box) || 0) + 1;
  waiting.set(box, turn);
  let found;
  try {
    found = await find(root, query);
  } catch {
    found = [];
  }
  if (waiting.get(box) !== turn || document.activeElement !== box) return;
  root.shown = query;
  list.replaceChildren(...found.map((data, i) => option(data, `${list.id}-${i}`)));
  if (!found.length) {
    const none = option({ text: document.getElementById("q-words").dataset.none }, `${list.id}-none`);
    none.className = "q-none";
    none.setAttribute("aria-disabled", "true");
    list.append(none);
  }
  list.hidden = false;
  box.setAttribute("aria-expanded", "true");
  mark(box, query || !found.length ? list.querySelector("li:not(.q-none)") : null);
}
function close(box) {
  const { list } = parts(box);
  waiting.set(box, (waiting.get(box) || 0) + 1);
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}
const marked = (list) => list.querySelector("[aria-selected=true]");
function mark(box, li) {
  const { list } = parts(box);
  marked(list)?.setAttribute("aria-selected", "false");
  if (!li) return box.removeAttribute("aria-activedescendant");
  li.setAttribute("aria-selected", "true");
  li.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", li.id);
}
function pick(box, data) {
  const { root, code } = parts(box);
  code.value = data.code;
  box.value = data.name || (data.text ? `${data.code} ${data.text}` : data.code);
  box.removeAttribute("aria-invalid");
  close(box);
  code.dispatchEvent(new Event("change", { bubbles: true }));
  root.dispatchEvent(new CustomEvent("q-pick", { bubbles: true, detail: data }));
}
/* What stands in the box when it is left: an exact code counts as chosen; after Enter the best match does. */
async function settle(box) {
  const { root, code } = parts(box);
  const query = fold(box.value);
  const best = root.best;
  root.best = false;
  if (code.value || !query) return;
  const found = await find(root, best ? query : query.split(/\s/)[0]).catch(() => []);
  const chosen = found.find((data) => fold(data.code) === query.split(/\s/)[0]) || (best && found[0]);
  if (chosen && !code.value && fold(box.value) === query) pick(box, chosen);
}

let maker; // the box that asked for a new record (F8); the dialog answers with HX-Trigger q-created {code, text}
document.addEventListener("q-created", (e) => {
  cache.clear();
  if (maker) {
    pick(maker, e.detail);
    maker.focus();
  }
});

document.addEventListener("focusin", (e) => {
  if (!isBox(e.target)) return;
  e.target.select();
  if (!e.target.readOnly) open(e.target, parts(e.target).code.value ? "" : fold(e.target.value));
});
document.addEventListener("focusout", (e) => {
  if (!isBox(e.target)) return;
  close(e.target);
  settle(e.target);
});
document.addEventListener("input", (e) => {
  if (!isBox(e.target) || e.isComposing) return;
  const { root, code } = parts(e.target);
  if (code.value) {
    code.value = "";
    code.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const query = fold(e.target.value);
  clearTimeout(root.timer);
  root.timer = setTimeout(() => open(e.target, query), root.dataset.local ? 0 : 80);
});
document.addEventListener("compositionend", (e) => {
  if (isBox(e.target)) open(e.target, fold(e.target.value));
});
document.addEventListener("keydown", (e) => {
  if (!isBox(e.target) || composing(e) || e.altKey || e.ctrlKey) return;
  const box = e.target;
  const { root, list } = parts(box);
  if (e.key === "F7" || (e.key === "ArrowDown" && list.hidden)) {
    e.preventDefault();
    return open(box, "");
  }
  if (e.key === "F8" && root.dataset.create) {
    e.preventDefault();
    maker = box;
    return htmx.ajax("GET", root.dataset.create, { target: "#dialogs", swap: "innerHTML" });
  }
  if (e.key === "Enter" && !parts(box).code.value && fold(box.value) && (list.hidden || root.shown !== fold(box.value))) {
    root.best = true; // typed faster than the list: settle takes the best match
    const grid = box.closest("q-grid");
    if (grid && !root.dataset.local) return; // an answer from afar is not waited for: settled when the box is left
    e.preventDefault();
    return settle(box).then(() => grid?.[e.shiftKey ? "back" : "next"](box)); // the choice may bring cells of its own
  }
  if (list.hidden) return;
  const options = [...list.querySelectorAll("li:not(.q-none)")];
  const at = options.indexOf(marked(list));
  if (e.key === "ArrowDown") mark(box, options[(at + 1) % options.length]);
  else if (e.key === "ArrowUp") mark(box, options[(at - 1 + options.length) % options.length]);
  else if (e.key === "Enter" && marked(list)) {
    pick(box, marked(list).data);
    if (box.closest("q-grid")) return; // the grid goes on to the next cell
  } else if (e.key === "Escape") {
    close(box);
    e.stopPropagation();
  } else return;
  e.preventDefault();
}, true);
document.addEventListener("pointerdown", (e) => {
  const li = e.target.closest?.("[data-q-lookup] [role=option]");
  if (!li) return;
  e.preventDefault(); // the box keeps the focus
  if (!li.data || li.className) return;
  const box = li.closest("[data-q-lookup]").querySelector("[role=combobox]");
  pick(box, li.data);
});
