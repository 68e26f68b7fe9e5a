import { describe, expect, test } from "vitest";
import { CircuitBreaker, type Ticket } from "./circuit-breaker.ts";

describe("a circuit breaker", () => {
  test.each([
    { title: "stays closed while failures are too few", run: "x x", state: "closed" },
    { title: "opens at the last of so many failures in a row", run: "x x x", state: "open" },
    { title: "starts to count anew at every success", run: "x x ok x x", state: "closed" },
    { title: "counts on while nothing succeeds", run: "ok x x x", state: "open" },
    { title: "does not open by calls that were abandoned", run: "gone gone gone gone", state: "closed" },
    { title: "does not forget failures for abandoned calls", run: "x x gone x", state: "open" },
    { title: "closes when the one call succeeds", run: "x x x 30s ok", state: "closed" },
    { title: "opens again when the one call fails", run: "x x x 30s x", state: "open" },
    { title: "lets the next call try when the one was abandoned", run: "x x x 30s gone ok", state: "closed" },
    { title: "needs as many failures again once it has closed", run: "x x x 30s ok x x", state: "closed" },
    { title: "opens for as long again", run: "x x x 30s x 30s ok", state: "closed" },
  ])("$title: $run", ({ run, state }) => {
    const { breaker, call } = world();
    for (const step of run.split(" ")) call(step);
    expect(breaker.state).toBe(state);
  });

  test("lets nobody through while it is open, and says for how long", () => {
    const { breaker, call } = world();
    for (const step of ["x", "x", "x", "10s"]) call(step);
    expect(breaker.enter(10_000)).toEqual({ waitMs: 20_000 });
    expect(breaker.enter(29_999)).toEqual({ waitMs: 1 });
  });

  test("lets one call through and no second while that one runs", () => {
    const { breaker, call } = world();
    for (const step of ["x", "x", "x"]) call(step);
    expect(breaker.enter(30_000).ticket).toBeDefined();
    expect(breaker.state).toBe("half-open");
    expect(breaker.enter(30_000)).toEqual({ waitMs: 1_000 });
    expect(breaker.enter(90_000)).toEqual({ waitMs: 1_000 });
  });

  test.each(["succeeded", "failed", "abandoned"] as const)("does not listen to calls of before: %s", (outcome) => {
    const { breaker, call } = world();
    const { ticket } = breaker.enter(0);
    for (const step of ["x", "x", "x"]) call(step);
    breaker[outcome](ticket as Ticket, 1);
    expect(breaker.enter(2)).toEqual({ waitMs: 29_998 });
    const probe = breaker.enter(30_000).ticket as Ticket;
    breaker[outcome](ticket as Ticket, 30_000);
    expect(breaker.state).toBe("half-open");
    breaker.succeeded(probe);
    breaker.failed(ticket as Ticket, 30_001);
    expect(breaker.state).toBe("closed");
  });

  test.each([
    [0, 30_000],
    [10_000, 30_000],
    [60_000, 60_000],
    [86_400_000, 300_000],
  ])("stays open as long as the target asks, within bounds: %d ms", (asked, open) => {
    const breaker = new CircuitBreaker({ failures: 1, openMs: 30_000 });
    breaker.failed(breaker.enter(0).ticket as Ticket, 0, asked);
    expect(breaker.enter(0)).toEqual({ waitMs: open });
  });
});

function world() {
  const breaker = new CircuitBreaker({ failures: 3, openMs: 30_000 });
  let now = 0;
  function call(step: string): void {
    if (step.endsWith("s")) {
      now += Number(step.slice(0, -1)) * 1000;
      return;
    }
    const { ticket } = breaker.enter(now);
    if (ticket === undefined) throw new Error(`${step} was not let through`);
    if (step === "ok") breaker.succeeded(ticket);
    else if (step === "x") breaker.failed(ticket, now);
    else breaker.abandoned(ticket, now);
  }
  return { breaker, call };
}
