import { expect, test } from 'vitest';
import type { LocalsFrame } from '../../../web/src/protocol/decode';
import { Variables } from '../../../web/src/trace/variables';

const frame = (value: string): LocalsFrame[] => [['main', 3, [['n', value]]]];

test('a task’s variables are those told last, at any event', () => {
  const variables = new Variables();
  expect(variables.empty).toBe(true);
  variables.add(4, 1, frame('1'));
  variables.add(6, 2, frame('a'));
  variables.add(9, 1, frame('2'));
  const told = [3, 4, 8, 9, 50].map((event) => variables.at(1, event)[0]?.[2][0]?.[1]);
  expect(told).toEqual([undefined, '1', '1', '2', '2']);
  expect(variables.at(3, 50)).toEqual([]);
  expect(variables.all()).toEqual([
    [4, 1, frame('1')],
    [9, 1, frame('2')],
    [6, 2, frame('a')],
  ]);
});
