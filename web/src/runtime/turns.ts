/** Lets so many pieces of work be under way at once; the others wait, first come first. */
export function createTurns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = [];
  let under = 0;
  return async (work) => {
    if (under < atOnce) under++;
    else await new Promise<void>((go) => queue.push(go));
    try {
      return await work();
    } finally {
      // The place is handed on, not given back: nobody who comes at this moment gets between.
      const next = queue.shift();
      if (next) next();
      else under--;
    }
  };
}
