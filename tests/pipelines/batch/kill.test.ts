import { describe, expect, it } from "vitest";
import type { BatchApi } from "../../../pipelines/batch/api.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import { type Cycle, PLAN, startCycle } from "./fixture.ts";

/** The process is gone: whoever waits for this step never hears of it. */
class Killed extends Error {}

const STORE_STEPS: ReadonlySet<string> = new Set(["transaction", "changeBatch"]);
const API_STEPS: ReadonlySet<string> = new Set(["upload", "findUpload", "create", "find", "retrieve", "download"]);

/** Counts the steps that leave a trace, and kills at one of them: before it is made, or after it is made and before anyone knows. */
function killer(at: number, when: "before" | "after") {
  let steps = 0;
  let fired = false;
  const step = <T>(work: () => T): T => {
    steps += 1;
    const isLast = steps === at;
    if (isLast && when === "before") {
      fired = true;
      throw new Killed();
    }
    const done = work();
    if (!isLast) return done;
    fired = true;
    if (done instanceof Promise) {
      // The type says what the step gives; what comes instead is the kill.
      return done.then(() => Promise.reject(new Killed())) as T;
    }
    throw new Killed();
  };
  const over = <T extends object>(target: T, names: ReadonlySet<string>): T =>
    new Proxy(target, {
      get(object, name, receiver) {
        const member: unknown = Reflect.get(object, name, receiver);
        if (typeof member !== "function" || typeof name !== "string" || !names.has(name)) return member;
        return (...args: unknown[]): unknown => step(() => Reflect.apply(member, object, args));
      },
    });
  return { store: (store: Store) => over(store, STORE_STEPS), api: (api: BatchApi) => over(api, API_STEPS), fired: () => fired };
}

/** Runs it; a kill is followed by a new process, which runs it again, unharmed. */
async function survive<T>(cycle: Cycle, kill: ReturnType<typeof killer>, run: (store: Store, api: BatchApi) => Promise<T>): Promise<T> {
  try {
    return await run(kill.store(cycle.store()), kill.api(cycle.api()));
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return run(cycle.reopen(), cycle.api());
  }
}

const LIMITS = { requests: 2 };

describe("a kill at any step of submit and collect", () => {
  it.each(["before", "after"] as const)("%s it is made: no request is submitted twice, none is lost, each reply is kept once", async (when) => {
    let steps = 0;
    for (let at = 1; ; at++) {
      const cycle = await startCycle(3);
      const kill = killer(at, when);
      await survive(cycle, kill, (store, api) => cycle.submit({ store, api, limits: LIMITS }));
      for (const { id } of cycle.standIn.batches) cycle.standIn.end(id, { answer: () => PLAN });
      await survive(cycle, kill, (store, api) => cycle.collect({ store, api }));
      expect([...cycle.standIn.timesSubmitted().values()], `step ${at}`).toEqual([1, 1, 1]);
      const uploads = [...cycle.standIn.files.values()].filter(({ name }) => name.startsWith("lumos-"));
      expect(uploads.length, `step ${at}`).toBe(cycle.standIn.batches.length);
      expect(cycle.store().batches().map(({ id, state }) => [state, cycle.store().batchCounts(id).waiting]), `step ${at}`).toEqual([["collected", 0], ["collected", 0]]);
      expect((await cycle.annotate()).asked, `step ${at}`).toBe(0);
      if (!kill.fired()) break;
      steps = at;
    }
    expect(steps).toBeGreaterThan(20);
  });

  it("uploads again, and submits once, where the provider lists no files", async () => {
    const cycle = await startCycle(2, { filesListed: false });
    const upload = cycle.api();
    const killed: BatchApi = { ...upload, upload: (path, name) => upload.upload(path, name).then(() => Promise.reject(new Killed())) };
    await expect(cycle.submit({ api: killed })).rejects.toThrow(Killed);
    await cycle.submit({ store: cycle.reopen() });
    expect(cycle.standIn.files.size).toBe(2);
    expect(cycle.standIn.batches).toHaveLength(1);
  });

  it("submits nothing where it can't be known whether the batch was made, and says how to go on", async () => {
    const cycle = await startCycle(2, { listed: false });
    const api = cycle.api();
    const killed: BatchApi = { ...api, create: (file, tag) => api.create(file, tag).then(() => Promise.reject(new Killed())) };
    await expect(cycle.submit({ api: killed })).rejects.toThrow(Killed);
    await expect(cycle.submit({ store: cycle.reopen() })).rejects.toThrow("Batch b1 is not submitted: ");
    expect(cycle.store().batches()).toMatchObject([{ state: "submitting" }]);
    expect(cycle.standIn.batches).toHaveLength(1);
  });
});

