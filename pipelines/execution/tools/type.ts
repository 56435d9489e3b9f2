import { webTool } from "./web.ts";

/** Types a text into an element of a page. */
export const type = webTool("TYPE", true);
