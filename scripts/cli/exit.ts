/** The program's exit codes; scripts rely on them. */
export const EXIT = { done: 0, error: 1, usage: 2, costCap: 3, belowThreshold: 4, interrupted: 130 } as const;

/** Where a command leaves its exit code. */
export type Finish = (code: number) => void;
