// A Vite plugin: what the page's head says so that Python starts early. The browser is told to fetch an interpreter's scripts as
// soon as it reads the page, and its first script, small, makes the sandbox and asks for the rest of what an interpreter is made
// of while the page comes. That rest is large, and is not preloaded: it would come through the page's thread.

const files = [/^runtime\/.*\/pyodide\.js$/, /^assets\/worker-.*\.js$/];

/** @param {string} script the first script, below Vite's root @returns {import('vite').Plugin} */
export function start(script) {
  let base = '/';
  return {
    name: 'start',
    apply: 'build',
    configResolved(config) {
      base = config.base;
    },
    transformIndexHtml: {
      order: 'post',
      handler(html, { filename, bundle }) {
        if (!filename.endsWith('/index.html') || !bundle) return undefined;
        const entry = Object.values(bundle).find(
          (one) => one.type === 'chunk' && one.facadeModuleId?.endsWith(`/${script}`),
        );
        if (entry?.type !== 'chunk') throw new Error(`the build made nothing of ${script}.`);
        const first = `<script type="module" crossorigin src="${base}${entry.fileName}"></script>\n    `;
        // Scripts run in their order: before the page's own.
        const [before, after, ...more] = html.split('<script type="module"');
        if (after === undefined || more.length) throw new Error('index.html has not one script any more.');
        return {
          html: `${before}${first}<script type="module"${after}`,
          tags: files
            .map((name) => Object.keys(bundle).find((path) => name.test(path)))
            // Where the build made no memory, there is one less.
            .filter((path) => path !== undefined)
            .map((path) => ({
              tag: 'link',
              attrs: { rel: 'preload', as: 'fetch', crossorigin: '', href: base + path },
              injectTo: /** @type {const} */ ('head'),
            })),
        };
      },
    },
  };
}
