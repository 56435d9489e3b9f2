import { webTool } from "./web.ts";

/** Chooses an option of an element of a page. */
export const select = webTool("SELECT", true);
