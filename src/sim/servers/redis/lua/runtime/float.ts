/**
 * Taking doubles apart and putting them together by their bits, so that no result depends on how an
 * engine computes powers.
 */

const bits = new DataView(new ArrayBuffer(8));

/** A finite value that is not negative as an integer times a power of two. */
export function decompose(value: number): { mantissa: bigint; exponent: number } {
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

/** 2^exponent, exactly; 0 or infinity outside the range of doubles. */
export function powerOfTwo(exponent: number): number {
  if (exponent > 1023) return Infinity;
  if (exponent < -1074) return 0;
  if (exponent >= -1022) bits.setBigUint64(0, BigInt(exponent + 1023) << 52n);
  else bits.setBigUint64(0, 1n << BigInt(exponent + 1074));
  return bits.getFloat64(0);
}

/** C's `ldexp`: value × 2^exponent, rounded once. */
export function ldexp(value: number, exponent: number): number {
  let scaled = value;
  let left = Math.max(-2200, Math.min(2200, exponent));
  for (; left > 1000; left -= 1000) scaled *= powerOfTwo(1000);
  // A first step down to just above the subnormal numbers is exact; only the last one rounds.
  while (left < -1000 && Math.abs(scaled) >= powerOfTwo(-20)) {
    scaled *= powerOfTwo(-1000);
    left += 1000;
  }
  if (left < -1000) return scaled * powerOfTwo(-1000) * powerOfTwo(Math.max(left + 1000, -1074));
  return scaled * powerOfTwo(left);
}

/** mantissa × 2^exponent, rounded once; the mantissa is not negative. */
export function fromInteger(mantissa: bigint, exponent: number): number {
  const surplus = Math.max(0, mantissa.toString(16).length * 4 - 64);
  const kept = mantissa >> BigInt(surplus);
  // A sticky bit stands for those cut off, so that rounding sees that there were some.
  const sticky = kept << BigInt(surplus) === mantissa ? 0n : 1n;
  return ldexp(Number(kept | sticky), exponent + surplus);
}

/** C's `frexp`: value = fraction × 2^exponent with ½ ≤ |fraction| < 1. */
export function frexp(value: number): { fraction: number; exponent: number } {
  if (value === 0 || !Number.isFinite(value)) return { fraction: value, exponent: 0 };
  const isSubnormal = Math.abs(value) < powerOfTwo(-1022);
  bits.setFloat64(0, isSubnormal ? value * powerOfTwo(54) : value);
  const raw = bits.getBigUint64(0);
  const exponent = Number((raw >> 52n) & 0x7ffn) - 1022 - (isSubnormal ? 54 : 0);
  bits.setBigUint64(0, (raw & 0x800fffffffffffffn) | (1022n << 52n));
  return { fraction: bits.getFloat64(0), exponent };
}
