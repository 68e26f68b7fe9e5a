import { expect, test } from "vitest";
import { helpText } from "./help.ts";
import { choice, flag, integer, list, port, seconds, secret, text } from "./kinds.ts";
import { optionsTable } from "./options-table.ts";

const schema = {
  proxyPort: port("proxyPort", 8080, "Where calls arrive"),
  timeoutMs: seconds("proxyTimeout", 10, "How long a target may take", { min: 1 }),
  level: choice("logLevel", "info", "What is logged", { values: ["debug", "info"] }),
  metrics: flag("metrics", true, "Whether there are metrics"),
  limit: integer("maxInFlight", 0, "How many at once; ".repeat(8).trim(), { min: 0 }),
  uris: list("uris", "", "Who is trusted"),
  url: text("natsUrl", "", "Where events go", { required: true, env: "NATS_URL" }),
  password: secret("password", "hunter2", "To log in"),
};

test("the help lays out every flag with its default, its bounds and its variable", () => {
  const lines = helpText({ name: "gateway", description: "calls external systems" }, schema);
  expect(lines).toMatchInlineSnapshot(`
    "gateway: calls external systems

    Usage
      gateway [flags]

    Flags are written -name=value, --name=value or --name value; switches also -name.
    Each one may be given as a variable instead; a flag wins over its variable, and an empty variable is unset.

    Flags
      --proxyPort <port>
          Where calls arrive
          (default 8080; env APP_PROXY_PORT)
      --proxyTimeout <seconds>
          How long a target may take
          (default 10; a whole number of seconds, at least 1; env APP_PROXY_TIMEOUT)
      --logLevel <debug|info>
          What is logged
          (default info; env APP_LOG_LEVEL)
      --metrics[=true|false]
          Whether there are metrics
          (default true; env APP_METRICS)
      --maxInFlight <number>
          How many at once; How many at once; How many at once; How many at once; How many at once; How
          many at once; How many at once; How many at once;
          (default 0; a whole number, at least 0; env APP_MAX_IN_FLIGHT)
      --uris <a,b,…>
          Who is trusted
          (default empty; env APP_URIS)
      --natsUrl <text>
          Where events go
          (required; env NATS_URL or APP_NATS_URL)
      --password <secret>
          To log in
          (default (hidden); env APP_PASSWORD)
      --help
          Print this text
    "
  `);
  expect(Math.max(...lines.split("\n").map((line) => line.length))).toBeLessThanOrEqual(110);
});

test("the table of the reference page comes from the same declaration", () => {
  expect(optionsTable(schema)).toMatchInlineSnapshot(`
    "| Flag | Environment | Default | Allowed | Meaning |
    |---|---|---|---|---|
    | \`--proxyPort\` | \`APP_PROXY_PORT\` | \`8080\` | a port number from 0 to 65535 | Where calls arrive |
    | \`--proxyTimeout\` | \`APP_PROXY_TIMEOUT\` | \`10\` | a whole number of seconds, at least 1 | How long a target may take |
    | \`--logLevel\` | \`APP_LOG_LEVEL\` | \`info\` | one of debug, info | What is logged |
    | \`--metrics\` | \`APP_METRICS\` | \`true\` | true or false | Whether there are metrics |
    | \`--maxInFlight\` | \`APP_MAX_IN_FLIGHT\` | \`0\` | a whole number, at least 0 | How many at once; How many at once; How many at once; How many at once; How many at once; How many at once; How many at once; How many at once; |
    | \`--uris\` | \`APP_URIS\` | – | a list separated by commas | Who is trusted |
    | \`--natsUrl\` | \`NATS_URL\`, \`APP_NATS_URL\` | required | a text | Where events go |
    | \`--password\` | \`APP_PASSWORD\` | \`(hidden)\` | a secret text | To log in |
    "
  `);
});

test("neither shows the default of a secret", () => {
  expect(helpText({ name: "gateway", description: "" }, schema) + optionsTable(schema)).not.toContain("hunter2");
});
