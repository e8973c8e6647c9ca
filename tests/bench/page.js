// What bench_timeline.py puts into the site's page before its own scripts run: a frame counter and an ear on batches.
(() => {
  /** Times of animation frames, ms. */
  const frames = [];
  const longTasks = [];
  const batches = { count: 0, bytes: 0, rows: 0, ms: 0 };
  let act;
  let seen;

  const tick = (now) => {
    frames.push(now);
    act?.();
    seen?.();
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) longTasks.push([startTime, duration]);
  }).observe({ type: 'longtask' });

  // Batches reach the page as messages of a worker or a port: time whoever takes them in.
  for (const { prototype } of [Worker, MessagePort]) {
    const property = Object.getOwnPropertyDescriptor(prototype, 'onmessage');
    Object.defineProperty(prototype, 'onmessage', {
      ...property,
      set(listener) {
        property.set.call(this, (event) => {
          const frame = event.data?.frame;
          if (!(frame instanceof ArrayBuffer)) return listener.call(this, event);
          batches.count++;
          batches.bytes += frame.byteLength;
          batches.rows += new DataView(frame).getUint32(8, true);
          const begin = performance.now();
          listener.call(this, event);
          batches.ms += performance.now() - begin;
        });
      },
    });
  }

  const status = () => document.querySelector('[role=status]')?.textContent ?? '';

  globalThis.bench = {
    now: () => performance.now(),
    /** Resolves with the time of the first frame whose status begins with one of the words. */
    until: (...words) =>
      new Promise((resolve) => {
        seen = () => {
          if (!words.some((word) => status().startsWith(word))) return;
          seen = undefined;
          resolve(performance.now());
        };
      }),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    /** Everything between two moments: lengths of frames and long tasks, ms; and the batches so far. */
    report(from, to) {
      const between = frames.filter((time) => time >= from && time <= to);
      return {
        frames: between.slice(1).map((time, k) => time - between[k]),
        longTasks: longTasks.filter(([begin]) => begin >= from && begin <= to).map(([, length]) => length),
        batches: { ...batches },
        status: status(),
      };
    },
    /** One wheel event a frame, as a trackpad sends them: a list of [times, options]. */
    async wheel(selector, moves) {
      const box = document.querySelector(selector).getBoundingClientRect();
      const at = { clientX: box.x + box.width * 0.55, clientY: box.y + box.height * 0.4 };
      const target = document.elementFromPoint(at.clientX, at.clientY);
      const from = performance.now();
      for (const [times, options] of moves) {
        let left = times;
        await new Promise((resolve) => {
          act = () => {
            if (left-- > 0)
              target.dispatchEvent(
                new WheelEvent('wheel', { bubbles: true, cancelable: true, ...at, ...options }),
              );
            else {
              act = undefined;
              resolve();
            }
          };
        });
      }
      return [from, performance.now()];
    },
  };
})();
