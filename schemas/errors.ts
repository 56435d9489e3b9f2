/**
 * Something that stops the program: bad configuration, an unreadable file, a store that is not ours.
 * The message names value, place, expectation and what to do, on one line. Bad records are never thrown: they are outcomes.
 */
export class LumosError extends Error {
  override readonly name = "LumosError";
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export type ErrorCode =
  | "input.missing"
  | "input.unreadable"
  | "input.empty"
  | "input.broken"
  | "input.no_record"
  | "usage"
  | "converter.invalid"
  | "prompt.invalid"
  | "store.missing"
  | "store.foreign"
  | "store.newer"
  | "store.locked"
  | "endpoint"
  | "output.unwritable"
  | "not_found"
  | "interrupted";
