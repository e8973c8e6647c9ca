import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { RunActions, Store } from '../store';
import { typedLately } from './typing';

/** Bytes of a line that reach Python: WORD.TEXT_BYTES in runtime/messages.ts, less its end. */
const LONGEST = 32_767;

/** Where the program's `input()` is answered. It stays until the run ends: a program that asks once may ask again. */
export function InputField(props: { store: Store; actions: RunActions; onEnd: () => void }) {
  const { store, actions, onEnd } = props;
  const field = useRef<HTMLInputElement>(null);
  const state = store.input.value;
  const asked = state === 'asked';
  const there = state !== 'none' && store.running.value;

  // Who types elsewhere is not interrupted: the status says what is waited for.
  useEffect(() => {
    if (asked && !typedLately()) field.current?.focus();
  }, [asked, there]);

  // The field goes with the run: whoever is in it needs another place to be, before it has gone.
  useEffect(
    () =>
      effect(() => {
        if (!store.running.value && field.current && field.current === document.activeElement) onEnd();
      }),
    [],
  );

  if (!there) return null;
  const answer = (text: string | undefined) => {
    if (!asked) return;
    if (field.current) field.current.value = '';
    field.current?.focus();
    actions.answer(text);
  };
  return (
    <form
      class={asked ? 'ask asked' : 'ask'}
      onSubmit={(event) => {
        event.preventDefault();
        const text = field.current?.value ?? '';
        const { length } = new TextEncoder().encode(text);
        if (length <= LONGEST) return answer(text);
        field.current?.setCustomValidity(`A line may have ${LONGEST} bytes. This one has ${length}.`);
        field.current?.reportValidity();
      }}
    >
      <input
        ref={field}
        aria-label="Input for the program"
        placeholder={asked ? 'Type a line, then Enter' : ''}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="send"
        onInput={(event) => event.currentTarget.setCustomValidity('')}
        onKeyDown={(event) => {
          if (event.key !== 'd' || !event.ctrlKey || event.currentTarget.value !== '') return;
          event.preventDefault();
          answer(undefined);
        }}
      />
      <button
        type="button"
        class="plain small"
        title="Tell the program that nothing more will be typed (EOF)  Ctrl+D"
        aria-disabled={!asked}
        onClick={() => answer(undefined)}
      >
        End of input
      </button>
    </form>
  );
}
