// The script of the sandbox: a frame of no origin that owns the interpreters of a page. It runs as it stands here, inline in
// the frame's document; the Content Security Policy in netlify.toml knows it by its hash (`npm run generate` writes it there).
//
//     page ──port──▶ frame ──▶ worker      commands are handed on; words of shared memory are written here, where the
//     page ◀──port── frame ◀── worker      memory was made: it can't leave the frame's origin
//
// It knows nothing of what it hands on, but lets no flood through: the page must not even have to read one.

/** @typedef {import('./messages').Down} Down */
/** @typedef {import('./messages').Up} Up */
/** @typedef {{ worker: Worker, words: Int32Array | undefined }} Cell */

(() => {
  /** @type {Map<number, Cell>} */
  const cells = new Map();
  /** @type {MessagePort} */
  let page;
  let script = '';
  /** @type {Blob} */
  let source;
  /** @type {PromiseWithResolvers<import('../assets').Files>} */
  const files = Promise.withResolvers();
  /** @type {PromiseWithResolvers<import('../assets').Large>} */
  const core = Promise.withResolvers();
  const headers = { 'content-type': 'application/wasm' };
  const compiled = core.promise.then((core) => WebAssembly.compileStreaming(new Response(core, { headers })));
  compiled.catch(() => {});
  /** @type {PromiseWithResolvers<import('../assets').Large>} */
  const rest = Promise.withResolvers();
  /** @type {WebAssembly.Module | undefined} */
  let more;
  const complete = rest.promise.then(async (rest) => {
    more = await WebAssembly.compileStreaming(new Response(rest, { headers }));
    // Those that are there already need not wait for it, should they come to where it is needed.
    for (const { worker } of cells.values()) worker.postMessage({ type: 'rest', rest: more });
    return more;
  });
  complete.catch(() => {});

  /** @param {Up} message @param {Transferable[]} [transfer] */
  const tell = (message, transfer = []) => page.postMessage(message, transfer);

  /** @param {number} id @param {string} reason */
  function lose(id, reason) {
    cells.get(id)?.worker.terminate();
    cells.delete(id);
    tell({ type: 'lost', id, reason });
  }

  /** @param {Extract<Down, { type: 'spawn' }>} order */
  function spawn(order) {
    const { id, command, shared, limits } = order;
    const worker = new Worker(script, { name: 'Python' });
    const memory = shared && self.crossOriginIsolated ? new SharedArrayBuffer(shared) : undefined;
    cells.set(id, { worker, words: memory && new Int32Array(memory) });
    let since = performance.now();
    let messages = 0;
    let bytes = 0;
    worker.onmessage = ({ data }) => {
      if (!cells.has(id)) return;
      const now = performance.now();
      if (now - since > 1000) {
        since = now;
        messages = bytes = 0;
      }
      /** @type {ArrayBuffer[]} */
      const transfer = [];
      const size = weigh(data, transfer, 3);
      bytes += size;
      if (!(size <= limits.message)) return lose(id, 'size');
      if (++messages > limits.messages || bytes > limits.bytes) return lose(id, 'rate');
      tell({ type: 'report', id, report: data }, transfer);
    };
    worker.onmessageerror = () => lose(id, 'size');
    worker.onerror = (event) => {
      event.preventDefault();
      // WebKit starts no worker from a blob where there is no origin: no word of why. From a data: address it does.
      if (event.message === undefined && cells.has(id) && script.startsWith('blob:')) return again(order);
      if (cells.has(id)) tell({ type: 'error', id, message: String(event.message).slice(0, 1000) });
    };
    compiled
      .then(async (module) => {
        const rest = more ?? (memory && command.restores ? undefined : await complete);
        worker.postMessage({ ...command, module, rest, shared: memory });
        // The core needs some time to get ready for them.
        worker.postMessage({ type: 'files', files: await files.promise });
      })
      .catch((error) => lose(id, String(error).slice(0, 500)));
  }

  /** @param {Extract<Down, { type: 'spawn' }>} order */
  function again(order) {
    const reader = new FileReader();
    reader.onload = () => {
      script = String(reader.result);
      if (cells.has(order.id)) spawn(order);
    };
    reader.readAsDataURL(source);
  }

  /**
   * Bytes that a message holds, about; NaN for what no message of ours looks like.
   * @param {unknown} value @param {ArrayBuffer[]} buffers found in it @param {number} depth
   * @returns {number}
   */
  function weigh(value, buffers, depth) {
    if (typeof value === 'string') return 8 + value.length;
    if (typeof value !== 'object' || value === null) return 8;
    if (value instanceof ArrayBuffer) {
      buffers.push(value);
      return 8 + value.byteLength;
    }
    const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
    const parts = plain && depth > 0 ? Object.entries(value) : [];
    if (!plain || depth === 0 || parts.length > 1000) return NaN;
    return parts.reduce((sum, [key, part]) => sum + 8 + key.length + weigh(part, buffers, depth - 1), 8);
  }

  /** @param {Extract<Down, { type: 'words' }>} order */
  function write({ id, unless, writes, text, wake }) {
    const words = cells.get(id)?.words;
    if (!words || (unless !== undefined && Atomics.load(words, unless))) return;
    if (text) new Uint8Array(words.buffer, text.at).set(text.bytes);
    for (const [word, value, expected] of writes) {
      if (expected === undefined) Atomics.store(words, word, value);
      else Atomics.compareExchange(words, word, expected, value);
    }
    if (wake === undefined) return;
    Atomics.add(words, wake, 1);
    Atomics.notify(words, wake);
  }

  /** @param {Down} order */
  function obey(order) {
    if (order.type === 'script') {
      source = new Blob(order.parts, { type: 'text/javascript' });
      script = URL.createObjectURL(source);
    } else if (order.type === 'core') core.resolve(order.core);
    else if (order.type === 'rest') rest.resolve(order.rest);
    else if (order.type === 'files') files.resolve(order.files);
    else if (order.type === 'spawn') spawn(order);
    else if (order.type === 'send') cells.get(order.id)?.worker.postMessage(order.command, order.transfer);
    else if (order.type === 'words') write(order);
    else if (order.type === 'ping') tell({ type: 'pong' });
    else {
      cells.get(order.id)?.worker.terminate();
      cells.delete(order.id);
    }
  }

  /** @param {boolean} blobs whether the page's can be read */
  function opened(blobs) {
    tell({ type: 'open', shared: self.crossOriginIsolated, blobs });
  }

  addEventListener('message', function open(event) {
    const port = event.ports[0];
    if (event.source !== parent || !port) return;
    removeEventListener('message', open);
    page = port;
    page.onmessage = ({ data }) => obey(data);
    // WebKit reads no blob where there is no origin.
    new Response(event.data).text().then(
      () => opened(true),
      () => opened(false),
    );
  });
})();
