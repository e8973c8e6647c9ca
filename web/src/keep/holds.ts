/** Which programs are open in a tab now. A lock goes with its tab, however that ends. */

export interface Holds {
  /** Take a program for this tab, give back the one before; whether it became this tab's. '' takes none. */
  take(id: string): Promise<boolean>;
  /** Programs that other tabs have. */
  elsewhere(): Promise<Set<string>>;
}

/** A page that is reloaded may find its program held by itself, for a moment. */
const PATIENCE_MS = 1000;
const PREFIX = 'loopscope program ';

/** `locks` undefined, as on insecure origins: nobody knows of others, and revisions alone keep tabs apart. */
export function createHolds(locks: LockManager | undefined): Holds {
  let held = '';
  let release = (): void => {};
  let turn = 0;

  /** Ask for the lock, and keep it if it is `wanted` still; whether it is this tab's. */
  function hold(
    locks: LockManager,
    id: string,
    options: LockOptions,
    wanted: () => boolean,
  ): Promise<boolean> {
    return new Promise<boolean>((resolve) => {
      const asked = locks.request(PREFIX + id, options, (lock) => {
        const mine = lock !== null && wanted();
        resolve(mine);
        if (!mine) return undefined;
        held = id;
        return new Promise<void>((done) => {
          release = done;
        });
      });
      // In vain: another tab has it. Refused altogether: as if there were no locks.
      asked.catch((error: unknown) =>
        resolve(!(error instanceof DOMException && /^(Timeout|Abort)Error$/.test(error.name))),
      );
    });
  }

  return {
    async take(id) {
      if (id === held && id !== '') return true;
      release();
      release = () => {};
      held = '';
      const mine = ++turn;
      if (id === '' || !locks) return true;
      const ask = (options: LockOptions): Promise<boolean> => hold(locks, id, options, () => mine === turn);
      // A page that is busy hears late of a lock that is its own: the clock decides nothing, whoever has it does.
      return (
        (await ask({ ifAvailable: true })) ||
        (await ask({ signal: AbortSignal.timeout(PATIENCE_MS) })) ||
        (await ask({ ifAvailable: true }))
      );
    },
    async elsewhere() {
      const found = (await locks?.query().catch(() => undefined))?.held ?? [];
      const ids = found
        .map(({ name = '' }) => name)
        .filter((name) => name.startsWith(PREFIX))
        .map((name) => name.slice(PREFIX.length));
      return new Set(ids.filter((id) => id !== held));
    },
  };
}
