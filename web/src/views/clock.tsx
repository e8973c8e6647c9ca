import type { Clock, Store } from './store';

/** Virtual seconds in a real one, for watching. */
const PACES = [1, 0.1, 0.01, 0.001];

/** 'virtual', 'virtual 0.1' or 'real': what the menu's choice stands for. */
export function readChoice(choice: string): { clock: Clock; pace: number } {
  const [clock, pace] = choice.split(' ');
  return { clock: clock === 'real' ? 'real' : 'virtual', pace: Number(pace ?? 0) };
}

export function choiceOf(clock: Clock, pace: number): string {
  return clock === 'virtual' && pace > 0 ? `virtual ${pace}` : clock;
}

/** Which clock the program runs by, and how fast the virtual one goes. */
export function ClockMenu({ store }: { store: Store }) {
  const chosen = choiceOf(store.clock.value, store.pace.value);
  // A link may ask for another one.
  const paces = [...new Set([...PACES, store.pace.value])].filter((pace) => pace > 0).sort((a, b) => b - a);
  return (
    <label
      class="clock"
      title="Virtual: time jumps to the next timer, or goes as slowly as you like to watch, and every run is the same. Real: your clock."
    >
      <span>Clock</span>
      <select
        value={chosen}
        onChange={(event) => {
          const { clock, pace } = readChoice(event.currentTarget.value);
          store.clock.value = clock;
          store.pace.value = pace;
        }}
      >
        <option value="virtual">virtual</option>
        <optgroup label="virtual, slowed down to watch">
          {paces.map((pace) => (
            <option key={pace} value={`virtual ${pace}`}>
              virtual, {pace}×
            </option>
          ))}
        </optgroup>
        <option value="real">real</option>
      </select>
    </label>
  );
}
