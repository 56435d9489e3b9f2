import { join } from "node:path";
import { DOMAINS, type Domain } from "../../schemas/domain.ts";
import { AtomicFiles, type UnfinishedFile } from "../shared/atomic-file.ts";
import type { ExportFormat, FileWriter } from "./format.ts";
import type { FullItem } from "./item.ts";
import { type Kind, kindName } from "./kind.ts";
import { type ExportedFile, MANIFEST, type Manifest, type ManifestFile } from "./manifest.ts";
import { chatTokens, Lengths, PUBLISHED_LIMIT, type TokenCounter } from "./tokens.ts";

interface FilesWanted {
  out: string;
  formats: readonly ExportFormat[];
  kinds: readonly Kind[];
  domains: readonly Domain[];
  /** Names of the parts of a split; none without one. */
  splits: readonly string[];
  /** Rows of modules are measured, and those longer than `most` left out. */
  tokens: { counter: TokenCounter; most: number | null } | null;
}

/** What is printed into one file of each domain and split. */
interface Target {
  format: ExportFormat;
  kind: Kind | null;
}

/** A file that there may be: it is begun when its first row comes. */
interface Slot extends Target {
  domain: Domain | "unified";
  split: string | null;
  file: OpenFile | null;
}

interface OpenFile {
  about: ExportedFile;
  rows: UnfinishedFile;
  provenance: UnfinishedFile;
  lengths: Lengths;
  writer: FileWriter | null;
}

/**
 * The files of one export: `<format>_<domain>_<module>_<formulation>[.<split>].<extension>`, each with `<file>.provenance.jsonl`, a line a row. Where there is
 * more than one domain, `<format>_unified_…` joins them (Lumos-O aside, as published). A file without rows is not written, and one that an earlier export left under its
 * name goes. They appear together, with the manifest.
 */
export class ExportFiles {
  private readonly files = new AtomicFiles();
  private readonly targets: readonly Target[];
  /** The slots of each target that a domain's examples of a split go to, under `<domain> <split>`. */
  private readonly places = new Map<string, Slot[][]>();
  private readonly slots: Slot[] = [];

  constructor(private readonly wanted: FilesWanted) {
    const { formats, kinds, domains, splits } = wanted;
    this.targets = formats.flatMap((format): Target[] => (format.scope === "annotation" ? [{ format, kind: null }] : kinds.map((kind) => ({ format, kind }))));
    for (const split of splits.length === 0 ? [null] : splits) {
      const unified = this.targets.map((target) => (domains.length > 1 && target.kind?.formulation !== "onetime" ? [this.slot(target, "unified", split)] : []));
      for (const domain of domains) {
        this.places.set(placeName(domain, split), this.targets.map((target, i) => [this.slot(target, domain, split), ...(unified[i] ?? [])]));
      }
    }
  }

  /** Writes all rows of an item: how many files got some, and why others did not. */
  add(item: FullItem, split: string | null): { written: number; reasons: ReadonlySet<string> } {
    const reasons = new Set<string>();
    let written = 0;
    const places = this.places.get(placeName(item.domain, split)) ?? [];
    for (const [i, target] of this.targets.entries()) {
      const reason = this.addTo(places[i] ?? [], item, target);
      if (reason === null) written += 1;
      else reasons.add(reason);
    }
    return { written, reasons };
  }

  /** Makes all files visible, the manifest and what is made of it among them. */
  commit(facts: Omit<Manifest, "files" | "tokenizer">, beside: (manifest: Manifest) => readonly { name: string; text: string }[]): Manifest {
    for (const { writer } of this.opened()) writer?.end();
    const files = this.slots.flatMap((slot) => (slot.file === null ? [] : [described(slot, slot.file)])).sort((a, b) => (a.path < b.path ? -1 : 1));
    const manifest: Manifest = { ...facts, tokenizer: this.wanted.tokens?.counter.name ?? null, files };
    const written = [{ name: MANIFEST, text: `${JSON.stringify(manifest, null, 2)}\n` }, ...beside(manifest)];
    for (const { name, text } of written) this.files.open(join(this.wanted.out, name)).write(text);
    for (const path of this.slots.flatMap((slot) => (slot.file === null ? withProvenance(join(this.wanted.out, nameOf(slot))) : []))) this.files.remove(path);
    this.files.commit();
    return manifest;
  }

  /** As the summary lists them: with the folder that was given. */
  listed({ files }: Manifest): ExportedFile[] {
    return files.map(({ path, format, module, formulation, domain, split, rows, tokens }) => ({ path: join(this.wanted.out, path), format, module, formulation, domain, split, rows, tokens }));
  }

