import type { Connection } from "./connection.ts";

/** Statements on what was found out about endpoints and models. */
export function dialectStatements(db: Connection) {
  const one = db.prepare<[string, string], { facts: string }>("SELECT facts FROM dialects WHERE endpoint = ? AND model = ?");
  const save = db.prepare(`
    INSERT INTO dialects (endpoint, model, facts, updated_at) VALUES (@endpoint, @model, @facts, @at)
    ON CONFLICT (endpoint, model) DO UPDATE SET facts = excluded.facts, updated_at = excluded.updated_at`);

  return {
    /** The facts as they were saved, of whatever shape; null where nothing is known yet. */
    dialectOf(endpoint: string, model: string): unknown {
      const row = one.get(endpoint, model);
      const facts: unknown = row === undefined ? null : JSON.parse(row.facts);
      return facts;
    },

    /** `at`: ISO 8601. */
    saveDialect(endpoint: string, model: string, facts: unknown, at: string): void {
      save.run({ endpoint, model, facts: JSON.stringify(facts ?? null), at });
    },
  };
}
