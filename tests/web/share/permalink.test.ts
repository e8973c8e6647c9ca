import { readFileSync } from 'node:fs';
import { deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLink, encodeLink, LinkError, MAX_BYTES } from '../../../web/src/share/permalink';

const fragment = (json: unknown): string =>
  `#p1=${deflateSync(typeof json === 'string' ? json : JSON.stringify(json)).toString('base64url')}`;

const DEFAULTS = {
  clock: 'virtual',
  pace: undefined,
  requirements: [],
  seed: undefined,
  schedule: undefined,
  at: undefined,
  task: undefined,
  part: undefined,
  view: undefined,
};

async function problem(link: string): Promise<string> {
  const error = await decodeLink(link).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof LinkError)) throw new Error(`no LinkError but ${String(error)}`);
  expect(error.message).toMatch(/^[A-Z].*\.$/);
  return error.problem;
}

describe('a link', () => {
  test('that was made when p1 was new opens for ever', async () => {
    const stored = readFileSync(new URL('p1-links.txt', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    expect(await Promise.all(stored.map(decodeLink))).toEqual([
      { ...DEFAULTS, code: "print('hello')\n" },
      {
        ...DEFAULTS,
        code: "import asyncio\n\nasync def main():\n    await asyncio.sleep(0.05)\n    print('grüße 🐍')\n\nasyncio.run(main())\n",
        clock: 'real',
        requirements: ['attrs==25.1.0'],
        seed: 7,
        schedule: undefined,
        at: 12,
        task: 3,
        view: 'state',
      },
    ]);
  });

  test('with a pace that makes no sense takes the default', async () => {
    for (const pace of [0, -1, 'fast', null, [1]])
      expect((await decodeLink(fragment({ code: '', pace })))?.pace).toBeUndefined();
  });

  test('carries any program and any settings there and back', async () => {
    const whole = fc.option(fc.nat(), { nil: undefined });
    const text = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          code: fc.string({ unit: 'binary', maxLength: 2000 }),
          clock: fc.constantFrom('virtual' as const, 'real' as const),
          pace: fc.constantFrom(undefined, 1, 0.01),
          variables: fc.constantFrom(undefined, true as const),
          requirements: fc.array(fc.string()),
          seed: whole,
          schedule: text,
          at: whole,
          task: whole,
          part: fc.constantFrom(undefined, 'before' as const, 'after' as const),
          view: text,
        }),
        async (link) => {
          const made = await encodeLink(link);
          expect(made).toMatch(/^#p1=[A-Za-z0-9_-]+$/);
          expect(await decodeLink(made)).toEqual(link);
        },
      ),
    );
  }, 30_000);

  test('is read without its # as well, and with the padding some tools add', async () => {
    const made = await encodeLink({ code: 'x = 1' });
    expect((await decodeLink(made.slice(1)))?.code).toBe('x = 1');
    expect((await decodeLink(`${made}=`))?.code).toBe('x = 1');
  });

  test('is short: about half a kilobyte for a kilobyte of Python', async () => {
    const code = readFileSync(new URL('../../../web/examples/04_lock.py', import.meta.url), 'utf8');
    expect((await encodeLink({ code })).length).toBeLessThan(code.length * 0.8);
  });

  test('is not there in an empty fragment', async () => {
    expect(await decodeLink('')).toBeUndefined();
    expect(await decodeLink('#')).toBeUndefined();
  });
});

