/** What the page fetches for a worker that installs packages: from the index alone, bounded, kept for later. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createBroker } from '../../../web/src/runtime/broker';
import { INDEX_HOSTS, indexHost, KEEP_ANSWERS, MAX_ANSWER } from '../../../web/src/runtime/index-hosts';

it("the policy of playgrounds, which ask no other host, names the index's hosts and no more", () => {
  const policies = readFileSync('netlify.toml', 'utf8').match(/connect-src [^;]*pypi[^;]*/g) ?? [];
  expect(policies.length).toBeGreaterThan(1);
  for (const policy of policies)
    expect(policy).toBe(['connect-src', "'self'", ...INDEX_HOSTS.map(({ origin }) => origin)].join(' '));
});

const INDEX = 'https://pypi.org/simple/anyio/';
const FILE = 'https://files.pythonhosted.org/packages/ab/cd/ef/anyio-4.0-py3-none-any.whl';

/** A network of given answers, and a store as browsers have one. */
function surroundings(answers: Record<string, () => Response> = {}) {
  const asked: [string, RequestInit | undefined][] = [];
  const kept = new Map<string, Response>();
  const store = {
    match: async (url: string) => kept.get(url)?.clone(),
    put: async (url: string, response: Response) => void kept.set(url, response),
    keys: async () => [...kept.keys()],
    delete: async (url: string) => kept.delete(url),
  };
  const broker = createBroker({
    fetch: async (input, init) => {
      asked.push([String(input), init]);
      const answer = answers[String(input)];
      if (!answer) throw new TypeError('Failed to fetch');
      return answer();
    },
    caches: { open: async () => store as unknown as Cache },
  });
  return { asked, kept, store, broker, answers };
}

const text = (bytes: ArrayBuffer) => new TextDecoder().decode(bytes);
const page = (body: string) => () => new Response(body, { headers: { 'content-type': 'application/json' } });

describe('what may be asked for', () => {
  it.each([
    'http://pypi.org/simple/anyio/',
    'https://pypi.org/pypi/anyio/json',
    'https://pypi.org/simple/../account/login/',
    'https://pypi.org/simple/%2e%2e/account/',
    'https://pypi.org/simple/anyio/?q=secret',
    'https://user:password@pypi.org/simple/anyio/',
    'https://pypi.org:444/simple/anyio/',
    'https://pypi.org.example.org/simple/anyio/',
    'https://example.org/simple/anyio/',
    'https://files.pythonhosted.org/other/anyio.whl',
    'data:text/plain,hello',
    '/assets/loopscope.zip',
    '',
  ])('not %s', async (address) => {
    const { broker, asked } = surroundings();
    expect(indexHost(address)).toBeUndefined();
    expect(await broker(address)).toMatchObject({
      status: 0,
      problem: 'packages come from the package index alone',
    });
    expect(asked).toEqual([]);
  });

  it('the index and its files, without what tells who asks', async () => {
    const { broker, asked } = surroundings({ [INDEX]: page('{}'), [FILE]: page('wheel') });
    await broker(`${INDEX}#fragment`);
    await broker(FILE);
    expect(asked.map(([url]) => url)).toEqual([INDEX, FILE]);
    for (const [, init] of asked)
      expect(init).toMatchObject({ credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' });
    expect(asked[0]?.[1]?.headers).toEqual({ accept: 'application/vnd.pypi.simple.v1+json' });
  });
});

describe('what was got once', () => {
  it('is not asked for again where it cannot change', async () => {
    const { broker, asked } = surroundings({ [FILE]: page('wheel') });
    for (let turn = 0; turn < 2; turn++) {
      const answer = await broker(FILE);
      expect([answer.status, text(answer.bytes)]).toEqual([200, 'wheel']);
    }
    expect(asked).toHaveLength(1);
  });

  it('is asked for again where it can, and serves when the index is out of reach or out of order', async () => {
    const { broker, answers } = surroundings({ [INDEX]: page('first') });
    await broker(INDEX);
    answers[INDEX] = page('second');
    expect(text((await broker(INDEX)).bytes)).toBe('second');
    delete answers[INDEX];
    expect(await broker(INDEX)).toMatchObject({ status: 200, contentType: 'application/json' });
    expect(text((await broker(INDEX)).bytes)).toBe('second');
    answers[INDEX] = () => new Response('', { status: 503 });
    expect(text((await broker(INDEX)).bytes)).toBe('second');
  });

  it('makes room for what comes later', async () => {
    const { broker, kept, answers } = surroundings();
    for (let n = 0; n < KEEP_ANSWERS + 3; n++) {
      const url = `https://pypi.org/simple/p${n}/`;
      answers[url] = page('{}');
      await broker(url);
    }
    expect(kept.size).toBe(KEEP_ANSWERS);
    expect(kept.has('https://pypi.org/simple/p0/')).toBe(false);
  });
});

describe('what does not come', () => {
  it('is told apart: unknown, out of reach, too large', async () => {
    const { broker, answers } = surroundings();
    answers[INDEX] = () => new Response('no such project', { status: 404 });
    expect(await broker(INDEX)).toMatchObject({ status: 404, problem: '' });
    expect((await broker(FILE)).problem).toContain('no copy of it');
    const chunk = new Uint8Array(1024 * 1024);
    let sent = 0;
    answers[FILE] = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            sent += chunk.length;
            controller.enqueue(chunk);
          },
        }),
      );
    expect((await broker(FILE)).problem).toContain('too large');
    expect(sent).toBeLessThan(MAX_ANSWER + 4 * chunk.length);
  });

  it('leaves the store alone', async () => {
    const { broker, kept, answers } = surroundings();
    answers[INDEX] = () => new Response('', { status: 404 });
    await broker(INDEX);
    await broker(FILE);
    expect(kept.size).toBe(0);
  });

  it('a store that fails keeps nobody from installing', async () => {
    const { answers, store } = surroundings();
    const full = { ...store, put: () => Promise.reject(new DOMException('full', 'QuotaExceededError')) };
    for (const caches of [
      undefined,
      { open: () => Promise.reject(new Error('no storage')) },
      { open: async () => full as unknown as Cache },
    ]) {
      answers[FILE] = page('wheel');
      const broker = createBroker({ fetch: async () => page('wheel')(), caches });
      expect(text((await broker(FILE)).bytes)).toBe('wheel');
    }
  });
});

it('asks for a few things at once', async () => {
  let under = 0;
  let most = 0;
  const broker = createBroker({
    fetch: async () => {
      most = Math.max(most, ++under);
      await new Promise((done) => setTimeout(done, 1));
      under--;
      return page('{}')();
    },
    caches: undefined,
  });
  await Promise.all(Array.from({ length: 30 }, (_, n) => broker(`https://pypi.org/simple/p${n}/`)));
  expect(most).toBe(8);
});
