/**
 * Parts of the simulator that are loaded when a run first needs them (docs/decisions/0017). The
 * build puts a stand-in in the place of each: calling one whose part is not there yet throws, and
 * is noted, so that the run is made again, from its start, once the part is.
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

let queue: Promise<unknown> = Promise.resolve();

/**
 * Makes something until no part is missing, one thing at a time. Whoever caught what a stand-in
 * threw — a server, a lock, the report of a checker — what came of it is thrown away.
 */
export function withParts<T>(make: () => Promise<T>): Promise<T> {
  const result = queue.then(() => untilComplete(make));
  queue = result.catch(() => undefined);
  return result;
}

async function untilComplete<T>(make: () => Promise<T>): Promise<T> {
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

/** Where a function or class of a part stands in what it exports. */
class Place {
  constructor(
    readonly number: number,
    readonly isClass: boolean,
  ) {}
}

/** The function of that number, in the shape of a module (`shapeOf`). */
export const f = (number: number): unknown => new Place(number, false);

/** The class of that number. */
export const c = (number: number): unknown => new Place(number, true);

/** What entries of tables are looked up by: so much of them is known before their part is there. */
export const FOUND_BY: ReadonlySet<unknown> = new Set(['name', 'property', 'ofDeclared', 'butNot']);

/** An entry of a table: an object with functions. */
class Known {
  constructor(readonly members: Modules) {}
}

export const o = (members: Modules): unknown => new Known(members);

type Modules = Readonly<Record<string, unknown>>;

/**
 * What stands for the exports of a module.
 *
 * @param member the module's name in its part.
 * @param shape its exports, with places for functions and classes.
 */
export function standIn(get: Part<Modules>, member: string, shape: unknown): unknown {
  const made = new Map<number, unknown>();
  const walk = (value: unknown, path: readonly string[]): unknown => {
    if (value instanceof Place) {
      const { number, isClass } = value;
      if (!made.has(number)) made.set(number, (isClass ? standClass : standFunction)(get, path));
      return made.get(number);
    }
    if (value instanceof Known) return standObject(get, path, value.members);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).map(([name, inner]): [string, unknown] => {
      return [name, walk(inner, [...path, name])];
    });
    return Array.isArray(value) ? members.map(([, inner]) => inner) : Object.fromEntries(members);
  };
  return walk(shape, [member]);
}

function at(modules: Modules, path: readonly string[]): never {
  return path.reduce<unknown>((owner, name) => (owner as Modules)[name], modules) as never;
}

function standFunction(get: Part<Modules>, path: readonly string[]): unknown {
  let real: ((...args: unknown[]) => unknown) | undefined;
  return function (this: unknown, ...args: unknown[]) {
    real ??= at(get(), path);
    return Reflect.apply(real as () => unknown, this, args);
  };
}

function standObject(get: Part<Modules>, path: readonly string[], known: Modules): unknown {
  let real: object | undefined;
  const ask = (): object => {
    real ??= at(get(), path) as object;
    return real;
  };
  return new Proxy(known, {
    get: (_, name) => Reflect.get(FOUND_BY.has(name) ? known : ask(), name),
    has: (_, name) => Reflect.has(ask(), name),
    ownKeys: () => Reflect.ownKeys(ask()),
    getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(ask(), name),
  });
}

/** Makes real instances, and knows them; of a part that is not loaded there are none. */
function standClass(get: Part<Modules>, path: readonly string[]): unknown {
  const isInstance = (value: unknown): boolean => {
    const loaded = get.ifLoaded();
    return loaded !== undefined && value instanceof (at(loaded, path) as new () => unknown);
  };
  const known = Object.defineProperty(class {}, Symbol.hasInstance, { value: isInstance });
  const construct = (_: unknown, args: unknown[]): object => {
    return Reflect.construct(at(get(), path), args);
  };
  return new Proxy(known, { construct });
}
