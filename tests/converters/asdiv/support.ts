import asdiv from "../../../converters/asdiv/index.ts";
import type { AsdivRecord } from "../../../converters/asdiv/record.ts";
import type { SourceExample } from "../../../schemas/example.ts";

export function record(fields: Partial<AsdivRecord> = {}): AsdivRecord {
  return {
    "@ID": "own-1",
    Body: "A jar holds 12 red and 7 green marbles.",
    Question: "How many marbles does the jar hold?",
    "Solution-Type": "Addition",
    Answer: "19 (marbles)",
    Formula: "12+7=19",
    ...fields,
  };
}

/** The example of a record; fails where the record is skipped. */
export function exampleOf(fields: Partial<AsdivRecord>): SourceExample {
  const mapped = asdiv.map(record(fields), { file: "own.xml", position: 1 });
  if ("skip" in mapped) throw new Error(mapped.detail);
  return mapped.example;
}
