import { webTool } from "./web.ts";

/** Clicks an element of a page. */
export const click = webTool("CLICK", false);
