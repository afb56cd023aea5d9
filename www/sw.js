// Keeps the page usable without a network. `cargo xtask build` writes the two lines below: every file of
// the site, and a name that changes when any of them does, so that browsers notice a new version.
const VERSION = "";
const FILES = [];

const CACHE = `indoubt ${self.registration.scope} ${VERSION}`;
const here = (path) => new URL(path, self.registration.scope).href;

// All or nothing: a version is offered when it is there as a whole.
self.addEventListener("install", (event) => {
  const all = FILES.map((path) => new Request(here(path), { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(all)));
});

// Caches of other folders of the same host are not ours.
self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(`indoubt ${self.registration.scope} `) && name !== CACHE;
  const drop = (names) => Promise.all(names.filter(old).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(drop));
});

// Only when the reader asked for the new version: see start.js.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(request.mode === "navigate" ? page(request) : file(request));
});

/** The page from the network, so that it is never older than it must be; else the one that is kept. */
async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await cache.match(here("index.html"));
    if (kept) return kept;
    throw error;
  }
}

/** Files have their content in their name, so what is kept is right. */
async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}
