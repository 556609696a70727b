/**
 * The QuickJS runtime that makes plain synchronous components never runs its job queue, so a native promise never
 * settles. Every host function is synchronous; a queue of our own, run to its end before the exported function
 * returns, is therefore a complete event loop. The build lowers `async` functions to generators, so that `await`
 * goes through the replaced `Promise` too.
 */
const queue: (() => void)[] = [];

export function runMicrotasks(): void {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) job();
}

const enqueue = (job: () => void): void => {
  queue.push(job);
};

/** What the `Promise` that takes the native one's place finds while it loads; `polyfilled` clears away. */
const scope = globalThis as Record<string, unknown>;
scope["queueMicrotask"] = enqueue;
scope["setImmediate"] = (job: (...values: unknown[]) => void, ...values: unknown[]) =>
  enqueue(() => job(...values));
scope["clearImmediate"] = () => {};
delete scope["Promise"];

export function polyfilled(): void {
  delete scope["setImmediate"];
  delete scope["clearImmediate"];
}
