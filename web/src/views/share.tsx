import { useEffect, useRef, useState } from 'preact/hooks';
import { writeClipboard } from './copy';
import { Icon } from './icons';
import type { Actions, Store } from './store';

type Outcome =
  | { kind: 'copied'; what: string }
  | { kind: 'refused'; link: string }
  | { kind: 'failed'; message: string };

/** Long enough to be read. */
const SHOWN_MS = 4000;

/** Copies the link. Where the clipboard is refused it shows the link, selected, to be copied by hand. */
export function ShareButton({ store, actions }: { store: Store; actions: Actions }) {
  const [outcome, setOutcome] = useState<Outcome>();
  const field = useRef<HTMLInputElement>(null);

  const share = async () => {
    try {
      const what =
        store.cursor.value < 0 || store.stale.value ? 'the program' : 'the program and this moment';
      const link = await actions.link();
      setOutcome((await writeClipboard(link)) ? { kind: 'copied', what } : { kind: 'refused', link });
    } catch (error) {
      setOutcome({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };

  useEffect(() => {
    if (outcome?.kind === 'refused') field.current?.select();
    if (outcome?.kind !== 'copied') return;
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  return (
    <div class="share">
      <button type="button" class="plain" onClick={share}>
        <Icon name={outcome?.kind === 'copied' ? 'check' : 'link'} size={14} />
        <span>Share</span>
      </button>
      <div aria-live="polite" class={outcome ? 'share-outcome' : 'share-outcome empty'}>
        {outcome?.kind === 'copied' && `Link copied: ${outcome.what}.`}
        {outcome?.kind === 'failed' && outcome.message}
        {outcome?.kind === 'refused' && (
          <label>
            Copy this link:
            <input ref={field} readOnly value={outcome.link} onFocus={(e) => e.currentTarget.select()} />
          </label>
        )}
        {outcome && outcome.kind !== 'copied' && (
          <button type="button" class="quiet" aria-label="Close" onClick={() => setOutcome(undefined)}>
            <Icon name="close" size={14} />
          </button>
        )}
      </div>
    </div>
  );
}
