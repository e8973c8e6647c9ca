import { useState } from 'preact/hooks';
import { Icon } from './icons';

/** Copies a text made at the moment of the click, and says so for a while. */
export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [said, say] = useState('');
  const copy = async () => {
    const outcome = await writeClipboard(text());
    say(outcome ? 'Copied' : 'The browser refused');
    setTimeout(() => say(''), 2000);
  };
  return (
    <button type="button" class="quiet" aria-label={label} title={label} onClick={copy}>
      <Icon name={said === 'Copied' ? 'check' : 'copy'} size={14} />
      <span class="said" aria-live="polite">
        {said}
      </span>
    </button>
  );
}

/** Whether the text is on the clipboard now. */
export async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // refused, or there is no clipboard (an insecure origin)
  }
}
