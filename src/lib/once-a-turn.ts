/** Counts turns of the event loop, as long as somebody asks. */
let turn = 0;
let isCounted = false;

/**
 * Makes a value at most once in a turn of the event loop: later calls of the same turn get the same value. For what may
 * not be older than a turn, and is asked for by many requests that arrive together. What `make` throws is not kept.
 */
export function onceATurn<T>(make: () => T): () => T {
  let made: { readonly value: T; readonly turn: number } | undefined;

  return () => {
    if (made?.turn === turn) return made.value;
    made = { value: make(), turn };
    countTurn();
    return made.value;
  };
}

function countTurn(): void {
  if (isCounted) return;
  isCounted = true;
  setImmediate(endTurn);
}

function endTurn(): void {
  isCounted = false;
  turn += 1;
}
