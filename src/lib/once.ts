/**
 * A function that does `load` with its first call and gives everyone the same promise, also those who ask meanwhile. A
 * failure is not kept: whoever asks next, tries again.
 */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}
