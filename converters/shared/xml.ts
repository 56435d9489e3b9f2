import { SaxesParser } from "saxes";
import type { RawRecord } from "../../schemas/converter.ts";
import { LumosError } from "../../schemas/errors.ts";
import { readUtf8, type ReadOptions } from "./bytes.ts";
import { kept } from "./json-array.ts";

/** A record as read from XML: attributes under `@name`, the text of each child under its name (an array where it stands more than once), text of the element itself under `#text`. */
type XmlRecord = Record<string, string | string[]>;

/** More text than this without the end of a record is no record. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/**
 * Streams the elements of one name from an XML file; positions count them from 1. An element of the name within another is part of that.
 * Entities of a DTD are never defined or fetched: one that is used is a break. Throws LumosError as `readBytes` does,
 * and `input.broken` where the XML breaks off: the records before the break come first.
 */
export async function* readXml(path: string, element: string, options: ReadOptions = {}): AsyncGenerator<RawRecord> {
  let ready: { value: XmlRecord; end: number }[] = [];
  const parser = recordParser(element, (value) => ready.push({ value, end: parser.position }));
  // An end tag of another name closes the element before the parser complains of it: such a record is not complete.
  const complete = (problem: string | null): XmlRecord[] => {
    const found = problem === null ? ready : ready.filter(({ end }) => end !== parser.position);
    ready = [];
    return found.map(({ value }) => value);
  };
  let position = 0;
  let sinceRecord = 0;
  for await (const chunk of readUtf8(path, options)) {
    const problem = attempt(() => parser.write(chunk.toString("utf8")));
    sinceRecord = ready.length > 0 ? 0 : sinceRecord + chunk.length;
    for (const value of complete(problem)) yield { position: (position += 1), value };
    if (problem !== null) throw broken(path, problem, position);
    if (sinceRecord > MAX_RECORD_BYTES) {
      const problemHere = `no end of a <${element}> in ${MAX_RECORD_BYTES / 1024 / 1024} MB`;
      throw broken(path, `line ${parser.line} column ${parser.column}: ${problemHere}`, position);
    }
  }
  const problem = attempt(() => parser.close());
  for (const value of complete(problem)) yield { position: (position += 1), value };
  if (problem !== null) throw broken(path, problem, position);
}

function recordParser(element: string, done: (record: XmlRecord) => void): SaxesParser {
  const parser = new SaxesParser({ xmlns: false, position: true });
  let depth = 0;
  let fields: Map<string, string[]> | null = null;
  let child: string | null = null;
  let text: string[] = [];
  parser.on("opentag", (tag) => {
    if (fields === null) {
      if (tag.name !== element) return;
      fields = new Map(Object.entries(tag.attributes).map(([name, value]) => [`@${name}`, [String(value)]]));
      depth = 0;
    }
    depth += 1;
    if (depth === 2) {
      child = tag.name;
      text = [];
    }
  });
  const gather = (piece: string): void => {
    if (fields === null) return;
    if (child !== null) text.push(piece);
    else if (piece.trim() !== "") add(fields, "#text", piece);
  };
  parser.on("text", gather);
  parser.on("cdata", gather);
  parser.on("closetag", () => {
    if (fields === null) return;
    depth -= 1;
    if (depth === 1 && child !== null) {
      add(fields, child, text.join(""));
      child = null;
    }
    if (depth === 0) {
      done(Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values])));
      fields = null;
    }
  });
  return parser;
}

function add(fields: Map<string, string[]>, name: string, value: string): void {
  const values = fields.get(name);
  if (values === undefined) fields.set(name, [value]);
  else values.push(value);
}

/** What the parser complains of: `line 3 column 7: unexpected close tag.`, or null. */
function attempt(step: () => unknown): string | null {
  try {
    step();
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.replace(/^(\d+):(\d+): /, "line $1 column $2: ").replace(/\.$/, "");
  }
}

function broken(path: string, problem: string, records: number): LumosError {
  return new LumosError("input.broken", `${path}: broken XML at ${problem}; ${kept(records)}; mend it, or download it again`);
}
