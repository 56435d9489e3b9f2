import { join } from "node:path";
import { DOMAINS, type Domain } from "../../schemas/domain.ts";
import { AtomicFiles, type UnfinishedFile } from "../shared/atomic-file.ts";
import type { LumosFormulation, LumosModule } from "./lumos-format.ts";
import type { ProvenanceLine } from "./provenance.ts";

/** A file of an export, as the summary lists it. `domain` is `unified` where it joins them. */
export interface ExportedFile {
  path: string;
  format: "lumos";
  module: LumosModule;
  formulation: LumosFormulation;
  domain: Domain | "unified";
  rows: number;
}

interface Pair {
  about: ExportedFile;
  rows: UnfinishedFile;
  provenance: UnfinishedFile;
}

/**
 * The files of one export in the `lumos` format: `lumos_<domain>_<module>_<formulation>.jsonl`, each with `<file>.provenance.jsonl`, a line a row.
 * A domain that takes part has all its files, empty ones too, so that none of an earlier export is left among them. They appear together.
 */
export class ExportFiles {
  private readonly files = new AtomicFiles();
  private readonly pairs = new Map<string, Pair>();
  private readonly domains = new Set<Domain>();
  /** Every module in every formulation of it. */
  readonly kinds: readonly { module: LumosModule; formulation: LumosFormulation }[];

  constructor(
    private readonly out: string,
    modules: readonly LumosModule[],
    formulations: readonly LumosFormulation[],
  ) {
    this.kinds = modules.flatMap((module) => formulations.map((formulation) => ({ module, formulation })));
  }

  /** Begins the files of a domain, once. */
  begin(domain: Domain): void {
    if (this.domains.has(domain)) return;
    this.domains.add(domain);
    for (const { module, formulation } of this.kinds) this.open(domain, module, formulation);
  }

  write(domain: Domain, module: LumosModule, formulation: LumosFormulation, row: object, provenance: ProvenanceLine): void {
    const pair = this.pairs.get(nameOf(domain, module, formulation)) ?? this.open(domain, module, formulation);
    pair.rows.write(`${JSON.stringify(row)}\n`);
    pair.provenance.write(provenance);
    pair.about.rows += 1;
  }

  /** Joins the iterative files where there is more than one domain, domain after domain, and makes all files visible. */
  commit(): ExportedFile[] {
    const joined = this.domains.size > 1 ? this.kinds.filter(({ formulation }) => formulation === "iterative") : [];
    for (const { module } of joined) this.unify(module);
    this.files.commit();
    return [...this.pairs.values()].map((pair) => pair.about).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Leaves everything as it was. */
  abort(): void {
    this.files.abort();
  }

  private unify(module: LumosModule): void {
    const unified = this.open("unified", module, "iterative");
    for (const domain of DOMAINS) {
      const pair = this.pairs.get(nameOf(domain, module, "iterative"));
      if (pair === undefined) continue;
      unified.rows.append(pair.rows);
      unified.provenance.append(pair.provenance);
      unified.about.rows += pair.about.rows;
    }
  }

  private open(domain: Domain | "unified", module: LumosModule, formulation: LumosFormulation): Pair {
    const name = nameOf(domain, module, formulation);
    const path = join(this.out, name);
    const pair = {
      about: { path, format: "lumos" as const, module, formulation, domain, rows: 0 },
      rows: this.files.open(path),
      provenance: this.files.open(`${path}.provenance.jsonl`),
    };
    this.pairs.set(name, pair);
    return pair;
  }
}

function nameOf(domain: Domain | "unified", module: LumosModule, formulation: LumosFormulation): string {
  return `lumos_${domain}_${module}_${formulation}.jsonl`;
}