describe('keys', () => {
  test('that are missing take their defaults, unknown ones are ignored', async () => {
    expect(await decodeLink(fragment({ code: 'a', future: [1], __proto__: { clock: 'real' } }))).toEqual({
      ...DEFAULTS,
      code: 'a',
    });
    expect(await decodeLink(fragment('{"code":"a","__proto__":{"clock":"real"}}'))).toEqual({
      ...DEFAULTS,
      code: 'a',
    });
    expect(await decodeLink(fragment({ code: 'a', seed: null }))).toEqual({ ...DEFAULTS, code: 'a' });
  });

  test.each([
    {},
    [],
    null,
    7,
    { code: 7 },
    { code: 'a', clock: 'sundial' },
    { code: 'a', requirements: 'attrs' },
    { code: 'a', requirements: [1] },
    { code: 'a', seed: 'one' },
    { code: 'a', at: -1 },
    { code: 'a', at: 1.5 },
    { code: 'a', task: {} },
    { code: 'a', view: 1 },
  ])('of a wrong type make a damaged link: %j', async (json) => {
    expect(await problem(fragment(json))).toBe('damaged');
  });
});

describe('a link that is no link', () => {
  test('is never taken for another program: every cut and every changed character is noticed', async () => {
    const code = 'import asyncio\nprint("a program that should arrive whole, or not at all")\n';
    const made = await encodeLink({ code });
    const cuts = Array.from({ length: made.length - 5 }, (_, k) => made.slice(0, 5 + k));
    for (const cut of cuts) expect(await problem(cut)).toBe('damaged');
    const letters = 'ABab01_-';
    await fc.assert(
      fc.asyncProperty(fc.nat(made.length - 5), fc.constantFrom(...letters), async (at, letter) => {
        const changed = made.slice(0, at + 4) + letter + made.slice(at + 5);
        // The last character holds bits that mean nothing: a change there may go unnoticed, and changes nothing.
        const link = await decodeLink(changed).catch(() => undefined);
        if (link) expect(link.code).toBe(code);
      }),
      { numRuns: 300 },
    );
  });

  test.each(['#p1=', '#p1=!!!', '#p1=a', '#p1=abcd%20', `#p1=${deflateSync('{').toString('base64url')}`])(
    'is damaged: %s',
    async (link) => {
      expect(await problem(link)).toBe('damaged');
    },
  );

  test('is damaged when the encoding is another, or the text is no UTF-8', async () => {
    expect(await problem(`#p1=${deflateRawSync('{"code":"a"}').toString('base64url')}`)).toBe('damaged');
    expect(await problem(`#p1=${deflateSync(Buffer.from([0x22, 0xff, 0x22])).toString('base64url')}`)).toBe(
      'damaged',
    );
  });

  test('comes from a newer Loopscope, or from elsewhere', async () => {
    expect(await problem('#p2=abc')).toBe('newer');
    expect(await problem('#section-3')).toBe('unknown');
  });
});

describe('size', () => {
  test('the bound is 256 kB of JSON, on both ways', async () => {
    const fits = 'x'.repeat(MAX_BYTES - '{"code":""}'.length);
    const made = await encodeLink({ code: fits });
    expect((await decodeLink(made))?.code).toBe(fits);
    await expect(encodeLink({ code: `${fits}x` })).rejects.toMatchObject({ problem: 'too large' });
    expect(await problem(fragment({ code: `${fits}x` }))).toBe('too large');
  });

  test('a program that does not compress still fits', async () => {
    let state = 1;
    const noise = Array.from({ length: 60_000 }, () => {
      state = (state * 48271) % 2147483647;
      return String.fromCharCode(0x4e00 + (state % 20000));
    }).join('');
    expect((await decodeLink(await encodeLink({ code: noise })))?.code).toBe(noise);
  });

  test('a bomb of a gigabyte is put down at once', async () => {
    // Repeats one deflate block of a megabyte of zeros a thousand times.
    const block = deflateRawSync(Buffer.alloc(1 << 20), { level: 9, finishFlush: 2 });
    const bomb = Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array.from({ length: 1000 }, () => block)]);
    const start = performance.now();
    expect(await problem(`#p1=${bomb.toString('base64url')}`)).toBe('too large');
    expect(performance.now() - start).toBeLessThan(500);
  });

  test('a fragment longer than any link is refused unread', async () => {
    expect(await problem(`#p1=${'A'.repeat(1_000_000)}`)).toBe('too large');
  });
});
