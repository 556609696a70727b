export type Listener = () => void;
/** Ends the subscription; calling it twice is harmless. */
export type Unsubscribe = () => void;

/** What a view may do with state: look and be told. */
export interface Readable<T> {
  get(): T;
  subscribe(listener: Listener): Unsubscribe;
}

export interface Store<T> extends Readable<T> {
  /** Replaces the value; listeners hear of it only when it is another one. */
  set(next: T): void;
  update(change: (current: T) => T): void;
}

/** A value that can be watched. Values are immutable: a change is a new object. Knows nothing of React or the DOM. */
export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<Listener>();
  const set = (next: T): void => {
    if (Object.is(value, next)) return;
    value = next;
    // A copy, because a listener may unsubscribe itself or others while it is told.
    for (const listener of [...listeners]) listener();
  };
  return {
    get: () => value,
    set,
    update: (change) => set(change(value)),
    subscribe(listener) {
      // Wrapped, so that the same function subscribed twice counts twice.
      const entry = (): void => listener();
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
  };
}
