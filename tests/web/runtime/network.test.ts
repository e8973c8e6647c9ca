/** The program's `fetch`: what it asks goes to the page, within bounds that are told. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Report } from '../../../web/src/runtime/messages';
import { createNetwork, type Network } from '../../../web/src/runtime/network';
import { checkReport } from '../../../web/src/runtime/sandbox/check';
import { LIMITS } from '../../../web/src/runtime/sandbox/messages';

type Asked = Extract<Report, { type: 'request' }>;
const URL_ = 'https://api.example/';
const before = globalThis.fetch;
let asked: Asked[];
let network: Network;

beforeEach(() => {
  asked = [];
  // What the page would take for hostile ends the program: nothing of the kind may be sent.
  network = createNetwork((message) => asked.push(checkReport(message) as Asked));
});
afterEach(() => {
  globalThis.fetch = before;
});

const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

function answer(id: number): void {
  const bytes = new TextEncoder().encode(`answer ${id}`).buffer as ArrayBuffer;
  network.answered({ type: 'answered', id, status: 200, statusText: 'OK', headers: [], bytes, problem: '' });
}

it('a request too large for the page is an error of its own and not of the run', async () => {
  const headers = (count: number, length: number) =>
    new Headers(Array.from({ length: count }, (_, k) => [`x-${k}`, 'v'.repeat(length)] as [string, string]));
  for (const [what, words] of [
    [fetch(`${URL_}?${'q'.repeat(8000)}`), '8000 characters'],
    [fetch(URL_, { headers: headers(101, 1) }), '100 headers'],
    [fetch(URL_, { headers: headers(1, 8001) }), '8000 characters'],
    [fetch(URL_, { method: 'POST', body: new Uint8Array(LIMITS.message + 1) }), '24 MB'],
  ] as const)
    await expect(what).rejects.toThrow(words);
  expect(asked).toEqual([]);
});

it('a hundred requests are sent some at a time, and all are answered', async () => {
  const answers = Array.from({ length: 100 }, async () => (await fetch(URL_)).text());
  let most = 0;
  for (let done = 0; done < 100; ) {
    await settled();
    most = Math.max(most, asked.length - done);
    answer((asked[done++] as Asked).id);
  }
  expect(most).toBe(24);
  expect(new Set(await Promise.all(answers)).size).toBe(100);
});

it('one that is given up is rejected at once, and is never sent if it still waits for its turn', async () => {
  const all = Array.from({ length: 24 }, () => fetch(URL_));
  const leave = new AbortController();
  const late = fetch(URL_, { signal: leave.signal });
  await settled();
  leave.abort(new Error('no longer wanted'));
  await expect(late).rejects.toThrow('no longer wanted');
  for (const { id } of [...asked]) answer(id);
  await Promise.all(all);
  await settled();
  expect(asked.length).toBe(24);
});
