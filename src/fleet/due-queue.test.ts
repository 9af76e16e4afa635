import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DueQueue } from "./due-queue.ts";

describe("queue of due printers", () => {
  it("gives ids in the order they are due and each only once", () => {
    const moves = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.nat(1_000)));
    fc.assert(
      fc.property(moves, (pairs) => {
        const queue = new DueQueue();
        const expected = new Map<string, number>();
        for (const [number, dueMs] of pairs) {
          queue.set(`p${number}`, dueMs);
          expected.set(`p${number}`, dueMs);
        }
        expect(queue.size).toBe(expected.size);
        const taken: number[] = [];
        for (let id = queue.take(1_000); id !== undefined; id = queue.take(1_000))
          taken.push(expected.get(id) ?? -1);
        expect(taken).toEqual([...expected.values()].sort((a, b) => a - b));
      }),
    );
  });

  it("keeps what is not due yet and forgets what was deleted", () => {
    const queue = new DueQueue();
    queue.set("early", 10);
    queue.set("late", 20);
    queue.set("gone", 5);
    queue.delete("gone");
    expect(queue.take(9)).toBeUndefined();
    expect(queue.countDue(20)).toBe(2);
    expect(queue.take(15)).toBe("early");
    expect(queue.nextDueMs()).toBe(20);
  });
});
