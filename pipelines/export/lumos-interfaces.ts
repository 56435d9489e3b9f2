import type { Domain } from "../../schemas/domain.ts";

const CALCULATOR = "Calculator(formula): Calculate the input formula";
const CODE = "Code(pseudo_code): Generate a Python function that corresponds to the pseudo code";
const QA = "QA(context, query): Given context, answer the given query";

/**
 * The action list of each domain as the ground instruction names and describes it. Those of `maths`, `complex_qa` and
 * `web_agent` are the published ones to the byte (`Calculator` stands twice in `complex_qa` there); the others have the same shape.
 */
export const LUMOS_INTERFACES: Readonly<Record<Domain, { names: string; interfaces: string }>> = {
  maths: {
    names: "'Calculator', 'SetEquation', 'SolveEquation', 'Count', 'SolveInequality', 'Code', and 'Define'",
    interfaces: `${CALCULATOR}; SetEquation(equation): Set up an equation to be solved; SolveEquation(equation): Solve the previous set equation; Count(list): Count the number of elements in the given list; SolveInequality(inequality): Solve the previous set inequality; ${CODE}; Define(variable/number): Define a variable or a number for latter usage.`,
  },
  complex_qa: {
    names: "'KnowledgeQuery', 'ParagraphRetrieve', 'QA', 'Calculator', and 'Code'",
    interfaces: `${CALCULATOR}; KnowledgeQuery(query): Capture the relevant webpages according to the query; ParagraphRetrieve(context, query): Given a query, retrieve the most relevant paragraphs from the given context; ${QA}; ${CALCULATOR}; ${CODE}.`,
  },
  web_agent: {
    names: "'CLICK', 'TYPE', 'SELECT'",
    interfaces:
      "CLICK(Env, Query): Click the relevant html region in Env according to Query; TYPE(Env, Query, Text): Type Text into the relevant html region in Env according to Query; SELECT(Env, Query, Text): Select the value Text of the relevant selection box in Env according to Query.",
  },
  multimodal: {
    names: "'VQA', 'QA', 'Calculator', and 'Code'",
    interfaces: `VQA(image_context, query): Look at the image described by image_context and answer the given query; ${QA}; ${CALCULATOR}; ${CODE}.`,
  },
  interactive_bash: {
    names: "'Bash'",
    interfaces: "Bash(command): Run the command in the shell and return what it prints.",
  },
  interactive_sql: {
    names: "'SQL'",
    interfaces: "SQL(statement): Execute the statement on the database and return the rows it yields.",
  },
};
