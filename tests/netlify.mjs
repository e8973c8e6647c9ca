// The headers of paths as Netlify reads them: paths as JSON on stdin; per path its headers on stdout.
//
// @netlify/headers-parser is the package with which Netlify's build and its command line (netlify-cli, through
// @netlify/config) read the [[headers]] of netlify.toml, check them and make the expressions that paths are matched by.
// What is left to do is what netlify-cli does with its result: every rule that matches is assigned over those before.

import { readFileSync } from 'node:fs';
import { parseAllHeaders } from '@netlify/headers-parser';

const paths = JSON.parse(readFileSync(0, 'utf8'));
const { headers, errors } = await parseAllHeaders({
  headersFiles: ['dist/_headers'],
  netlifyConfigPath: 'netlify.toml',
  configHeaders: [],
  minimal: false,
});
const answer = Object.fromEntries(
  paths.map((path) => [
    path,
    Object.assign(
      {},
      ...headers.filter(({ forRegExp }) => forRegExp.test(path)).map(({ values }) => values),
    ),
  ]),
);
console.log(JSON.stringify({ errors: errors.map(String), answer }));
