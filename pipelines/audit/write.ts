import { join } from "node:path";
import { AtomicFiles } from "../shared/atomic-file.ts";
import { renderReport } from "./page/report.ts";
import type { Audit } from "./schema.ts";

/** Writes `report.html` and `audit.json` into a folder, both or neither; gives their paths. */
export async function writeAudit(out: string, audit: Audit): Promise<{ report: string; json: string }> {
  const paths = { report: join(out, "report.html"), json: join(out, "audit.json") };
  const page = await renderReport(audit);
  const files = new AtomicFiles();
  try {
    files.open(paths.report).write(page);
    files.open(paths.json).write(`${JSON.stringify(audit)}\n`);
  } catch (error) {
    files.abort();
    throw error;
  }
  files.commit();
  return paths;
}
