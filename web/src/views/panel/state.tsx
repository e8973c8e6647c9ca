import { counted } from '../../trace/counted';
import { taskLabel } from '../../trace/reason';
import { type EventIndex, type Id, Kind, type Trace } from '../../trace/trace';
import { Jump } from '../jump';
import { Prose } from '../prose';
import type { Actions, Store } from '../store';
import { instantAt, outputWords, sharedWords, type TaskThere, tasksThere, timerWords } from './moment';
import { sentence } from './words';

/** Rows of a list; the rest is counted. */
const MOST = 200;

/** Everything at one moment: what runs, who is ready in which order, which timers are armed, what each task does. */
export function StateAt({ store, actions }: { store: Store; actions: Actions }) {
  store.version.value;
  const run = store.run.value;
  const { trace } = run;
  if (trace.count === 0) {
    return (
      <>
        <p class="empty">Press Run, then step: the state of every task at any moment is shown here.</p>
        <RecordVariables store={store} />
      </>
    );
  }
  const instant = instantAt(run, store.cursor.value);
  const tasks = tasksThere(trace, instant, MOST);
  const cursor = store.cursor.value;
  const looked = cursor < 0 ? 0 : trace.subject.at(cursor);
  const runs = instant.running
    .map((id) => (id === looked ? doing(trace, id, cursor) : name(trace, id)))
    .join(', ');
  return (
    <div class="moment">
      <section>
        <h3>Runs</h3>
        <p>{runs || 'nothing: the loop waits or is over'}</p>
      </section>
      <section>
        <h3>Ready queue</h3>
        {instant.queue.length === 0 && <p>empty</p>}
        <ol>
          {instant.queue.slice(0, MOST).map(({ subject, run: event }) => (
            <li key={`${subject}-${event}`}>
              {event < 0 ? (
                name(trace, subject)
              ) : (
                <Jump onJump={() => actions.look(event)}>{doing(trace, subject, event)}</Jump>
              )}
            </li>
          ))}
        </ol>
        <More count={instant.queue.length - MOST} />
      </section>
      <section>
        <h3>Timers</h3>
        {instant.timers.length === 0 && <p>none</p>}
        <ul>
          {instant.timers.slice(0, MOST).map((timer) => {
            return (
              <li key={timer.id}>
                {timer.when < instant.clock && 'was due at '}
                {timer.when.toFixed(3)} s: <Prose text={timerWords(trace, instant, timer)} />
              </li>
            );
          })}
        </ul>
        <More count={instant.timers.length - MOST} />
      </section>
      {instant.shared.length > 0 && (
        <section>
          <h3>Locks and queues</h3>
          <ul>
            {instant.shared.slice(0, MOST).map((one) => (
              <li key={one.id}>
                <Prose text={sharedWords(trace, one)} />
              </li>
            ))}
          </ul>
          <More count={instant.shared.length - MOST} />
        </section>
      )}
      <section>
        <h3>Output so far</h3>
        <p>{outputWords(instant.written, run.instants.written(Infinity))}</p>
      </section>
      <section class="moment-tasks">
        <h3>Tasks</h3>
        <RecordVariables store={store} />
        {tasks.length === 0 && <p>none</p>}
        <ul>
          {tasks.map((task) => (
            <TaskRow key={task.id} task={task} actions={actions} />
          ))}
        </ul>
        <More count={instant.tasks.length - MOST} />
      </section>
    </div>
  );
}

function name(of: Trace, id: Id): string {
  return of.task(id) ? taskLabel(of, id) : 'a callback';
}

/** Who runs, or will; of a callback what it is for, as “Selected” tells of its run. */
function doing(of: Trace, id: Id, run: EventIndex): string {
  const told = of.kind.at(run) === Kind.CALLBACK ? sentence(of, run) : '';
  return told ? told.replace(/\.( .*)?$/, '') : name(of, id);
}

/** A switch for the next run. */
function RecordVariables({ store }: { store: Store }) {
  const { variables, run } = store;
  // The trace is no signal: this run's variables come while it runs.
  store.version.value;
  const there = !run.value.trace.variables.empty;
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={variables.value}
        onChange={({ currentTarget }) => {
          variables.value = currentTarget.checked;
        }}
      />
      <span>
        Record variables
        {variables.value && !there && <span class="quiet-text">: from the next run on</span>}
      </span>
    </label>
  );
}

/** What a suspended task's variables hold, frame by frame. */
function Frames({ frames }: Pick<TaskThere, 'frames'>) {
  if (frames.every(([, , variables]) => variables.length === 0)) return null;
  return (
    <dl class="variables">
      {frames.map(([name, line, variables], k) =>
        variables.map(([variable, value]) => (
          <div key={`${k}-${variable}`}>
            <dt>
              {frames.length > 1 && (
                <span class="quiet-text" title={`In ${name}, line ${line}`}>
                  {name}.
                </span>
              )}
              {variable}
            </dt>
            <dd>{value}</dd>
          </div>
        )),
      )}
    </dl>
  );
}

function TaskRow({ task, actions }: { task: TaskThere; actions: Actions }) {
  const { line, event, frames } = task;
  return (
    <li class={`state state-${task.kind}`}>
      {event < 0 ? <b>{task.label}</b> : <Jump onJump={() => actions.look(event)}>{task.label}</Jump>}{' '}
      <Prose text={task.text} />
      {line !== undefined && (
        <Jump class="link quiet-text" onJump={() => actions.goToLine(line)}>
          line {line}
        </Jump>
      )}
      <Frames frames={frames} />
    </li>
  );
}

function More({ count }: { count: number }) {
  return count > 0 ? <p class="quiet-text">and {counted(count)} more</p> : null;
}
