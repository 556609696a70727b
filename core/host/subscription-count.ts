/** Says that somebody follows a stream; the answer says that it ended. */
export type CountSubscriber = (stream: string) => () => void;

/** The same stream, counted from its first read to its end, however it ends. */
export async function* counted<T>(
  source: AsyncIterable<T>,
  stream: string,
  count: CountSubscriber,
): AsyncGenerator<T, void, undefined> {
  const end = count(stream);
  try {
    yield* source;
  } finally {
    end();
  }
}

/** All subscriptions of the window, each counted under its name. */
export function countedSources<Sources extends object>(count: CountSubscriber, sources: Sources): Sources {
  const entries = Object.entries(sources).map(([name, open]) => [
    name,
    // Each source stays with its own name, input and events; only the iteration is wrapped.
    (...given: unknown[]) =>
      counted((open as (...given: unknown[]) => AsyncIterable<unknown>)(...given), name, count),
  ]);
  return Object.fromEntries(entries) as Sources;
}
