import pc from "picocolors";

/** How a command talks: results on stdout, everything else on stderr. */
export interface Terminal {
  /** A line of the result. */
  print(line?: string): void;
  /** A remark for the person who waits; silent with --quiet. */
  say(line: string): void;
  /** A warning or an error; never silent. */
  warn(line: string): void;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Columns to wrap at: the terminal's, else 80. */
  readonly columns: number;
  readonly colours: ReturnType<typeof pc.createColors>;
}

export function createTerminal(options: { json?: boolean; quiet?: boolean }): Terminal {
  return {
    print: (line = "") => write(process.stdout, line),
    say: (line) => {
      if (!options.quiet) write(process.stderr, line);
    },
    warn: (line) => write(process.stderr, line),
    json: options.json ?? false,
    quiet: options.quiet ?? false,
    columns: Math.max(40, process.stdout.columns ?? 80),
    colours: pc.createColors(pc.isColorSupported && process.stdout.isTTY === true),
  };
}

/** A reader that closes the pipe early (`lumos show … | head`) is no error. */
export function ignoreClosedPipes(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}

/** Words wrapped at `columns`, each further line indented. Control characters are shown, never sent: texts come from models and datasets. */
export function wrap(text: string, columns: number, indent = ""): string {
  const lines: string[] = [];
  for (const paragraph of visible(text).split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      const room = columns - (lines.length === 0 ? 0 : indent.length);
      if (line !== "" && line.length + 1 + word.length > room) {
        lines.push(line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines.map((line, index) => (index === 0 ? line : indent + line)).join("\n");
}

/** The text without terminal control characters (C0, C1, and the overrides of writing direction). */
export function visible(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, " ");
}

/** `1234567` → `1,234,567`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

function write(stream: NodeJS.WriteStream, line: string): void {
  stream.write(`${line}\n`);
}
