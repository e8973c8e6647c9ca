import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import { createAddress } from '../../../web/src/embed/address';
import { decodeLink, encodeLink, type Link } from '../../../web/src/share/permalink';

function embedded(encode: typeof encodeLink) {
  const store = { code: signal('print()'), clock: signal<'virtual' | 'real'>('virtual'), pace: signal(0) };
  const settings = signal<Partial<Link>>({});
  return { store, settings, address: createAddress(store, settings, encode) };
}

test('the address holds the program, its clock, its pace and what else it came with, as they are now', async () => {
  let made: Promise<string> = Promise.resolve('');
  const { store, settings, address } = embedded((link) => {
    made = encodeLink(link);
    return made;
  });
  const linked = async () => {
    await made;
    await Promise.resolve();
    return decodeLink(address.value.replace('./', ''));
  };
  expect(await linked()).toMatchObject({ code: 'print()', pace: undefined, seed: undefined });
  store.pace.value = 2;
  expect(await linked()).toMatchObject({ code: 'print()', clock: 'virtual', pace: 2 });
  // Another program may differ from the one before in these alone.
  settings.value = { seed: 7, requirements: ['attrs==25.1'] };
  expect(await linked()).toMatchObject({ pace: 2, seed: 7, requirements: ['attrs==25.1'] });
});

test('a link that is made late is not taken for the one of what is shown now', async () => {
  const answers: { answer(fragment: string): void; refuse(): void }[] = [];
  const { store, address } = embedded(
    () => new Promise((answer, refuse) => answers.push({ answer, refuse: () => refuse(new Error()) })),
  );
  store.code.value = 'second';
  store.code.value = 'third';
  const [first, second, third] = answers;
  third?.answer('#third');
  second?.answer('#second');
  first?.refuse();
  await new Promise((done) => setTimeout(done));
  expect(address.value).toBe('./#third');
  store.code.value = 'too large';
  answers.at(-1)?.refuse();
  await new Promise((done) => setTimeout(done));
  expect(address.value).toBe('./');
});
