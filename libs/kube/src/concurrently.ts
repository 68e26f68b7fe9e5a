/**
 * Works on items, so many at once, and takes the next one only when there is room for it: items may come from a
 * generator of any length. Ends with the first failure, when what is under way has ended.
 */
export async function concurrently<T>(
  items: Iterable<T> | AsyncIterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let failure: { error: unknown } | undefined;
  let isDone = false;
  const worker = async (): Promise<void> => {
    while (!failure && !isDone) {
      const next = await iterator.next();
      if (next.done) isDone = true;
      else await work(next.value);
    }
  };
  const guarded = (): Promise<void> =>
    worker().catch((error: unknown) => {
      failure ??= { error };
    });
  await Promise.all(Array.from({ length: atOnce }, guarded));
  if (isDone) {
    if (failure) throw failure.error;
    return;
  }
  await iterator.return?.();
  throw failure?.error;
}
