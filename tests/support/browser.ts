import { findChromium } from "../../scripts/screenshots/chromium.ts";

/** Tests in a browser are skipped where there is none, and said to be; continuous integration has to have one. */
export const skipsBrowser = findChromium() === null && process.env["CI"] !== "true";
if (skipsBrowser) process.stderr.write("No Chromium here (LUMOS_CHROMIUM, or chromium on the PATH): tests in a browser are skipped.\n");
