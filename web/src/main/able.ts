/** What no program runs without, and how to say that a browser lacks it. */

const ESSENTIALS: Readonly<Record<string, (scope: typeof globalThis) => unknown>> = {
  WebAssembly: (scope) => scope.WebAssembly?.compileStreaming,
  'web workers': (scope) => scope.Worker,
  'message channels': (scope) => scope.MessageChannel,
  'transform streams': (scope) => scope.TransformStream,
  'promises with resolvers': (scope) => scope.Promise.withResolvers,
};

/** Names of what is missing, for people. */
export function lacking(scope: typeof globalThis = globalThis): string[] {
  return Object.entries(ESSENTIALS)
    .filter(([, find]) => !find(scope))
    .map(([name]) => name);
}

export function lackingWords(names: readonly string[]): string {
  return `This browser has no ${names.join(', no ')}, and Python needs that: programs can’t run here. What was recorded can be looked at, and programs can be read and shared. A current Chrome, Edge, Firefox or Safari runs them.`;
}
