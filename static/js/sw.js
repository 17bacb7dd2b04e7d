/* Keeps the offline page and static files, never a page of a company. */
const STORE = "qz-1";
const OFFLINE = "/offline/";

self.addEventListener("install", (e) => {
  e.waitUntil(keepOfflinePage().then(() => self.skipWaiting()));
});
async function keepOfflinePage() {
  const store = await caches.open(STORE);
  const page = await fetch(OFFLINE, { cache: "reload" });
  const files = (await page.clone().text()).match(/\/static\/[^"'#\s]+/g) || [];
  await store.put(OFFLINE, page);
  await store.addAll([...new Set(files)]);
}
self.addEventListener("activate", (e) => {
  const old = (names) => Promise.all(names.filter((name) => name !== STORE).map((name) => caches.delete(name)));
  e.waitUntil(caches.keys().then(old).then(() => self.clients.claim()));
});
self.addEventListener("fetch", (e) => {
  const { request } = e;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    e.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (url.pathname.startsWith("/static/")) {
    e.respondWith(fromStatic(request));
  }
});
/* Names carry a hash of the content, so a kept file is never stale; without a hash the network is asked first. */
async function fromStatic(request) {
  const hashed = /\.[0-9a-f]{12}\.\w+$/.test(new URL(request.url).pathname);
  const kept = await caches.match(request);
  if (kept && hashed) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) (await caches.open(STORE)).put(request, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
