import { expect, test } from 'vitest';
import { readOptions } from '../../../web/src/embed/options';

test('a playground without wishes shows output and timeline', () => {
  expect(readOptions('')).toEqual({
    panes: ['output', 'timeline'],
    theme: undefined,
    autoload: false,
    readOnly: false,
    fromPage: false,
  });
});

test('what an address asks for is done, and what makes no sense is not', () => {
  expect(readOptions('?panes=timeline+program&theme=dark&autoload&readonly=')).toMatchObject({
    panes: ['program', 'timeline'],
    theme: 'dark',
    autoload: true,
    readOnly: true,
  });
  expect(readOptions('?panes=kitchen&theme=pink&autoload=false')).toMatchObject({
    panes: ['output', 'timeline'],
    theme: undefined,
    autoload: false,
  });
});
