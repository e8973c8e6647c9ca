/** The program's way to the network: `fetch` hands a request to the page, which asks its visitor and answers with bytes. */
import type { Command, Report } from './messages';
import { LIMITS, REQUEST } from './sandbox/messages';
import { createTurns } from './turns';

type Asked = Extract<Report, { type: 'request' }>;
type Answered = Extract<Command, { type: 'answered' }>;

/** Requests that are under way at once; the page takes a few more, and refuses what is beyond. */
const AT_ONCE = 24;

export interface Network {
  answered(answer: Answered): void;
}

/** Takes the place of `fetch`; the browser's own is of no use in the sandbox. */
export function createNetwork(report: (message: Report) => void): Network {
  const inTurn = createTurns(AT_ONCE);
  const waiting = new Map<number, (answer: Answered) => void>();
  let asked = 0;

  const ask = (request: Asked): Promise<Answered> =>
    new Promise((resolve) => {
      waiting.set(request.id, resolve);
      report(request);
    });

  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { url, method, signal } = request;
    const body = method === 'GET' || method === 'HEAD' ? undefined : await request.arrayBuffer();
    const message: Asked = { type: 'request', id: ++asked, url, method, headers: [...request.headers], body };
    const wrong = excess(message);
    if (wrong) throw new TypeError(wrong);
    const answer = await new Promise<Answered | undefined>((resolve, reject) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      void inTurn(async () => (signal.aborted ? undefined : await ask(message))).then(resolve);
    });
    if (!answer) throw signal.reason;
    if (answer.problem) throw new TypeError(answer.problem);
    const { status, statusText, headers } = answer;
    const empty = [204, 205, 304].includes(status);
    const response = new Response(empty ? null : answer.bytes, { status, statusText, headers });
    return Object.defineProperty(response, 'url', { value: url });
  };

  return {
    answered(answer) {
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    },
  };
}

/** What of a request is more than the page takes, in words; undefined: nothing. */
export function excess({ url, headers, body }: Asked): string | undefined {
  if (url.length > REQUEST.url) return `an address may have ${REQUEST.url} characters`;
  if (headers.length > REQUEST.headers) return `a request may have ${REQUEST.headers} headers`;
  if (headers.some(([name, value]) => Math.max(name.length, value.length) > REQUEST.header))
    return `a header may have ${REQUEST.header} characters`;
  if (body && body.byteLength > LIMITS.message) return `a request may bring ${LIMITS.message >> 20} MB`;
  return undefined;
}
