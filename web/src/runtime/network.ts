/** The program's way to the network: `fetch` hands a request to the page, which asks its visitor and answers with bytes. */
import type { Command, Report } from './messages';

type Answered = Extract<Command, { type: 'answered' }>;

export interface Network {
  answered(answer: Answered): void;
}

/** Takes the place of `fetch`; the browser's own is of no use in the sandbox. */
export function createNetwork(report: (message: Report) => void): Network {
  const waiting = new Map<number, (answer: Answered) => void>();
  let asked = 0;

  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { url, method, signal } = request;
    const body = method === 'GET' || method === 'HEAD' ? undefined : await request.arrayBuffer();
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Answered>();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    waiting.set(++asked, resolve);
    report({ type: 'request', id: asked, url, method, headers: [...request.headers], body });
    const answer = await promise;
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
