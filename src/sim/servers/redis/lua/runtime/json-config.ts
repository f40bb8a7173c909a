/**
 * The settings of `cjson`, which scripts can change. On a real server a change lasts until the next
 * restart; here it lasts for the run, so that no script can influence a later one.
 */
export interface JsonConfig {
  /** Encode an excessively sparse array as an object instead of raising an error. */
  sparseConvert: boolean;
  /** How many times more places than elements are excessive; 0: never. */
  sparseRatio: number;
  /** Places up to which no array is excessively sparse. */
  sparseSafe: number;
  encodeMaxDepth: number;
  decodeMaxDepth: number;
  /** 0: refuse infinities and NaN, 1: write them, 2: write `null`. */
  encodeInvalidNumbers: number;
  decodeInvalidNumbers: boolean;
  /** Significant digits, at most 14. */
  numberPrecision: number;
  keepBuffer: boolean;
}

export function defaultJsonConfig(): JsonConfig {
  return {
    sparseConvert: false,
    sparseRatio: 2,
    sparseSafe: 10,
    encodeMaxDepth: 1000,
    decodeMaxDepth: 1000,
    encodeInvalidNumbers: 0,
    decodeInvalidNumbers: true,
    numberPrecision: 14,
    keepBuffer: true,
  };
}
