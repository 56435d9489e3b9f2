import { isEmpty, notRun } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** `KnowledgeQuery(query)`: the page that a query finds; not run here. */
export const knowledgeQuery: Tool = {
  name: "KnowledgeQuery",
  check: (args) => (isEmpty(args) ? "KnowledgeQuery takes a query, found nothing." : null),
  run: () => notRun("KnowledgeQuery"),
};
