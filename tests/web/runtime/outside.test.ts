/** What a program may ask of other hosts, by the page and its visitor. */
import { describe, expect, it } from 'vitest';
import { askOutside, objection, type Request } from '../../../web/src/runtime/outside';

const SITE = 'https://loopscope.example';
const request: Request = { url: 'https://api.example/data', method: 'GET', headers: [], body: undefined };
const { signal } = new AbortController();

/** A network that answers with what it is given, and notes what it is asked. */
function network(answer: () => Response | Promise<Response>) {
  const asked: [string, RequestInit][] = [];
  const fetch = async (url: string | URL | globalThis.Request, init: RequestInit = {}) => {
    asked.push([String(url), init]);
    return answer();
  };
  return { asked, parts: { fetch: fetch as typeof globalThis.fetch, origin: SITE } };
}

describe('nobody may allow', () => {
  it.each([
    [`${SITE}/index.html`, 'GET', 'the site'],
    ['https://user:secret@api.example/', 'GET', 'a name or a password'],
    ['http://api.example/', 'GET', 'only https'],
    ['ftp://api.example/', 'GET', 'only https'],
    ['data:text/plain,x', 'GET', 'only https'],
    ['file:///etc/passwd', 'GET', 'only https'],
    ['https://api.example/', 'TRACE', 'TRACE'],
    ['nowhere', 'GET', 'no address'],
  ])('%s %s', async (url, method, why) => {
    const { asked, parts } = network(() => new Response());
    const permit = async () => true;
    const answer = await askOutside({ ...request, url, method }, permit, signal, parts);
    expect(answer).toMatchObject({ status: 0, problem: expect.stringContaining(why) });
    expect(asked).toEqual([]);
  });

  it('but this computer over http', () => {
    expect(objection(new URL('http://localhost:8000/'), 'GET', SITE)).toBeUndefined();
    expect(objection(new URL('http://127.0.0.1:8000/'), 'POST', SITE)).toBeUndefined();
  });
});

it('a host that the visitor refuses is not asked', async () => {
  const { asked, parts } = network(() => new Response());
  const told: string[] = [];
  const permit = async (host: string, method: string) => {
    told.push(`${method} ${host}`);
    return false;
  };
  const answer = await askOutside({ ...request, url: 'https://api.example:444/x' }, permit, signal, parts);
  expect(answer.problem).toContain('did not allow');
  expect([told, asked]).toEqual([['GET api.example:444'], []]);
});

it('one that is allowed is asked without what tells who asks', async () => {
  const { asked, parts } = network(
    () => new Response('hello', { status: 201, headers: { 'x-mine': 'yes' } }),
  );
  const answer = await askOutside({ ...request, method: 'POST' }, async () => true, signal, parts);
  expect([answer.status, new TextDecoder().decode(answer.bytes)]).toEqual([201, 'hello']);
  expect(answer.headers).toContainEqual(['x-mine', 'yes']);
  expect(asked[0]?.[1]).toMatchObject({
    credentials: 'omit',
    redirect: 'manual',
    referrerPolicy: 'no-referrer',
  });
});

it("an answer is read where streams can't be iterated over, as in Safari", async () => {
  const answer = new Response('hello');
  Object.defineProperty(answer.body, Symbol.asyncIterator, { value: undefined });
  const got = await askOutside(request, async () => true, signal, network(() => answer).parts);
  expect(new TextDecoder().decode(got.bytes)).toBe('hello');
});

it('a redirect, a failure and too large an answer are told', async () => {
  const redirect = Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' });
  const chunk = new Uint8Array(1024 * 1024);
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(chunk) });
  for (const [answer, why] of [
    [() => redirect, 'redirects elsewhere'],
    [() => Promise.reject(new TypeError('Failed to fetch')), 'can.t be reached'],
    [() => new Response(endless), 'more than 32 MB'],
  ] as [() => Response | Promise<Response>, string][]) {
    const got = await askOutside(request, async () => true, signal, network(answer).parts);
    expect(got.problem).toMatch(new RegExp(why));
  }
});
