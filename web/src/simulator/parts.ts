/**
 * Parts of the simulator that are loaded when a run first needs them (docs/decisions/0017). The
 * build puts a stand-in in the place of each: calling one whose part is not there yet throws, and is
 * noted, so that the run is made again, from its start, once the part is.
 */

/** A run came to a part that is not loaded yet. */
class NotLoaded extends Error {
  override readonly name = 'NotLoaded';
}

const MESSAGE = 'a part of the simulator is not loaded yet';

/** How the parts are loaded that the run in hand came to and did not find. */
const missed = new Set<() => Promise<void>>();

/** Ends what is going on in vain, for whoever is asked between two steps of it. */
export function stopIfMissing(): void {
  if (missed.size > 0) throw new NotLoaded(MESSAGE);
}

/** How a stand-in gets at its part. */
interface Part<T> {
  (): T;
  /** The part, if it is there: asks without needing it. */
  ifLoaded(): T | undefined;
}

/** A part, from how its chunk is loaded. */
export function part<T>(load: () => Promise<T>): Part<T> {
  let loaded: T | undefined;
  const fetchPart = async (): Promise<void> => {
    loaded = await load();
  };
  const get = (): T => {
    if (loaded !== undefined) return loaded;
    missed.add(fetchPart);
    throw new NotLoaded(MESSAGE);
  };
  return Object.assign(get, { ifLoaded: () => loaded });
}

/**
 * Makes something until no part is missing. Whoever caught what a stand-in threw — a server, a lock,
 * the report of a checker — what came of it is thrown away.
 */
export async function withParts<T>(make: () => Promise<T>): Promise<T> {
  for (;;) {
    missed.clear();
    try {
      const made = await make();
      if (missed.size === 0) return made;
    } catch (error) {
      if (missed.size === 0) throw error;
    }
    await Promise.all([...missed].map((load) => load()));
  }
}
