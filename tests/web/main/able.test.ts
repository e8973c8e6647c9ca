import { expect, test } from 'vitest';
import { lacking, lackingWords } from '../../../web/src/main/able';

test('what a browser lacks is named', () => {
  const whole = {
    WebAssembly: { compileStreaming() {} },
    Worker() {},
    MessageChannel() {},
    TransformStream() {},
    Promise: { withResolvers() {} },
  } as unknown as typeof globalThis;
  expect(lacking(whole)).toEqual([]);
  const old = { ...whole, WebAssembly: undefined, Promise: {} } as unknown as typeof globalThis;
  expect(lacking(old)).toEqual(['WebAssembly', 'promises with resolvers']);
  expect(lackingWords(lacking(old))).toMatch(
    /^This browser has no WebAssembly, no promises with resolvers, /,
  );
});
