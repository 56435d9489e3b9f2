import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Real source data and recorded replies, where a checkout has them beside it; a clone of a user has not. */
export const SHARED = fileURLToPath(new URL("../../../shared/", import.meta.url));
export const hasShared = existsSync(SHARED);
if (!hasShared) process.stderr.write("No ../shared beside the project: tests on real data are skipped.\n");
