/** What an option of a lock or a campaign is: its default, and what values it takes. */

/** One option of a lock: its default, and what values it takes. */
export type OptionSpec =
  | {
      readonly kind: 'number';
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly integer?: boolean;
      readonly doc: string;
    }
  | { readonly kind: 'boolean'; readonly default: boolean; readonly doc: string }
  | {
      readonly kind: 'choice';
      readonly default: string;
      readonly values: readonly string[];
      readonly doc: string;
    };

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The values that `create` gets for a set of option specifications. */
export type OptionValues<S extends OptionSpecs> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** Distributes over the kinds, so that a lock known only as `LockAlgorithm` takes any of them. */
type ValueOf<T extends OptionSpec> = T extends { kind: 'number' }
  ? number
  : T extends { kind: 'boolean' }
    ? boolean
    : string;
