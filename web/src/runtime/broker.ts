/**
 * The page's side of installing: fetches from the package index for the worker, which has no network of its own, and
 * keeps what it got for the time when the index is out of reach.
 *
 *     worker ──fetch──▶ allowed? ──▶ a file: browser's copy, else network
 *                          │         the index: network, else browser's copy
 *                          └ no: refused
 */
import { readBody } from './body';
import { type IndexHost, indexHost, KEEP_ANSWERS, MAX_ANSWER } from './index-hosts';
import { createTurns } from './turns';

/** What the worker gets for an address. `status` is HTTP's; 0: nothing came, for the reason in `problem`. */
export interface Answer {
  status: number;
  contentType: string;
  bytes: ArrayBuffer;
  problem: string;
}

export type Broker = (address: string) => Promise<Answer>;

export interface BrokerParts {
  fetch: typeof globalThis.fetch;
  /** undefined where the browser has none: nothing is kept then. */
  caches: Pick<CacheStorage, 'open'> | undefined;
}

const CACHE = 'packages-1';
/** An answer that doesn't come is none. */
const PATIENCE_MS = 60_000;
/** Requests that are under way at once. */
const AT_ONCE = 8;

const none = (problem: string): Answer => ({
  status: 0,
  contentType: '',
  bytes: new ArrayBuffer(0),
  problem,
});

export function createBroker(
  parts: BrokerParts = { fetch: (...a) => fetch(...a), caches: globalThis.caches },
): Broker {
  const inTurn = createTurns(AT_ONCE);
  return async (address) => {
    const found = indexHost(address);
    if (!found) return none('packages come from the package index alone');
    const { host, url } = found;
    const store = await parts.caches?.open(CACHE).catch(() => undefined);
    return inTurn(async () => {
      if (host.immutable) {
        const kept = await recall(store, url);
        if (kept) return kept;
      }
      try {
        const answer = await ask(parts.fetch, url, host);
        if (answer.status === 200) await keep(store, url, answer);
        // A failing index has no say on what is there: a copy does.
        return (answer.status >= 500 && (await recall(store, url))) || answer;
      } catch (error) {
        if (error instanceof TooLarge) return none(`${url} is too large: packages may have 64 MB`);
        const kept = await recall(store, url);
        return kept ?? none("the package index can't be reached, and this browser holds no copy of it");
      }
    });
  };
}

class TooLarge extends Error {}

async function ask(fetcher: typeof globalThis.fetch, url: string, host: IndexHost): Promise<Answer> {
  const response = await fetcher(url, {
    // The safelisted header alone: nothing has to be asked for beforehand.
    headers: host.immutable ? {} : { accept: 'application/vnd.pypi.simple.v1+json' },
    mode: 'cors',
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const { status } = response;
  if (status !== 200) {
    void response.body?.cancel();
    return { ...none(''), status };
  }
  const bytes = await readBody(response.body, MAX_ANSWER);
  if (!bytes) throw new TooLarge();
  return { status, contentType: response.headers.get('content-type') ?? '', bytes, problem: '' };
}

async function recall(store: Cache | undefined, url: string): Promise<Answer | undefined> {
  try {
    const kept = await store?.match(url);
    if (!kept) return undefined;
    const contentType = kept.headers.get('content-type') ?? '';
    return { status: 200, contentType, bytes: await kept.arrayBuffer(), problem: '' };
  } catch {
    return undefined;
  }
}

/** A full or broken store is no reason to fail: the next time asks the network again. */
async function keep(store: Cache | undefined, url: string, answer: Answer): Promise<void> {
  try {
    if (!store) return;
    const headers = { 'content-type': answer.contentType };
    await store.put(url, new Response(answer.bytes.slice(0), { headers }));
    const kept = await store.keys();
    for (const old of kept.slice(0, -KEEP_ANSWERS)) await store.delete(old);
  } catch {
    // As said above.
  }
}
