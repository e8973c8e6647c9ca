import { afterEach, expect, test, vi } from 'vitest';
import { recall, remember } from '../../../web/src/views/memory';

afterEach(() => vi.unstubAllGlobals());

test('a number is remembered, and forgotten again', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  expect(recall('--split-main', 15, 85)).toBeUndefined();
  remember('--split-main', 42.5);
  expect(recall('--split-main', 15, 85)).toBe(42.5);
  expect(recall('--split-main', 15, 40)).toBeUndefined();
  remember('--split-main', undefined);
  expect(kept.size).toBe(0);
});

test('what is no number is not taken for one', () => {
  for (const text of ['', 'wide', 'NaN', '{}']) {
    vi.stubGlobal('localStorage', { getItem: () => text });
    expect(recall('--split-main', 0, 85)).toBeUndefined();
  }
});

test('where storage is refused nothing breaks', () => {
  const refuse = () => {
    throw new Error('The operation is insecure.');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  remember('--split-main', 30);
  expect(recall('--split-main', 15, 85)).toBeUndefined();
});
