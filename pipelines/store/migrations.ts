import type { Connection } from "./connection.ts";

/** Marks a SQLite file as a store of this program ("Lumo" in ASCII). */
export const APPLICATION_ID = 0x4c756d6f;

/** One step from a version of the store to the next. Append-only: what has shipped is never edited. */
export interface Migration {
  about: string;
  sql: string;
}

/** The store's version is the number of migrations it has been through (PRAGMA user_version). */
export const MIGRATIONS: readonly Migration[] = [
  {
    about: "examples, runs, variants, replies, outcomes with their annotations, attempts and defects",
    sql: `
      CREATE TABLE examples (
        id TEXT PRIMARY KEY,
        dataset TEXT NOT NULL,
        domain TEXT NOT NULL,
        payload TEXT NOT NULL,
        task TEXT GENERATED ALWAYS AS (payload ->> '$.task') VIRTUAL,
        task_hash TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        form TEXT,
        file TEXT NOT NULL,
        position INTEGER NOT NULL,
        licence TEXT
      ) STRICT;
      CREATE INDEX examples_by_place ON examples (dataset, file, position, id);
      CREATE INDEX examples_by_task ON examples (task_hash);

      CREATE TABLE variants (
        hash TEXT PRIMARY KEY,
        annotator TEXT NOT NULL,
        version TEXT NOT NULL,
        model TEXT,
        parameters TEXT NOT NULL,
        prompt_hash TEXT,
        prompt_version TEXT,
        prompt TEXT,
        reply_form TEXT
      ) STRICT;

      CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        command TEXT NOT NULL,
        dataset TEXT,
        annotator TEXT NOT NULL,
        model TEXT,
        variant TEXT,
        config TEXT NOT NULL,
        program_version TEXT NOT NULL,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        status TEXT NOT NULL,
        summary TEXT
      ) STRICT;

      CREATE TABLE replies (
        hash TEXT PRIMARY KEY,
        request TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        model TEXT NOT NULL,
        status INTEGER NOT NULL,
        body TEXT NOT NULL,
        finish_reason TEXT,
        prompt_tokens INTEGER,
        cached_tokens INTEGER,
        completion_tokens INTEGER,
        -- What it cost when it came; null where no price was known.
        cost_usd REAL,
        latency_ms REAL NOT NULL,
        received_at TEXT NOT NULL
      ) STRICT;

      CREATE TABLE outcomes (
        variant TEXT NOT NULL REFERENCES variants (hash),
        key TEXT NOT NULL,
        example_id TEXT REFERENCES examples (id),
        dataset TEXT NOT NULL,
        file TEXT NOT NULL,
        position INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('annotated', 'quarantined', 'skipped', 'failed')),
        reason TEXT,
        detail TEXT,
        content_hash TEXT NOT NULL,
        defects TEXT NOT NULL,
        run TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        PRIMARY KEY (variant, key)
      ) STRICT;
      CREATE INDEX outcomes_by_place ON outcomes (dataset, file, position, key, variant);
      CREATE INDEX outcomes_by_example ON outcomes (example_id) WHERE example_id IS NOT NULL;
      CREATE INDEX outcomes_by_run ON outcomes (run);

      CREATE TABLE annotations (
        id INTEGER PRIMARY KEY,
        example_id TEXT NOT NULL REFERENCES examples (id),
        variant TEXT NOT NULL REFERENCES variants (hash),
        plan TEXT NOT NULL,
        level TEXT CHECK (level IN ('parsed', 'well_formed', 'aligned', 'proven')),
        level_rank INTEGER GENERATED ALWAYS AS
          (CASE level WHEN 'proven' THEN 4 WHEN 'aligned' THEN 3 WHEN 'well_formed' THEN 2 WHEN 'parsed' THEN 1 ELSE 0 END) VIRTUAL,
        verdict TEXT NOT NULL,
        canonical_hash TEXT NOT NULL,
        by_construction INTEGER NOT NULL,
        answer_copied INTEGER NOT NULL,
        repairs INTEGER NOT NULL,
        run TEXT NOT NULL,
        created_at TEXT NOT NULL,
        UNIQUE (example_id, variant)
      ) STRICT;
      CREATE INDEX annotations_by_plan ON annotations (canonical_hash);

      CREATE TABLE attempts (
        variant TEXT NOT NULL,
        key TEXT NOT NULL,
        ask INTEGER NOT NULL,
        sample INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('ask', 'repair')),
        reply TEXT REFERENCES replies (hash),
        level TEXT,
        defects TEXT NOT NULL,
        outcome TEXT NOT NULL,
        PRIMARY KEY (variant, key, ask, sample),
        FOREIGN KEY (variant, key) REFERENCES outcomes (variant, key) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;

      -- The codes of an outcome, once each: those it has, and those that a repair made go away.
      CREATE TABLE defects (
        variant TEXT NOT NULL,
        key TEXT NOT NULL,
        code TEXT NOT NULL,
        repaired INTEGER NOT NULL,
        PRIMARY KEY (variant, key, code, repaired),
        FOREIGN KEY (variant, key) REFERENCES outcomes (variant, key) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX defects_by_code ON defects (code);
    `,
  },
  {
    about: "drops: what deduplication leaves out of exports, what is kept in its place, and why",
    sql: `
      CREATE TABLE drops (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        example_id TEXT NOT NULL REFERENCES examples (id),
        annotation_id INTEGER REFERENCES annotations (id) ON DELETE CASCADE,
        kept_example_id TEXT NOT NULL REFERENCES examples (id),
        kept_annotation_id INTEGER REFERENCES annotations (id) ON DELETE CASCADE,
        reason TEXT NOT NULL,
        detail TEXT,
        created_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX drops_by_example ON drops (example_id);
      CREATE INDEX drops_by_annotation ON drops (annotation_id) WHERE annotation_id IS NOT NULL;
      CREATE INDEX drops_by_kept ON drops (kept_example_id);
      CREATE INDEX drops_by_kept_annotation ON drops (kept_annotation_id) WHERE kept_annotation_id IS NOT NULL;
    `,
  },
  {
    about: "dialects: what was found out about an endpoint and a model",
    sql: `
      CREATE TABLE dialects (
        endpoint TEXT NOT NULL,
        model TEXT NOT NULL,
        facts TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        PRIMARY KEY (endpoint, model)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    about: "batches: what goes through a provider's batch API, how far each batch is, and what became of its requests",
    sql: `
      CREATE TABLE batches (
        id TEXT PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('filling', 'prepared', 'uploading', 'uploaded', 'submitting', 'submitted', 'ended', 'collected')),
        endpoint TEXT NOT NULL,
        -- The environment variable that holds the key, never the key.
        key_variable TEXT NOT NULL,
        model TEXT NOT NULL,
        dataset TEXT NOT NULL,
        variant TEXT NOT NULL,
        -- What a token cost when it was submitted (JSON); null where no price was known.
        price TEXT,
        requests INTEGER NOT NULL DEFAULT 0,
        bytes INTEGER NOT NULL DEFAULT 0,
        -- The most that it can cost; null where no price is known.
        worst_usd REAL,
        file_id TEXT,
        provider_id TEXT,
        provider_status TEXT,
        problem TEXT,
        created_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        submitted_at TEXT,
        expires_at TEXT
      ) STRICT;
      CREATE INDEX batches_by_variant ON batches (variant, endpoint);

      CREATE TABLE batch_requests (
        batch TEXT NOT NULL REFERENCES batches (id),
        seq INTEGER NOT NULL,
        custom_id TEXT NOT NULL,
        hash TEXT NOT NULL,
        key TEXT NOT NULL,
        -- Null once it is answered (the reply keeps it) or given up.
        body TEXT,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'answered', 'failed', 'unanswered')),
        error TEXT,
        cost_usd REAL,
        PRIMARY KEY (batch, seq),
        UNIQUE (batch, custom_id)
      ) STRICT, WITHOUT ROWID;
      -- No request is ever on its way twice.
      CREATE UNIQUE INDEX batch_requests_waiting ON batch_requests (hash) WHERE state = 'waiting';
    `,
  },
  {
    about: "request texts: messages that stand in many requests (instruction, few-shots), kept once",
    sql: `
      CREATE TABLE request_texts (
        hash TEXT PRIMARY KEY,
        text TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    about: "clusters of near-duplicates, overlaps with evaluation sets, and drops with nothing kept in their place",
    sql: `
      CREATE TABLE drops_6 (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        example_id TEXT NOT NULL REFERENCES examples (id),
        annotation_id INTEGER REFERENCES annotations (id) ON DELETE CASCADE,
        -- Null where the example is left out for its own sake.
        kept_example_id TEXT REFERENCES examples (id),
        kept_annotation_id INTEGER REFERENCES annotations (id) ON DELETE CASCADE,
        reason TEXT NOT NULL,
        detail TEXT,
        created_at TEXT NOT NULL
      ) STRICT;
      INSERT INTO drops_6 SELECT * FROM drops;
      DROP TABLE drops;
      ALTER TABLE drops_6 RENAME TO drops;
      CREATE INDEX drops_by_example ON drops (example_id);
      CREATE INDEX drops_by_annotation ON drops (annotation_id) WHERE annotation_id IS NOT NULL;
      CREATE INDEX drops_by_kept ON drops (kept_example_id) WHERE kept_example_id IS NOT NULL;
      CREATE INDEX drops_by_kept_annotation ON drops (kept_annotation_id) WHERE kept_annotation_id IS NOT NULL;

      -- Tasks that near-duplicates join; a task that is in none stands for itself.
      CREATE TABLE near_clusters (
        task_hash TEXT PRIMARY KEY,
        cluster TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE contaminations (
        id INTEGER PRIMARY KEY,
        example_id TEXT NOT NULL REFERENCES examples (id),
        -- Null where the task or the rationale overlaps.
        annotation_id INTEGER REFERENCES annotations (id) ON DELETE CASCADE,
        field TEXT NOT NULL CHECK (field IN ('task', 'rationale', 'plan')),
        -- The evaluation set as its file is called, with the column where one was named; the record's place in it.
        evaluation TEXT NOT NULL,
        position INTEGER NOT NULL,
        rule TEXT NOT NULL CHECK (rule IN ('exact', 'ngram', 'coverage')),
        -- The share of the problem's short n-grams that stand in the field.
        coverage REAL NOT NULL,
        shared TEXT NOT NULL,
        created_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX contaminations_by_example ON contaminations (example_id);
      CREATE INDEX contaminations_by_annotation ON contaminations (annotation_id) WHERE annotation_id IS NOT NULL;
    `,
  },
  {
    about: "reviews: what people say of annotations; rows are only ever added",
    sql: `
      CREATE TABLE reviews (
        id INTEGER PRIMARY KEY,
        example_id TEXT NOT NULL REFERENCES examples (id),
        variant TEXT NOT NULL REFERENCES variants (hash),
        -- The plan that was looked at (its canonical hash): a review says nothing of a plan that came later.
        plan_hash TEXT NOT NULL,
        -- What the verifier said of it then.
        level TEXT,
        reviewer TEXT NOT NULL,
        -- The order in which it was shown: only annotations drawn at random tell of those that nobody looked at.
        queue TEXT NOT NULL CHECK (queue IN ('random', 'stratified', 'worst', 'defect', 'disagreements', 'chosen')),
        verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'edit', 'skip', 'undo')),
        reason TEXT,
        note TEXT,
        -- Of an edit: the plan's text as it was saved, and the variant under which it became an annotation.
        edited_plan TEXT,
        edited_variant TEXT REFERENCES variants (hash),
        -- Of an undo: the review that it takes back.
        undoes INTEGER UNIQUE REFERENCES reviews (id),
        created_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX reviews_by_annotation ON reviews (example_id, variant, reviewer, id);

      -- A reviewer's word on an annotation: the last one that was not taken back.
      CREATE VIEW standing_reviews AS
        SELECT r.* FROM reviews r
        WHERE r.id = (
          SELECT max(o.id) FROM reviews o
          WHERE o.example_id = r.example_id AND o.variant = r.variant AND o.reviewer = r.reviewer AND o.verdict <> 'undo'
            AND NOT EXISTS (SELECT 1 FROM reviews u WHERE u.undoes = o.id));
    `,
  },
];

/** The store's version; 0 for a file with nothing in it yet. */
export function storeVersion(db: Connection): number {
  return Number(db.pragma("user_version", { simple: true }));
}

/** Brings a store from its version to the last of `migrations`, each step in a transaction of its own. */
export function migrate(db: Connection, migrations: readonly Migration[] = MIGRATIONS): void {
  for (const [index, migration] of migrations.entries()) {
    const version = index + 1;
    if (storeVersion(db) >= version) continue;
    db.transaction(() => {
      db.exec(migration.sql);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${version}`);
    }).immediate();
  }
}
