import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readQuestions } from '../../../web/src/lessons/lesson';
import { decodeLink, encodeLink } from '../../../web/src/share/permalink';

const ORDER = { ask: 'order', question: 'Which first?', line: ['a', 'b'] };
const DURATION = { ask: 'duration', question: 'How long?', unit: 'ms', tolerance: '5' };

test('a link carries what is asked', async () => {
  const link = await decodeLink(await encodeLink({ code: 'print(1)', quiz: [ORDER, DURATION] }));
  expect(readQuestions(link?.quiz)).toEqual([ORDER, DURATION]);
});

test('a link without questions, as they were made before, opens as ever', async () => {
  const link = await decodeLink(await encodeLink({ code: 'print(1)' }));
  expect(readQuestions(link?.quiz)).toEqual([]);
});

test('what is no question is left out', () => {
  expect(
    readQuestions([
      null,
      'order',
      { ...ORDER, line: ['a'] },
      { ...ORDER, line: ['a', 'a'] },
      { ...ORDER, line: ['a', 2] },
      { ...ORDER, question: '' },
      { ...ORDER, line: Array.from({ length: 99 }, String) },
      { ...DURATION, unit: 'toString' },
      { ...DURATION, tolerance: 'much' },
      { ask: 'waker', question: '?', task: 'main', option: ['a', 'b'], resume: '-1' },
      { ask: '__proto__', question: '?' },
      ORDER,
    ]),
  ).toEqual([ORDER]);
});

test('nothing that a link may hold breaks the reading', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(Array.isArray(readQuestions(value))).toBe(true);
    }),
  );
});
