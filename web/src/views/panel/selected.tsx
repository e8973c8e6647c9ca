import { Jump } from '../jump';
import { Prose } from '../prose';
import type { Actions, Store } from '../store';
import { type Description, describe, describePresent, type Fact } from './describe';

/** The step that is looked at, in words. */
export function Selected({ store, actions }: { store: Store; actions: Actions }) {
  store.version.value;
  const { trace, tracks, steps } = store.run.value;
  const cursor = store.cursor.value;
  const now = store.present.value && store.running.value ? describePresent(tracks) : undefined;
  if (now) return <Facts {...now} actions={actions} />;
  if (cursor < 0 || cursor >= trace.count) {
    return (
      <p class="empty">
        {trace.exit && steps.count === 0
          ? 'No task ran in this run, so there is no step to look at.'
          : trace.count === 0
            ? 'Press Run: every step of every task is recorded.'
            : 'Choose a bar of the timeline, or step forward: here is why that step ran, and what it waited for.'}
      </p>
    );
  }
  tracks.read();
  return <Facts {...describe(tracks, cursor)} actions={actions} />;
}

function Facts({ title, facts, actions }: Description & { actions: Actions }) {
  return (
    <>
      <h3>
        <Prose text={title} />
      </h3>
      <dl class="facts">
        {facts.map((fact) => (
          <FactRow key={fact.term} fact={fact} actions={actions} />
        ))}
      </dl>
    </>
  );
}

function FactRow({ fact, actions }: { fact: Fact; actions: Actions }) {
  const { term, text, line, event } = fact;
  const go =
    event !== undefined && event >= 0
      ? () => actions.look(event)
      : line
        ? () => actions.goToLine(line)
        : undefined;
  const prose = <Prose text={text} />;
  return (
    <>
      <dt>{term}</dt>
      <dd>{go ? <Jump onJump={go}>{prose}</Jump> : prose}</dd>
    </>
  );
}
