import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { APPLICATION_ID, MIGRATIONS, migrate, storeVersion } from "../../../pipelines/store/migrations.ts";
import { openStore } from "../../../pipelines/store/open.ts";
import { addition, AT, newStore, RULES, save, sourceExample, temporaryFolder } from "./fixture.ts";

describe("a store that is not there", () => {
  test.each(["write", "read"] as const)("is not made in mode %s", (mode) => {
    const file = join(temporaryFolder(), "lumos.db");
    expect(() => openStore(file, { mode })).toThrow(expect.objectContaining({ code: "store.missing", message: expect.stringContaining("run lumos annotate") }));
    expect(existsSync(file)).toBe(false);
  });

  test("is made in mode create, at the last version, and says that it is ours", () => {
    const folder = temporaryFolder();
    openStore(join(folder, "lumos.db"), { mode: "create" }).close();
    const db = new Database(join(folder, "lumos.db"), { readonly: true });
    expect(db.pragma("application_id", { simple: true })).toBe(APPLICATION_ID);
    expect(storeVersion(db)).toBe(MIGRATIONS.length);
    expect(db.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    expect(db.pragma("foreign_key_check")).toEqual([]);
    db.close();
  });

  test("is made of a file that a killed program left empty", () => {
    const file = join(temporaryFolder(), "lumos.db");
    writeFileSync(file, "");
    expect(() => openStore(file, { mode: "read" })).toThrow(expect.objectContaining({ code: "store.missing" }));
    openStore(file, { mode: "create" }).close();
    openStore(file, { mode: "read" }).close();
  });

  test("names the missing folder", () => {
    const file = join(temporaryFolder(), "none", "lumos.db");
    expect(() => openStore(file, { mode: "create" })).toThrow(expect.objectContaining({ code: "output.unwritable", message: expect.stringContaining("does not exist") }));
  });
});

describe("a file that is no store", () => {
  const cases: [string, (file: string) => void, string][] = [
    ["text", (file) => writeFileSync(file, "hello world ".repeat(100)), "it is not a SQLite database"],
    ["a folder", (file) => mkdirSync(file), "it is not a file"],
    ["another program's database", (file) => makeDatabase(file, "CREATE TABLE notes (id INTEGER)"), "it is a SQLite database of another program"],
    ["a database with another mark", (file) => makeDatabase(file, "PRAGMA application_id = 77"), "it is a SQLite database of another program"],
  ];
  test.each(cases)("is refused: %s", (_name, make, why) => {
    const file = join(temporaryFolder(), "notes.db");
    make(file);
    for (const mode of ["create", "write", "read"] as const) {
      expect(() => openStore(file, { mode })).toThrow(expect.objectContaining({ code: "store.foreign", message: expect.stringContaining(why) }));
    }
  });
});

describe("versions", () => {
  test("a store of a newer program is refused and left as it is", () => {
    const file = join(temporaryFolder(), "lumos.db");
    openStore(file, { mode: "create" }).close();
    makeDatabase(file, `PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    for (const mode of ["create", "write", "read"] as const) {
      expect(() => openStore(file, { mode })).toThrow(expect.objectContaining({ code: "store.newer" }));
    }
  });

  test.each(["write", "read"] as const)("an older store is backed up and migrated in mode %s, with all that it holds", (mode) => {
    const folder = temporaryFolder();
    const file = join(folder, "lumos.db");
    makeOldStore(file);
    const store = openStore(file, { mode });
    expect(store.findByPrefix("gsm8k/")).toEqual(["gsm8k/old"]);
    expect(store.countDrops()).toEqual([]);
    store.close();
    const backup = new Database(`${file}.v1.bak`, { readonly: true });
    expect(storeVersion(backup)).toBe(1);
    expect(backup.pragma("application_id", { simple: true })).toBe(APPLICATION_ID);
    expect(backup.prepare("SELECT id FROM examples").pluck().all()).toEqual(["gsm8k/old"]);
    backup.close();
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a migration that fails leaves the version before it", () => {
    const db = new Database(":memory:");
    const broken = [...MIGRATIONS.slice(0, 1), { about: "breaks", sql: "CREATE TABLE half (id INTEGER); SELECT nonsense FROM nowhere;" }];
    expect(() => migrate(db, broken)).toThrow(/nowhere/);
    expect(storeVersion(db)).toBe(1);
    expect(db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'half'").get()).toBeUndefined();
  });

  test("what has shipped is not edited: a store of version 1 grows into the same tables as a new one", () => {
    const folder = temporaryFolder();
    makeOldStore(join(folder, "old.db"));
    openStore(join(folder, "old.db"), { mode: "write" }).close();
    openStore(join(folder, "new.db"), { mode: "create" }).close();
    expect(schemaOf(join(folder, "old.db"))).toEqual(schemaOf(join(folder, "new.db")));
  });
});

describe("an open store", () => {
  test("keeps everything of a transaction, or nothing", () => {
    const store = newStore();
    expect(() =>
      store.transaction(() => {
        save(store, sourceExample("gsm8k/a"));
        throw new Error("power went");
      }),
    ).toThrow("power went");
    expect(store.knownExample("gsm8k/a")).toBeNull();
  });

  test("shows one state of the store to a snapshot while another process writes", async () => {
    const folder = temporaryFolder();
    const writer = newStore(folder);
    save(writer, sourceExample("gsm8k/a"));
    const reader = openStore(join(folder, "lumos.db"), { mode: "read" });
    await reader.snapshot(async () => {
      expect([...reader.examplesInOrder()]).toHaveLength(1);
      save(writer, sourceExample("gsm8k/b"));
      expect([...reader.examplesInOrder()]).toHaveLength(1);
    });
    expect([...reader.examplesInOrder()]).toHaveLength(2);
    reader.close();
  });

  test("that was opened to read takes no writes and leaves no files of its own", () => {
    const folder = temporaryFolder();
    const file = join(folder, "lumos.db");
    openStore(file, { mode: "create" }).close();
    const store = openStore(file, { mode: "read" });
    expect(() => store.saveVariant(RULES)).toThrow(/readonly database/);
    expect(store.runs()).toEqual([]);
    store.close();
    expect(readdirSync(folder)).toEqual(["lumos.db", "lumos.db.lock"]);
  });

  test("does not take an example that was not saved, nor a variant", () => {
    const store = newStore();
    store.saveVariant(RULES);
    const outcome = { variant: RULES.hash, key: "gsm8k/a", exampleId: "gsm8k/a", dataset: "gsm8k", file: "f", position: 1, contentHash: "c", run: "r", at: AT };
    const rest = { state: "annotated" as const, reason: null, detail: null, defects: [], repaired: [], annotation: null };
    expect(() => store.recordOutcome({ ...outcome, ...rest })).toThrow(/FOREIGN KEY/);
  });

  test("can be copied as a file once it is closed", () => {
    const folder = temporaryFolder();
    const store = openStore(join(folder, "lumos.db"), { mode: "create" });
    save(store, sourceExample("gsm8k/a"), { plan: addition(1, 1) });
    store.close();
    copyFileSync(join(folder, "lumos.db"), join(folder, "copy.db"));
    const copy = openStore(join(folder, "copy.db"), { mode: "read" });
    expect(copy.exampleOf("gsm8k/a")?.id).toBe("gsm8k/a");
    copy.close();
  });
});

function makeDatabase(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

/** A store as the first version of the program left it. */
function makeOldStore(file: string): void {
  const db = new Database(file);
  migrate(db, MIGRATIONS.slice(0, 1));
  const example = JSON.stringify(sourceExample("gsm8k/old"));
  db.prepare(
    "INSERT INTO examples (id, dataset, domain, payload, task_hash, content_hash, file, position) VALUES ('gsm8k/old', 'gsm8k', 'maths', ?, 't1:0', 'c', 'f.jsonl', 1)",
  ).run(example);
  db.close();
}

function schemaOf(file: string): unknown[] {
  const db = new Database(file, { readonly: true });
  const rows = db.prepare("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").all();
  db.close();
  return rows;
}
