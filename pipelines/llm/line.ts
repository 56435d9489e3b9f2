/**
 * Foreign text as part of a message: one line, no control characters (a terminal would obey them), at most `limit` characters.
 */
export function oneLine(text: string, limit = 200): string {
  // Only what can be shown is looked at, so that a huge text costs nothing.
  const shown = text.slice(0, limit * 4).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return shown.length > limit ? `${shown.slice(0, limit - 1).trimEnd()}…` : shown;
}
