/** What comes out of the sandbox is hostile: only what is well-formed passes, and only what is named. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkExit, checkReport, checkUp, Violation } from '../../../web/src/runtime/sandbox/check';
import { LIMITS } from '../../../web/src/runtime/sandbox/messages';

const frame = new ArrayBuffer(16);
const REPORTS = [
  { type: 'ready', python: '3.14.2', jspi: true, restored: true },
  { type: 'installing', detail: 'Looking for anyio' },
  { type: 'want', name: 'micropip' },
  { type: 'fetch', id: 1, url: 'https://pypi.org/simple/anyio/' },
  { type: 'installed', requirements: ['anyio==4.0'], loosened: false },
  { type: 'batch', frame },
  { type: 'ask' },
  { type: 'done', exit: '{}' },
  { type: 'analysed' },
  { type: 'broken', message: 'out of memory' },
];

describe('a report', () => {
  it.each(REPORTS)('passes: $type', (report) => {
    expect(checkReport(report)).toEqual(report);
    expect(checkReport({ ...report, more: 1, ['__proto__']: { polluted: true } })).toEqual(report);
  });

  it.each([
    null,
    'ready',
    [],
    {},
    { type: 'constructor' },
    { type: '__proto__' },
    { type: 'toString' },
    { type: ['ask'] },
    { type: 'ready', python: 'x'.repeat(101), jspi: true },
    { type: 'ready', python: '3.14', jspi: 1 },
    { type: 'fetch', id: -1, url: '' },
    { type: 'fetch', id: NaN, url: '' },
    { type: 'fetch', id: 1, url: `https://${'x'.repeat(5000)}` },
    { type: 'installed', requirements: 'anyio', loosened: false },
    { type: 'installed', requirements: [1], loosened: false },
    { type: 'installed', requirements: new Array(501).fill(''), loosened: false },
    { type: 'installed', requirements: { length: 1, 0: 'anyio' }, loosened: false },
    { type: 'batch', frame: new Uint8Array(16) },
    { type: 'batch', frame: { byteLength: 16 } },
    { type: 'batch', frame: new ArrayBuffer(LIMITS.message + 1) },
    { type: 'done', exit: { how: 13 } },
  ])('does not pass: %j', (report) => {
    expect(() => checkReport(report)).toThrow(Violation);
  });

  it('is checked or refused, whatever comes', () => {
    const any = fc.anything({ withNullPrototype: true, withTypedArray: true, withMap: true, withDate: true });
    const typed = fc.tuple(fc.constantFrom(...REPORTS), fc.dictionary(fc.string(), any));
    fc.assert(
      fc.property(
        fc.oneof(
          any,
          typed.map(([report, more]) => ({ ...report, ...more })),
        ),
        (value) => {
          for (const check of [checkReport, checkUp]) {
            try {
              check(value);
            } catch (error) {
              expect(error).toBeInstanceOf(Violation);
            }
          }
        },
      ),
    );
  });
});

describe('how a program ended', () => {
  const problem = {
    type: 'ValueError',
    message: 'no',
    text: 'Traceback',
    line: 3,
    column: null,
    endColumn: null,
  };

  it('passes as the worker tells it', () => {
    expect(checkExit(JSON.stringify({ how: 14, code: 1, problem }))).toEqual({
      how: 14,
      code: 1,
      problem: { type: 'ValueError', message: 'no', text: 'Traceback', line: 3 },
    });
    expect(checkExit('{"how": 13, "code": 0, "problem": null}')).toEqual({
      how: 13,
      code: 0,
      problem: undefined,
    });
  });

  it('passes with an exit code beyond what a number holds', () => {
    expect(checkExit('{"how": 13, "code": 1e400, "problem": null}').code).toBe(1);
  });

  it.each(['', 'null', '[]', '{"how": "13", "code": 0}', '{"how": 13, "code": 0, "problem": {"type": 1}}'])(
    'does not pass: %s',
    (json) => {
      expect(() => checkExit(json)).toThrow(Violation);
    },
  );
});
