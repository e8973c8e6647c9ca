import { expect, test } from 'vitest';
import {
  createMemory,
  type Progress,
  parseProgress,
  writeProgress,
} from '../../../web/src/views/lesson/progress';

const PROGRESS: Progress = {
  queries: { given: [100, null, ['a', 'b'], 'timer'], right: [true, false, true, false], at: '2026-01-01' },
};

class Shelf implements Partial<Storage> {
  readonly kept = new Map<string, string>();
  constructor(private readonly refuse?: Error) {}
  getItem = (key: string): string | null => this.kept.get(key) ?? null;
  setItem = (key: string, value: string): void => {
    if (this.refuse) throw this.refuse;
    this.kept.set(key, value);
  };
  removeItem = (key: string): void => void this.kept.delete(key);
}

const memoryOf = (shelf: Shelf) => createMemory(() => shelf as unknown as Storage);

test('progress survives', () => {
  const shelf = new Shelf();
  expect(memoryOf(shelf).write(PROGRESS)).toBeUndefined();
  expect(memoryOf(shelf).read()).toEqual(PROGRESS);
});

test('cleared progress leaves nothing behind', () => {
  const shelf = new Shelf();
  memoryOf(shelf).write(PROGRESS);
  memoryOf(shelf).write({});
  expect(shelf.kept.size).toBe(0);
});

test('storage that is full, or refused, is told', () => {
  const full = new DOMException('', 'QuotaExceededError');
  expect(memoryOf(new Shelf(full)).write(PROGRESS)).toMatch(/full/);
  expect(memoryOf(new Shelf(new Error('no'))).write(PROGRESS)).toMatch(/refuses/);
  const denied = createMemory(() => {
    throw new DOMException('', 'SecurityError');
  });
  expect(denied.read()).toEqual({});
  expect(denied.write(PROGRESS)).toMatch(/refuses/);
});

test('what makes no sense in a file is left out', () => {
  expect(parseProgress('')).toEqual({});
  expect(parseProgress('[]')).toEqual({});
  expect(parseProgress('{"version": 2, "lessons": {}}')).toEqual({});
  const mixed = { ...PROGRESS, bad: { given: [{}], right: [], at: '' }, worse: 3 } as unknown as Progress;
  expect(parseProgress(writeProgress(mixed))).toEqual(PROGRESS);
});
