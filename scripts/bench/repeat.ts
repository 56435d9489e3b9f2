import Database from "better-sqlite3";

/** Repeats the examples of a store with their annotations under ids of their own until there are `wanted` annotations. Throws where there is none to repeat. */
export function repeatAnnotations(file: string, wanted: number): void {
  const db = new Database(file);
  try {
    db.pragma("synchronous = OFF");
    for (let have = countAnnotations(db), round = 1; have < wanted; round += 1) {
      repeatOnce(db, `-${have}-${round}`, have, wanted - have);
      const now = countAnnotations(db);
      if (now === have) throw new Error(`${file} holds no annotation to repeat: annotate something first.`);
      have = now;
    }
  } finally {
    db.close();
  }
}

function countAnnotations(db: Database.Database): number {
  return db.prepare<[], { n: number }>("SELECT count(*) AS n FROM annotations").get()?.n ?? 0;
}

function repeatOnce(db: Database.Database, suffix: string, have: number, room: number): void {
  db.transaction(() => {
    db.exec("DROP TABLE IF EXISTS temp.picked");
    db.prepare("CREATE TEMP TABLE picked AS SELECT id AS annotation, example_id FROM annotations ORDER BY id LIMIT ?").run(room);
    db.prepare(`INSERT INTO examples (id, dataset, domain, payload, task_hash, content_hash, form, file, position, licence)
      SELECT id || @suffix, dataset, domain, json_set(payload, '$.id', id || @suffix), task_hash || @suffix, content_hash, form, file, position + @have, licence
      FROM examples WHERE id IN (SELECT example_id FROM picked)`).run({ suffix, have });
    db.prepare(`INSERT INTO outcomes (variant, key, example_id, dataset, file, position, state, reason, detail, content_hash, defects, run, updated_at)
      SELECT o.variant, o.key || @suffix, o.example_id || @suffix, o.dataset, o.file, o.position + @have, o.state, o.reason, o.detail, o.content_hash, o.defects, o.run, o.updated_at
      FROM outcomes o WHERE o.example_id IN (SELECT example_id FROM picked)`).run({ suffix, have });
    db.prepare(`INSERT INTO annotations (example_id, variant, plan, level, verdict, canonical_hash, by_construction, answer_copied, repairs, run, created_at)
      SELECT example_id || @suffix, variant, plan, level, verdict, canonical_hash || @suffix, by_construction, answer_copied, repairs, run, created_at
      FROM annotations WHERE id IN (SELECT annotation FROM picked)`).run({ suffix });
  })();
}
