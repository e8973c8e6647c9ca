/**
 * The service worker: the whole site, kept for the time without a network. The build puts the list of files before it:
 * FILES, path → SHA-256 of what lies there, and VERSION, which changes with any of them.
 *
 *     install: every file, checked ──all there──▶ waiting ──the page asks, or all pages are closed──▶ active
 *                 └ one is missing or another: the version in use stays, the next visit goes on where this one ended
 */
// biome-ignore-all lint/correctness/noUndeclaredVariables: the build declares them

const CACHE = `site-${VERSION}`;
/** Names of the caches of versions before this one, as paths. */
const PAST = 'past';

/** The address a file is asked for by. @param {string} path */
const address = (path) => new URL(path.replace(/(^|\/)index\.html$/, '$1'), registration.scope).href;
const known = new Map(Object.entries(FILES).map(([path, digest]) => [address(path), digest]));

/** @param {string} url @param {string} digest */
async function fetchWhole(url, digest) {
  // A name with a hash in it may come from wherever the browser has it; a page must be today's.
  if (!/\/(assets|runtime)\//.test(url)) return fetchOne(url, digest, 'reload');
  // What the browser has may be what was cut off once.
  return fetchOne(url, digest, 'default').catch(() => fetchOne(url, digest, 'reload'));
}

/** @param {string} url @param {string} digest @param {RequestCache} cache */
async function fetchOne(url, digest, cache) {
  const response = await fetch(url, { cache });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const bytes = await response.arrayBuffer();
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  if (btoa(String.fromCharCode(...sum)) !== digest) throw new Error(`${url} is not the file of this version`);
  // Made anew: a redirected answer can't be a page, and the bytes are no longer compressed. Its other headers
  // (the isolation, the policy) are the page's when it comes from here.
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length', 'vary']) headers.delete(name);
  return new Response(bytes, { headers });
}

async function install() {
  const cache = await caches.open(CACHE);
  // A version may come again.
  await (await caches.open(PAST)).delete(`/${CACHE}`);
  const missing = [];
  for (const [url, digest] of known) {
    if (await cache.match(url)) continue;
    // Most of a new version is the old one.
    const kept = /\/(assets|runtime)\//.test(url) && (await caches.match(url));
    if (kept) await cache.put(url, kept);
    else missing.push({ url, digest });
  }
  const next = async () => {
    for (let file = missing.pop(); file; file = missing.pop())
      await cache.put(file.url, await fetchWhole(file.url, file.digest));
  };
  await Promise.all([next(), next(), next(), next()]);
}

/** From now on there is this version: those whose files lie here are past, except one that is on its way. */
async function begin() {
  await clients.claim();
  if (registration.installing || registration.waiting) return;
  const past = await caches.open(PAST);
  for (const name of await caches.keys())
    if (name.startsWith('site-') && name !== CACHE) await past.put(`/${name}`, new Response());
}

/** A past version's files go as soon as no page of that version can be open; what is missing of this one comes. */
async function tidy() {
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.length <= 1) {
    const past = await caches.open(PAST);
    for (const { url } of await past.keys()) {
      const name = new URL(url).pathname.slice(1);
      if (name !== CACHE) await caches.delete(name);
      await past.delete(url);
    }
  }
  const own = await caches.open(CACHE);
  // Without a network, or with another version on it, it stays as it is.
  if ((await own.keys()).length < known.size) await install().catch(() => {});
}

/** @param {Request} request */
async function answer(request) {
  const url = new URL(request.url);
  const own = await caches.open(CACHE);
  for (const name of request.mode === 'navigate' ? ['', '.html', '/'] : ['']) {
    const page = url.origin + url.pathname + name;
    const kept = known.has(page) && ((await own.match(page)) ?? (await caches.match(page)));
    if (kept) return kept;
  }
  // A page of the version before asks for its own files.
  return (await caches.match(url.origin + url.pathname)) ?? fetch(request);
}

addEventListener('install', (event) => event.waitUntil(install()));
addEventListener('activate', (event) => event.waitUntil(begin().then(tidy)));
addEventListener('message', ({ data }) => data === 'take over' && skipWaiting());
addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  event.respondWith(answer(request));
  if (request.mode === 'navigate') event.waitUntil(tidy());
});
