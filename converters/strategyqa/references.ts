/** `#2`, also joined to what stands beside it by mistake (`Did#1`, `#2s`). */
const REFERENCE = /#\s?([1-9][0-9]?)(?![0-9])(?:s(?![\p{L}\p{N}'’]))?/gu;

/** The numbers of the steps that a question refers to, each once, in order. */
export function references(question: string): number[] {
  return [...new Set([...question.matchAll(REFERENCE)].map((match) => Number(match[1])))];
}

/** The question with each reference that `name` has a text for replaced by it, set apart from letters and digits beside it. */
export function replaceReferences(question: string, name: (step: number, before: string) => string | null): string {
  return question.replace(REFERENCE, (whole: string, number: string, at: number) => {
    const text = name(Number(number), question.slice(0, at));
    if (text === null) return whole;
    const after = question.slice(at + whole.length);
    return `${/[\p{L}\p{N}_-]$/u.test(question.slice(Math.max(0, at - 2), at)) ? " " : ""}${text}${/^[\p{L}\p{N}_-]/u.test(after) ? " " : ""}`;
  });
}
