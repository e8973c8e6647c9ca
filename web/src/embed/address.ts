/** The address at which Loopscope opens what a playground shows. */
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { encodeLink, type Link } from '../share/permalink';
import type { Store } from '../views/store';

/** `settings`: what else the program came with. './' where there is no such link. */
export function createAddress(
  { code, clock, pace }: Pick<Store, 'code' | 'clock' | 'pace'>,
  settings: ReadonlySignal<Partial<Link>>,
  encode = encodeLink,
): ReadonlySignal<string> {
  const address = signal('');
  let latest = 0;
  effect(() => {
    const turn = ++latest;
    const tell = (fragment: string): void => {
      // A small program's link may be made before the large one's that it took the place of.
      if (turn === latest) address.value = `./${fragment}`;
    };
    const link = { ...settings.value, code: code.value, clock: clock.value, pace: pace.value || undefined };
    void encode(link).then(tell, () => tell(''));
  });
  return address;
}
