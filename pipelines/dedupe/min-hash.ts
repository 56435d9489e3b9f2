import { mix } from "./shingles.ts";

/** How a signature is cut: `bands` of `rows` minima each. Two texts are compared where they agree in one whole band. */
export interface Banding {
  bands: number;
  rows: number;
}

/** A pair at the threshold is to be found with at least this probability. */
const FOUND = 0.99;

/**
 * The cut of at most `permutations` minima with the longest bands, so with the fewest pairs compared in vain, that finds a pair of similarity `threshold` with a
 * probability of at least 0.99; of such bands the fewest (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4).
 */
export function bandingFor(threshold: number, permutations: number): Banding {
  for (let rows = permutations; rows > 1; rows--) {
    const agrees = threshold ** rows;
    const bands = agrees === 1 ? 1 : Math.ceil(Math.log(1 - FOUND) / Math.log1p(-agrees));
    if (bands * rows <= permutations) return { bands, rows };
  }
  return { bands: permutations, rows: 1 };
}

/** Makes the hashes of bands of sets; the same ones for the same set, always. */
export class MinHasher {
  private readonly factors: Int32Array;
  private readonly addends: Int32Array;

  constructor(readonly banding: Banding) {
    const count = banding.bands * banding.rows;
    this.factors = Int32Array.from({ length: count }, (_, at) => mix(2 * at + 1) | 1);
    this.addends = Int32Array.from({ length: count }, (_, at) => mix(2 * at + 2));
  }

  /** Writes the hash of each band of a set to `target` at `from`, `from + step`, …; sets with another `salt` agree nowhere. */
  bands(shingles: Uint32Array, salt: number, target: Uint32Array, from: number, step: number): void {
    const { bands, rows } = this.banding;
    const { factors, addends } = this;
    for (let band = 0, at = 0; band < bands; band++) {
      let hash = mix(salt + band);
      for (let row = 0; row < rows; row++, at++) {
        const factor = factors[at] ?? 1;
        const addend = addends[at] ?? 0;
        let least = 0xffffffff;
        for (let each = 0; each < shingles.length; each++) {
          // A permutation of all 32-bit numbers: an odd factor, an addend.
          const value = (Math.imul(shingles[each] ?? 0, factor) + addend) >>> 0;
          if (value < least) least = value;
        }
        hash = mix(Math.imul(hash, 31) + least);
      }
      target[from + band * step] = hash;
    }
  }
}
