/** Trimmed, every run of white space one blank. */
export function foldSpace(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}