  /** What a person should know about the files. */
  remarks({ files }: Manifest): string[] {
    const long = this.opened().reduce((n, { about, lengths }) => n + (about.domain === "unified" ? 0 : lengths.over(PUBLISHED_LIMIT)), 0);
    const cut = long === 0 ? [] : [`Rows of more than ${PUBLISHED_LIMIT.toLocaleString("en")} tokens: ${long.toLocaleString("en")}. The published training code cuts them there without a word.`];
    const rowless = this.wanted.formats.filter(({ name }) => !files.some(({ format }) => format === name));
    const none = files.length === 0 ? [] : rowless.map(({ name }) => `There is no ${name} file: no example has a row in it, for the reasons above.`);
    const partless = this.wanted.splits.filter((name) => !files.some(({ split }) => split === name));
    const unfilled = files.length === 0 ? [] : partless.map((name) => `No row fell to the part ${name} of the split: it has no file.`);
    const remarked = new Map<string, ManifestFile[]>();
    for (const file of files) {
      if (file.remark !== null) remarked.set(`${file.format} ${file.remark}`, [...(remarked.get(`${file.format} ${file.remark}`) ?? []), file]);
    }
    const told = [...remarked.values()].flatMap(([first, ...more]) =>
      first === undefined ? [] : [`${first.path}${more.length === 0 ? "" : ` and ${more.length} more of ${first.format}`}: ${first.remark ?? ""}`],
    );
    return [...cut, ...none, ...unfilled, ...told];
  }

  /** Leaves everything as it was. */
  abort(): void {
    this.files.abort();
  }

  private addTo(slots: readonly Slot[], item: FullItem, { format, kind }: Target): string | null {
    let tokens = 0;
    if (this.wanted.tokens !== null && kind !== null) {
      const chat = item.chat(kind);
      if ("excluded" in chat) return chat.excluded;
      tokens = chatTokens(chat.messages, this.wanted.tokens.counter);
      if (this.wanted.tokens.most !== null && tokens > this.wanted.tokens.most) return "too_long";
    }
    const made = "lines" in format ? format.lines(item, kind) : null;
    if (made !== null && "excluded" in made) return made.excluded;
    const lines = made?.lines.map((line) => `${line}\n`);
    const rows = lines?.length ?? 1;
    for (const slot of slots) {
      const file = (slot.file ??= this.open(slot));
      for (const line of lines ?? []) file.rows.write(line);
      file.writer?.add(item);
      for (let row = 0; row < rows; row += 1) {
        file.provenance.write(item.provenance);
        if (tokens > 0) file.lengths.add(tokens);
      }
      file.about.rows += rows;
    }
    return null;
  }

  private slot(target: Target, domain: Domain | "unified", split: string | null): Slot {
    const slot = { ...target, domain, split, file: null };
    this.slots.push(slot);
    return slot;
  }

  private open(slot: Slot): OpenFile {
    const { format, kind, domain, split } = slot;
    const name = nameOf(slot);
    const [path, beside] = withProvenance(join(this.wanted.out, name));
    const rows = this.files.open(path, { hashed: true });
    return {
      about: { path: name, format: format.name, module: kind?.module ?? null, formulation: kind?.formulation ?? null, domain, split, rows: 0, tokens: null },
      rows,
      provenance: this.files.open(beside, { hashed: true }),
      lengths: new Lengths(),
      writer: "open" in format ? format.open((bytes) => rows.write(bytes), kind) : null,
    };
  }

  private opened(): OpenFile[] {
    return this.slots.flatMap(({ file }) => file ?? []);
  }
}

function nameOf({ format, kind, domain, split }: Slot): string {
  return `${[format.name, domain, ...(kind === null ? [] : [kindName(kind)])].join("_")}${split === null ? "" : `.${split}`}.${format.extension}`;
}

function withProvenance(path: string): [rows: string, provenance: string] {
  return [path, `${path}.provenance.jsonl`];
}

function described({ format, kind }: Slot, { about, rows, provenance, lengths }: OpenFile): ManifestFile {
  const tokens = lengths.figures();
  const remark = "lines" in format ? (format.remark?.({ rows: about.rows, kind, tokens }) ?? null) : null;
  return { ...about, tokens, ...rows.digest(), provenance_sha256: provenance.digest().sha256, remark };
}

/** Domains in the order of the published sets. */
export function inOrder(domains: readonly string[]): Domain[] {
  return DOMAINS.filter((domain) => domains.includes(domain));
}

function placeName(domain: Domain, split: string | null): string {
  return split === null ? domain : `${domain} ${split}`;
}
