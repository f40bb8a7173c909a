/**
 * Guards against what a simulation cannot see: lock code that uses the host's clock, timers or
 * randomness behind our back, throws where nobody catches, or prints. The globals are wrapped while
 * a campaign runs, and while a lock file is loaded, which may keep them; a use by client code is
 * passed through, recorded with its place, and makes the run unknown (docs/semantics.md, D6 to D8,
 * D12).
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promised from 'node:timers/promises';
import type { Finding, FindingKind } from '../finding.js';
import { activeWorld } from '../sim/world.js';
import { locate, placeOf } from './place.js';

/** One line that client code printed. */
export interface Printed {
  readonly atUs: number;
  readonly host: string;
  readonly text: string;
}

const INSTEAD_OF_TIMERS = 'env.sleep or env.after';
/** What stands for the clocks and timers of the host; the other uses are of no time. */
const OF_TIME: ReadonlySet<string> = new Set([
  'env.monoMs',
  'env.wallMs',
  INSTEAD_OF_TIMERS,
  'env.after',
]);

type Callable = (...args: never[]) => unknown;

const CONSOLE_METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;
const CRYPTO_FUNCTIONS = ['randomBytes', 'randomInt', 'randomUUID', 'getRandomValues'] as const;
const TIMER_FUNCTIONS = ['setTimeout', 'setInterval', 'setImmediate'] as const;

/** Those who are told of uses: what was wrapped while others were in place tells these. */
let installed: Guards | undefined;

/** Loads code that may keep functions of the host: they are guarded for as long as it has them. */
export async function whileWrapped<T>(load: () => Promise<T>): Promise<T> {
  const guards = new Guards(false);
  guards.wrapHost();
  try {
    return await load();
  } finally {
    guards.remove();
  }
}

/** Installed for the time of a campaign on this thread. */
export class Guards {
  private readonly undo: (() => void)[] = [];
  private found: Finding[] = [];
  readonly printed: Printed[] = [];

  constructor(private readonly keepPrinted: boolean) {}

  install(): void {
    const before = installed;
    installed = this;
    this.undo.push(() => {
      installed = before;
    });
    this.wrapHost();
    this.catchErrors();
    this.captureConsole();
  }

  wrapHost(): void {
    this.wrapDate();
    this.wrapCollector('WeakRef');
    this.wrapCollector('FinalizationRegistry');
    this.wrap(globalThis.performance, 'now', 'performance.now', 'env.monoMs');
    this.wrapHrtime();
    this.wrap(Math, 'random', 'Math.random', 'env.random');
    this.wrapTimers();
    this.wrap(AbortSignal, 'timeout', 'AbortSignal.timeout', 'env.after');
    for (const name of CRYPTO_FUNCTIONS) {
      this.wrap(crypto, name, `crypto.${name}`, 'env.ownerId or env.random');
    }
    const webCrypto = Object.getPrototypeOf(globalThis.crypto) as object;
    this.wrap(webCrypto, 'randomUUID', 'crypto.randomUUID', 'env.ownerId');
    this.wrap(webCrypto, 'getRandomValues', 'crypto.getRandomValues', 'env.random');
    syncBuiltinESMExports();
    this.undo.push(syncBuiltinESMExports);
  }

  remove(): void {
    for (const undo of this.undo.splice(0)) undo();
  }

  /** What was noticed since the last call. */
  take(): Finding[] {
    if (this.found.length === 0) return [];
    const taken = this.found;
    this.found = [];
    return taken;
  }

  private note(
    kind: FindingKind,
    message: string,
    place: string | undefined,
    isOfTime = false,
  ): void {
    const world = activeWorld();
    this.found.push({
      kind,
      message,
      ...(world === undefined ? {} : { atUs: world.nowUs }),
      ...(world?.running === undefined ? {} : { host: world.running.name }),
      ...(place === undefined ? {} : { place }),
      ...(isOfTime ? { isOfTime } : {}),
    });
  }

  used(what: string, instead: string): void {
    if (activeWorld()?.running === undefined) return;
    const message = `${what} is the host's, not the simulated client's: use ${instead}`;
    this.note('host-clock', message, locate(), OF_TIME.has(instead));
  }

