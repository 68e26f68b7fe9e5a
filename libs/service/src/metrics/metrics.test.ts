import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { Distribution } from "./distribution.ts";
import { collected, counter, gauge, histogram, reading } from "./metric.ts";
import { metricsIn, metricsTable } from "./metrics-table.ts";

const metrics = {
  answers: counter("x_answers_total", ["code"], "Answers"),
  size: gauge("x_size", [], "Size, in a | b"),
  time: histogram("x_seconds", ["route"], "Time"),
};

test("declared families are read when somebody scrapes, and are listed from the same declaration", async () => {
  const registry = new Registry();
  const answers = new Map([[200, 1]]);
  const time = new Distribution([0.1, 1]);
  let size = 1;
  collected(registry, metrics, {
    answers: function* () {
      for (const [code, value] of answers) yield { labels: { code }, value };
    },
    size: reading(() => size),
    time: (name) => time.samples(name, { route: "r" }),
  });
  answers.set(404, 2);
  size = 7;
  for (const value of [0.1, 0.5, 3]) time.observe(value);
  expect(await registry.metrics()).toBe(`# HELP x_answers_total Answers
# TYPE x_answers_total counter
x_answers_total{code="200"} 1
x_answers_total{code="404"} 2

# HELP x_size Size, in a | b
# TYPE x_size gauge
x_size 7

# HELP x_seconds Time
# TYPE x_seconds histogram
x_seconds_bucket{route="r",le="0.1"} 1
x_seconds_bucket{route="r",le="1"} 2
x_seconds_bucket{route="r",le="+Inf"} 3
x_seconds_sum{route="r"} 3.6
x_seconds_count{route="r"} 3
`);
  expect(metricsIn(registry)).toEqual([metrics.answers, metrics.time, metrics.size]);
  expect(metricsTable(metricsIn(registry))).toBe(`| Metric | Type | Labels | Meaning |
|---|---|---|---|
| \`x_answers_total\` | counter | \`code\` | Answers |
| \`x_seconds\` | histogram | \`route\` | Time |
| \`x_size\` | gauge | – | Size, in a \\| b |
`);
});
