import type { Signal } from '@preact/signals';
import { Icon } from './icons';
import type { Notice } from './store';

/** What the page has to say, what can be done about it, and a way to put it away. */
export function NoticeBar({ told }: { told: Signal<Notice | undefined> }) {
  const notice = told.value;
  if (!notice) return null;
  const { action } = notice;
  const dismiss = () => {
    told.value = undefined;
    notice.onDismiss?.();
  };
  const kind = notice.asks ? 'notice asks' : notice.urgent ? 'notice urgent' : 'notice';
  return (
    <div class={kind} role={notice.urgent ? 'alert' : undefined}>
      <p>{notice.text}</p>
      {action && (
        <button type="button" class="plain small" onClick={action.run}>
          {action.label}
        </button>
      )}
      {notice.dismissLabel ? (
        <button type="button" class="plain small" onClick={dismiss}>
          {notice.dismissLabel}
        </button>
      ) : (
        <button type="button" class="quiet" aria-label="Dismiss" onClick={dismiss}>
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  );
}
