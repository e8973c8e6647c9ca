import { counted } from '../../trace/counted';
import { decimals, pathTitle } from '../../trace/narrate';
import { pathLinks } from '../../trace/path';
import type { EventIndex, Trace } from '../../trace/trace';
import { Jump } from '../jump';
import { Prose } from '../prose';
import type { Actions, Problem, Store } from '../store';
import { notes } from './notes';
import { runAround } from './words';

export interface Finding {
  id: string;
  title: string;
  text: string;
  lines: number[];
  why?: string;
  advice?: string;
  /** Where to look on the timeline. */
  event?: EventIndex | undefined;
  /** Nothing is wrong: it is good to know. */
  quiet?: boolean;
}

/** What a run shows: how it failed, what the analysis found, what was not recorded. */
export function findings(trace: Trace, problem: Problem | undefined): Finding[] {
  const list: Finding[] = [];
  if (problem) {
    list.push({
      id: 'failed',
      title: problem.type,
      text: problem.message || 'The program ended with this exception.',
      lines: problem.line === undefined ? [] : [problem.line],
    });
  }
  for (const [place, { kind, title, text, why, advice, lines, events }] of (trace.findings ?? []).entries())
    list.push({ id: `${kind} ${place}`, title, text, why, advice, lines, event: events[0] });
  if (trace.problem) {
    list.push({
      id: 'tracer',
      title: 'Loopscope failed to record something',
      text: `The program ran on unharmed, but this trace may lack events (${trace.problem}).`,
      lines: [],
    });
  }
  if (trace.lost > 0) {
    list.push({
      id: 'lost',
      title: `${counted(trace.lost)} events were not recorded`,
      text: 'The run made more events than the page could take. What is shown is true, but it is not everything.',
      lines: [],
    });
  }
  for (const { event, ...note } of notes(trace)) {
    const around = runAround(trace, event);
    list.push({ ...note, event: around < 0 ? undefined : around, quiet: true });
  }
  return list;
}

/** How many there are that want to be seen. */
export function findingsCount(store: Store): number {
  store.version.value;
  return findings(store.run.value.trace, store.problem.value).filter(({ quiet }) => !quiet).length;
}

export function Findings({ store, actions }: { store: Store; actions: Actions }) {
  store.version.value;
  const list = findings(store.run.value.trace, store.problem.value);
  return (
    <>
      <ul class="findings" aria-label="Findings">
        {list.map((finding) => (
          <li key={finding.id} class={finding.quiet ? 'noted' : finding.id === 'failed' ? 'failure' : ''}>
            <h3>
              <Prose text={finding.title} />
            </h3>
            <p>
              <Prose text={finding.text} />
            </p>
            {finding.why && (
              <p>
                {finding.why} {finding.advice}
              </p>
            )}
            <p class="places">
              {finding.event !== undefined && (
                <Jump onJump={() => actions.look(finding.event as EventIndex)}>Show on the timeline</Jump>
              )}
              {finding.lines.map((line) => (
                <Jump key={line} onJump={() => actions.goToLine(line)}>
                  Line {line}
                </Jump>
              ))}
            </p>
          </li>
        ))}
        {list.length === 0 && (
          <li class="empty">
            {store.run.value.trace.findings ? 'Nothing found in this run.' : 'No findings yet.'}
          </li>
        )}
      </ul>
      <CriticalPath store={store} actions={actions} />
    </>
  );
}

/** Links that are listed; the rest is counted. */
const MOST_LINKS = 100;

/** The chain of steps and waits that determined the run's length, one sentence a link. */
function CriticalPath({ store, actions }: { store: Store; actions: Actions }) {
  store.version.value;
  const { trace } = store.run.value;
  const path = pathLinks(trace);
  if (path.length === 0) return null;
  const digits = decimals(path.map(({ begin }) => begin));
  return (
    <section class="critical" aria-label="Critical path">
      <div class="told-head">
        <h3>{pathTitle(trace)}</h3>
        <label>
          <input
            type="checkbox"
            checked={store.path.value}
            onChange={(event) => {
              store.path.value = event.currentTarget.checked;
            }}
          />{' '}
          Show on the timeline
        </label>
      </div>
      <ol class="told" aria-label="Critical path, link by link">
        {path.slice(0, MOST_LINKS).map((link) => (
          <li key={`${link.event} ${link.begin} ${link.text}`}>
            <Jump class="told-step" onJump={() => actions.look(runAround(trace, link.event))}>
              <span class="told-t">{link.begin.toFixed(digits)} s</span>
              <span>
                <Prose text={link.text} />
              </span>
            </Jump>
          </li>
        ))}
      </ol>
      {path.length > MOST_LINKS && <p>and {path.length - MOST_LINKS} more links</p>}
    </section>
  );
}
