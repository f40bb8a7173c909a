/** What is begun together is over together: who cleans up afterwards finds nothing under way. */

/** Like Promise.all, but nothing is still under way when it rejects. */
export async function all<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
