import type Database from "better-sqlite3";

/** An open SQLite connection. */
export type Connection = Database.Database;

/** The `code` of an error of SQLite or of the file system, or "". */
export function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return String(error.code);
}
