/** What a spreadsheet takes for a formula, or reads as its own; OWASP's list (CSV injection). */
const FORMULA = /^'*[=+\-@\t\r]/;
const NEUTRALISED = /^'+[=+\-@\t\r]/;

/** A cell that no spreadsheet runs: what looks like a formula gets a leading apostrophe, which `readCell` takes off again. */
export function safeCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** What was written as `safeCell` has it. */
export function readCell(cell: string): string {
  return NEUTRALISED.test(cell) ? cell.slice(1) : cell;
}
