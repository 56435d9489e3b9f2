import { describe, expect, it } from "vitest";
import { type Candidate, createDesk } from "../../../pipelines/review/desk.ts";

const rows = (...seconds: boolean[]): Candidate[] => seconds.map((second, n) => ({ id: `x/${n}`, variant: "v", second }));
const nobody = (): string[] => [];

describe("what reviewers have before them", () => {
  it("is not given to another, unless two are wanted", () => {
    const desk = createDesk(() => 0);
    const queue = rows(false, true, false);
    expect(["Ana", "Bo", "Cy", "Di", "Ed"].map((name) => desk.take(name, queue, nobody))).toEqual([0, 1, 1, 2, null]);
  });

  it("stays one's own when it is asked for again, and is free when one goes on", () => {
    const desk = createDesk(() => 0);
    const queue = rows(false, false);
    expect(desk.take("Ana", queue, nobody)).toBe(0);
    expect(desk.take("Ana", queue, nobody)).toBe(0);
    expect(desk.take("Ana", queue.slice(1), nobody)).toBe(0);
    expect(desk.take("Bo", queue, nobody)).toBe(0);
  });

  it("counts with those who decided it, each person once", () => {
    const desk = createDesk(() => 0);
    const queue = rows(false, true, true);
    const decided = new Map([["x/0", ["Ana"]], ["x/1", ["Ana", "Bo"]], ["x/2", ["Ana"]]]);
    expect(desk.take("Cy", queue, ({ id }) => decided.get(id) ?? [])).toBe(2);
    expect(createDesk(() => 0).take("Ana", queue, ({ id }) => decided.get(id) ?? [])).toBe(0);
  });

  it("is free again when its reviewer has gone", () => {
    let now = 0;
    const desk = createDesk(() => now);
    desk.take("Ana", rows(false), nobody);
    now = 9 * 60_000;
    expect(desk.take("Bo", rows(false), nobody)).toBeNull();
    now = 11 * 60_000;
    expect(desk.take("Bo", rows(false), nobody)).toBe(0);
  });
});