describe("a provider that falters", () => {
  it.each([
    ["that made the batch and broke off", "done_then_reset"],
    ["that broke off before", "reset"],
    ["with an error of its own", { status: 500 }],
    ["that is busy", { status: 429, headers: { "retry-after": "7" } }],
  ] as const)("%s is asked again, and has one batch", async (_what, fault) => {
    const cycle = await startCycle(2);
    cycle.standIn.fault("POST /batches", fault, fault);
    expect(await cycle.submit()).toMatchObject({ batches: [{ state: "submitted" }] });
    expect(cycle.standIn.batches).toHaveLength(1);
    if (typeof fault === "object" && fault.status === 429) expect(cycle.slept).toEqual([7000, 7000]);
  });

  it("that stays busy leaves the batch with its file, to be submitted next time", async () => {
    const cycle = await startCycle(2);
    cycle.standIn.fault("POST /batches", ...Array.from({ length: 5 }, () => ({ status: 429, headers: { "retry-after-ms": "1" } })));
    await expect(cycle.submit()).rejects.toThrow("'lumos batch submit' goes on from here.");
    expect(cycle.store().batches()).toMatchObject([{ state: "uploaded", fileId: "file-1" }]);
    expect(await cycle.submit()).toMatchObject({ under_way: 2, requests: 0, batches: [{ state: "submitted", requests: 2 }] });
    expect(cycle.standIn.files.size).toBe(1);
  });

  it("that refuses the key, or has no batch API, is told of in one line without the key", async () => {
    const cycle = await startCycle(2);
    cycle.standIn.fault("POST /files", { status: 401 }, { status: 404 });
    await expect(cycle.submit()).rejects.toThrow(/^Batch b1 is not submitted: .* Check the key \(OPENAI_API_KEY\)/);
    const refused = await cycle.submit().catch((error: unknown) => String(error));
    expect(refused).toContain("does it have a batch API");
    expect(refused).not.toMatch(/\n|sk-secret/);
    expect(await cycle.submit()).toMatchObject({ batches: [{ state: "submitted", requests: 2 }] });
  });

  it("that can't be reached leaves the batch for the next collect, and the others are collected", async () => {
    const cycle = await startCycle(4);
    await cycle.submit({ limits: LIMITS });
    for (const { id } of cycle.standIn.batches) cycle.standIn.end(id, { answer: () => PLAN });
    cycle.standIn.fault("GET /batches/batch_1", { status: 403 });
    expect(await cycle.collect()).toMatchObject({ answered: 2, unreachable: 1, batches: [{ state: "submitted" }, { state: "collected" }] });
    expect(cycle.warnings[0]).toContain("Batch b1 can't be collected");
    expect(await cycle.collect()).toMatchObject({ answered: 2, unreachable: 0, batches: [{ state: "collected" }, { state: "collected" }] });
  });

  it("is not asked for more once the work is interrupted", async () => {
    const cycle = await startCycle(3);
    const stop = new AbortController();
    const api = cycle.api();
    const interrupting: BatchApi = { ...api, upload: (path, name) => api.upload(path, name).finally(() => stop.abort()) };
    expect(await cycle.submit({ api: interrupting, signal: stop.signal })).toMatchObject({ interrupted: true, batches: [{ state: "uploaded" }] });
    expect(cycle.standIn.batches).toHaveLength(0);
    expect(await cycle.submit()).toMatchObject({ batches: [{ state: "submitted" }] });
    expect([...cycle.standIn.timesSubmitted().values()]).toEqual([1, 1, 1]);
  });
});
