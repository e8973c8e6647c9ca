import type { EventIndex, Trace } from '../../trace/trace';
import { Jump } from '../jump';
import type { Actions, Problem, Store } from '../store';

export interface Finding {
  id: string;
  title: string;
  text: string;
  lines: number[];
  why?: string;
  advice?: string;
  /** Where to look on the timeline. */
  event?: EventIndex | undefined;
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
  if (trace.lost > 0) {
    list.push({
      id: 'lost',
      title: `${trace.lost.toLocaleString('en')} events were not recorded`,
      text: 'The run made more events than the page could take. What is shown is true, but it is not everything.',
      lines: [],
    });
  }
  return list;
}

export function Findings({ store, actions }: { store: Store; actions: Actions }) {
  store.version.value;
  const list = findings(store.run.value.trace, store.problem.value);
  return (
    <ul class="findings" aria-label="Findings">
      {list.map((finding) => (
        <li key={finding.id} class={finding.id === 'failed' ? 'failure' : ''}>
          <h3>{finding.title}</h3>
          <p>{finding.text}</p>
          {finding.why && (
            <p>
              {finding.why} {finding.advice}
            </p>
          )}
          {finding.event !== undefined && (
            <Jump onJump={() => actions.look(finding.event as EventIndex)}>Show on the timeline</Jump>
          )}
          {finding.lines.map((line) => (
            <Jump key={line} onJump={() => actions.goToLine(line)}>
              Line {line}
            </Jump>
          ))}
        </li>
      ))}
      {list.length === 0 && (
        <li class="empty">
          {store.run.value.trace.findings ? 'Nothing found in this run.' : 'No findings yet.'}
        </li>
      )}
    </ul>
  );
}
