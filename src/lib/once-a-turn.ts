/**
 * Makes a value at most once in a turn of the event loop: later calls of the same turn get the same value. For what may
 * not be older than a turn, and is asked for by many requests that arrive together. What `make` throws is not kept.
 */
export function onceATurn<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  const forget = () => {
    made = undefined;
  };

  return () => {
    if (made !== undefined) return made.value;
    made = { value: make() };
    setImmediate(forget);
    return made.value;
  };
}
