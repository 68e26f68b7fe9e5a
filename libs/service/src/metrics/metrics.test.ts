import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { Distribution } from "./distribution.ts";
import { collected, counter, gauge, histogram, reading } from "./metric.ts";
import { metricsIn, metricsTable } from "./metrics-table.ts";
import { metricsText } from "./metrics-text.ts";

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
  collected(registry, metrics, () => ({
    answers: function* () {
      for (const [code, value] of answers) yield { labels: { code }, value };
    },
    size: reading(() => size),
    time: (name) => time.samples(name, { route: "r" }),
  }));
  answers.set(404, 2);
  size = 7;
  for (const value of [0.1, 0.5, 3]) time.observe(value);
  const text = `# HELP x_answers_total Answers
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
`;
  expect(await registry.metrics()).toBe(text);
  expect(await streamed(registry)).toBe(`${text}\n`);
  expect(metricsIn(registry)).toEqual([metrics.answers, metrics.time, metrics.size]);
  expect(metricsTable(metricsIn(registry))).toBe(`| Metric | Type | Labels | Meaning |
|---|---|---|---|
| \`x_answers_total\` | counter | \`code\` | Answers |
| \`x_seconds\` | histogram | \`route\` | Time |
| \`x_size\` | gauge | – | Size, in a \\| b |
`);
});

test("what sources share is found once for a scrape, and anew for the next", async () => {
  const registry = new Registry();
  let scrapes = 0;
  collected(registry, metrics, () => {
    const number = ++scrapes;
    const same = () => [{ labels: {}, value: number }];
    return { answers: same, size: same, time: same };
  });
  expect(await streamed(registry)).toMatch(/x_answers_total 1\n[\s\S]*x_size 1\n[\s\S]*x_seconds 1\n/);
  expect(await registry.metrics()).toMatch(/x_answers_total 2\n[\s\S]*x_size 2\n[\s\S]*x_seconds 2\n/);
});

test("labels are escaped, and odd numbers written, as Prometheus reads them", async () => {
  const registry = new Registry();
  collected(registry, { size: gauge("x_size", ["a"], "back\\slash\nline") }, () => ({
    size: () => [
      { labels: { a: 'q"b\\\n' }, value: Number.POSITIVE_INFINITY },
      { labels: { a: "" }, more: { b: 1 }, value: Number.NaN },
    ],
  }));
  const text = await streamed(registry);
  expect(text).toBe(
    '# HELP x_size back\\\\slash\\nline\n# TYPE x_size gauge\nx_size{a="q\\"b\\\\\\n"} +Inf\nx_size{a="",b="1"} NaN\n\n',
  );
  expect(text.trim()).toBe((await registry.metrics()).trim().replace("Nan", "NaN"));
});

test("a long text is made in pieces, and others have their turn between them", async () => {
  const registry = new Registry();
  const labels = Array.from({ length: 20_000 }, (_, index) => ({ code: index }));
  collected(registry, { answers: metrics.answers }, () => ({
    answers: () => labels.map((one) => ({ labels: one, value: 1 })),
  }));
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const pieces: string[] = [];
  for await (const piece of metricsText(registry)) pieces.push(piece);
  clearInterval(timer);
  expect(pieces.length).toBeGreaterThan(10);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(40_000);
  expect(pieces.join("").split("\n").length).toBe(20_004);
  expect(turns).toBeGreaterThan(0);
});

async function streamed(registry: Registry): Promise<string> {
  let text = "";
  for await (const piece of metricsText(registry)) text += piece;
  return text;
}
