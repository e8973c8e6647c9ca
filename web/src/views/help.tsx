import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons';
import { isTyping } from './keys';

/** What is to be seen, and every key. */
export function HelpButton({ shortcut }: { shortcut: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  useEffect(() => {
    // What opened it closes it again, though it lies over the button.
    const toggle = (event: KeyboardEvent) => {
      if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const other = document.querySelector('dialog[open]');
      if (dialog.current?.open) close();
      else if (!other) dialog.current?.showModal();
    };
    addEventListener('keydown', toggle);
    return () => removeEventListener('keydown', toggle);
  }, []);
  return (
    <>
      <button
        type="button"
        class="plain help-button"
        aria-label="Help"
        onClick={() => dialog.current?.showModal()}
      >
        ?
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same */}
      <dialog
        ref={dialog}
        class="help"
        aria-labelledby="help-title"
        closedby="any"
        onClick={({ target, currentTarget }) => {
          // Beside it, in browsers that don't know closedby; and a way to another part of the page.
          if (target === currentTarget || (target as Element).closest('a[href^="#"]')) close();
        }}
      >
        <div class="help-head">
          <h2 id="help-title">What you see</h2>
          <button type="button" class="quiet" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        <p>
          asyncio runs on one event loop: one task at a time. A task runs until it awaits something that is
          not there yet; then the loop runs the next one. Every row of the timeline is a task. The strong bars
          are where it <b>runs</b>; the quiet ones are where it <b>waits</b>, and say for what. A task has the
          name that the program gave it, else its coroutine’s: fetch 3 is asyncio’s Task-3, which runs fetch.
        </p>
        <p>
          Choose a bar: the program’s line lights up, and the panel tells who woke the task, and why. Step
          back and forward to see every moment again.
        </p>
        <p>
          With a finger: drag the timeline to move, pinch it to zoom, tap a bar to select it. Drag along the
          time axis to go through the run.
        </p>
        <p>
          <a class="link" href="#lessons">
            Lessons
          </a>{' '}
          teach all of this from the beginning; the{' '}
          <a class="link" href="./cheat-sheet.html">
            cheat sheet
          </a>{' '}
          has asyncio’s words on one page.
        </p>
        <h3>Keys</h3>
        <dl class="keys">
          <dt>{shortcut}</dt>
          <dd>run the program</dd>
          <dt>Esc, then Tab</dt>
          <dd>leave the editor (Tab alone indents)</dd>
          <dt>, and .</dt>
          <dd>step back and forward through what was recorded</dd>
          <dt>{'< and >'}</dt>
          <dd>the event before, the next: tasks, timers, locks and output, too</dd>
          <dt>t, o, n</dt>
          <dd>the next step of this task, the next output, the next finding; Shift: the one before</dd>
          <dt>F8</dt>
          <dd>pause the running program, continue</dd>
          <dt>F10</dt>
          <dd>while it is paused: run one step</dd>
          <dt>?</dt>
          <dd>open and close this help</dd>
          <dt>Arrows, W A S D</dt>
          <dd>in the timeline: move and zoom</dd>
          <dt>F, Z</dt>
          <dd>in the timeline: fit the whole run, the selected bar</dd>
          <dt>/</dt>
          <dd>in the timeline: filter the tasks, by name, state, what they wait for, or “line 12”</dd>
          <dt>Space</dt>
          <dd>
            in the timeline: hide or show the tasks below this one. Of more than 200 tasks, those that ended
            before what is in view are one row below their parent: Space, a click or a tap shows them
          </dd>
        </dl>
        <h3>Clocks</h3>
        <p>
          The virtual clock jumps to the next timer: a program that sleeps for an hour is over at once, and
          every run is the same. Where asyncio’s order hangs on chance (timers due at the same moment, sets of
          tasks) it takes the order of creation, which nobody guarantees. Slow it down to watch, or choose the
          real clock to wait for real.
        </p>
        <p class="quiet-text">Everything runs here, in your browser.</p>
      </dialog>
    </>
  );
}
