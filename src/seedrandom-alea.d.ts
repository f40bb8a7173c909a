/** Types of the one seedrandom generator we use; the package's own types cover only its index. */
declare module 'seedrandom/lib/alea.js' {
  export default function alea(seed: string): { int32(): number };
}