  private wrap(owner: object, name: string, label: string, instead: string): void {
    const table = owner as Record<string, Callable>;
    const original = table[name];
    const changeable = Object.getOwnPropertyDescriptor(owner, name)?.configurable ?? true;
    if (original === undefined || !changeable) return;
    const own = Object.hasOwn(owner, name);
    const wrapped = function (this: unknown, ...args: never[]) {
      installed?.used(label, instead);
      return original.apply(this === undefined ? owner : this, args);
    };
    // `promisify` asks a timer how it is to be promised; `hrtime` has a sibling as its property.
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
    Object.defineProperty(owner, name, { value: wrapped, configurable: true, writable: true });
    this.undo.push(() => {
      if (own)
        Object.defineProperty(owner, name, { value: original, configurable: true, writable: true });
      else delete table[name];
    });
  }

  /** The global ones, those of their module, and the promised ones, which `promisify` gives too. */
  private wrapTimers(): void {
    for (const name of TIMER_FUNCTIONS) {
      this.wrap(globalThis, name, name, INSTEAD_OF_TIMERS);
      // Node itself calls that one of the module, after an error that nobody caught.
      if (name !== 'setImmediate') this.wrap(timers, name, name, INSTEAD_OF_TIMERS);
      this.wrap(promised, name, `promised ${name}`, INSTEAD_OF_TIMERS);
    }
    for (const name of ['wait', 'yield']) {
      this.wrap(promised.scheduler, name, `scheduler.${name}`, INSTEAD_OF_TIMERS);
    }
  }

  /** A function that has another one as its property: both read the same clock. */
  private wrapHrtime(): void {
    this.wrap(process, 'hrtime', 'process.hrtime', 'env.monoMs');
    this.wrap(process.hrtime, 'bigint', 'process.hrtime.bigint', 'env.monoMs');
  }

  private wrapDate(): void {
    const original = globalThis.Date;
    const now = (): number => {
      installed?.used('Date.now', 'env.wallMs');
      return original.now();
    };
    globalThis.Date = new Proxy(original, {
      construct(target, args, newTarget) {
        if (args.length === 0) installed?.used('new Date()', 'env.wallMs');
        return Reflect.construct(target, args, newTarget);
      },
      apply(target, self, args) {
        installed?.used('Date()', 'env.wallMs');
        return Reflect.apply(target as unknown as () => string, self, args);
      },
      get(target, name, receiver) {
        return name === 'now' ? now : Reflect.get(target, name, receiver);
      },
    });
    this.undo.push(() => {
      globalThis.Date = original;
    });
  }

  /** What depends on the garbage collector differs from one run to the next (D12). */
  private wrapCollector(name: 'WeakRef' | 'FinalizationRegistry'): void {
    const globals = globalThis as unknown as Record<string, new (...args: never[]) => object>;
    const original = globals[name]!;
    globals[name] = new Proxy(original, {
      construct(target, args, newTarget) {
        installed?.used(`new ${name}`, 'an ordinary reference');
        return Reflect.construct(target, args, newTarget);
      },
    });
    this.undo.push(() => {
      globals[name] = original;
    });
  }

  private catchErrors(): void {
    const onRejection = (reason: unknown) => {
      if (activeWorld()?.running?.alive === false) return;
      this.note(
        'unhandled-rejection',
        `a promise was rejected and nobody caught it: ${say(reason)}`,
        placeOf(reason),
      );
    };
    const onException = (error: unknown) => {
      this.note('listener-threw', `a listener threw: ${say(error)}`, placeOf(error));
    };
    process.on('unhandledRejection', onRejection);
    process.on('uncaughtException', onException);
    this.undo.push(() => {
      process.off('unhandledRejection', onRejection);
      process.off('uncaughtException', onException);
    });
  }

  private captureConsole(): void {
    const table = console as unknown as Record<string, Callable>;
    for (const name of CONSOLE_METHODS) {
      const original = table[name]!;
      table[name] = (...args: unknown[]) => {
        const world = activeWorld();
        if (world?.running === undefined) return original.apply(console, args as never[]);
        if (this.keepPrinted) {
          const text = args.map(say).join(' ');
          this.printed.push({ atUs: world.nowUs, host: world.running.name, text });
        }
        return undefined;
      };
      this.undo.push(() => {
        table[name] = original;
      });
    }
  }
}

function say(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
