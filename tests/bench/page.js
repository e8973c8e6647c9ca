// What bench_timeline.py puts into the site's page before its own scripts run: a frame counter and an ear on batches.
(() => {
  /** Times of animation frames, ms. */
  const frames = [];
  const longTasks = [];
  const batches = { count: 0, bytes: 0, rows: 0, ms: 0 };
  let act;
  let seen;
  /** What takes the place of a run's own batches: it is given a way to hand others over. */
  let feeding;

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
        const take = (event) => {
          const { data } = event;
          // The sandbox's frame wraps what the worker said.
          const frame = data?.frame ?? data?.report?.frame;
          if (!(frame instanceof ArrayBuffer)) return listener.call(this, event);
          if (feeding && !event.fed) {
            const wrapped = (bytes) =>
              data.report ? { ...data, report: { ...data.report, frame: bytes } } : { ...data, frame: bytes };
            return feeding((bytes) => take({ fed: true, data: wrapped(bytes) }));
          }
          batches.count++;
          batches.bytes += frame.byteLength;
          batches.rows += new DataView(frame).getUint32(8, true);
          const begin = performance.now();
          listener.call(this, event);
          batches.ms += performance.now() - begin;
        };
        property.set.call(this, take);
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
    /**
     * From the next run's first batch on its batches are put out of their place by a file's, so many events a second, as they
     * would come: in messages of their own. Resolves with the times of the first and the last.
     */
    async feed(url, rate) {
      const file = await (await fetch(url)).arrayBuffer();
      const view = new DataView(file);
      const parts = [];
      for (let at = 0, events = 0; at < file.byteLength; ) {
        const end = at + 16 + Math.ceil(view.getUint32(at + 4, true) / 8) * 8 + view.getUint32(at + 8, true) * 64;
        parts.push({ due: (events / rate) * 1000, bytes: file.slice(at, end) });
        events += view.getUint32(at + 8, true);
        at = end;
      }
      return new Promise((resolve) => {
        feeding = (take) => {
          feeding = () => undefined;
          const from = performance.now();
          const { port1, port2 } = new MessageChannel();
          let next = 0;
          let taken = 0;
          // A task for each, as for those of a worker: a page that is late is not made later by it.
          port1.addEventListener('message', ({ data }) => {
            take(data);
            if (++taken === parts.length) resolve([from, performance.now()]);
          });
          port1.start();
          const timer = setInterval(() => {
            for (; next < parts.length && performance.now() - from >= parts[next].due; next++)
              port2.postMessage(parts[next].bytes, [parts[next].bytes]);
            if (next === parts.length) clearInterval(timer);
          }, 5);
        };
      });
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
