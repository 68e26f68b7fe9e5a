import { once } from "node:events";
import { createServer } from "node:http";
import { registerHooks } from "node:module";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { createService } from "../service.ts";
import { keepLines } from "../testing/lines.ts";
import { startTracing } from "./tracing.ts";

// The exporter reads its own variables from the process.
const variables = Object.keys(process.env).filter((name) => name.startsWith("OTEL_"));
beforeEach(() => {
  for (const name of variables) delete process.env[name];
});
afterEach(() => {
  for (const name of Object.keys(process.env).filter((name) => name.startsWith("OTEL_"))) delete process.env[name];
});

test("nothing of the SDK is loaded until an exporter is configured", async () => {
  const loaded: string[] = [];
  const hooks = registerHooks({
    load(url, context, next) {
      loaded.push(url);
      return next(url, context);
    },
  });
  onTestFinished(() => hooks.deregister());
  const ofSdk = (): string[] => loaded.filter((url) => /@opentelemetry\/(sdk|otlp|resources)/.test(url));
  const { service } = world({});
  expect(await startTracing(service)).toBeUndefined();
  expect(ofSdk()).toEqual([]);
  const other = world({ OTEL_TRACES_EXPORTER: "otlp" });
  expect(await startTracing(other.service)).toBeDefined();
  expect(ofSdk().length).toBeGreaterThan(0);
});

test("spans reach a collector as JSON, under the name of the service", async () => {
  const collector = await receiver();
  const { service } = world({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=t",
    OTEL_RESOURCE_ATTRIBUTES: "k8s.pod.name=p",
  });
  const tracing = await startTracing(service);
  tracing?.tracer.startSpan("one").end();
  await service.stop();
  const [request] = collector.requests;
  expect(request?.url).toBe("/v1/traces");
  expect(request?.headers).toMatchObject({ "content-type": "application/json", "x-tenant": "t" });
  const [{ resource, scopeSpans }] = JSON.parse(request?.body.toString() ?? "").resourceSpans;
  const attributes = new Map(
    resource.attributes.map(({ key, value }: { key: string; value: { stringValue: string } }) => [
      key,
      value.stringValue,
    ]),
  );
  expect(attributes.get("service.name")).toBe("example");
  expect(attributes.get("k8s.pod.name")).toBe("p");
  expect(scopeSpans[0].spans[0]).toMatchObject({ name: "one" });
});

test("spans reach a collector as protobuf when nothing else is said", async () => {
  const collector = await receiver();
  const { service } = world({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/own`,
    OTEL_SERVICE_NAME: "renamed-service",
  });
  const tracing = await startTracing(service);
  tracing?.tracer.startSpan("one-span").end();
  await service.stop();
  const [request] = collector.requests;
  expect(request?.url).toBe("/own");
  expect(request?.headers["content-type"]).toBe("application/x-protobuf");
  for (const text of ["renamed-service", "one-span"]) expect(request?.body.includes(text)).toBe(true);
});

test("a collector that refuses costs one line a minute, and the program ends in time", async () => {
  const collector = await receiver(403);
  const { service, records } = world({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: "1" });
  const tracing = await startTracing(service);
  for (let i = 1; i <= 3; i++) {
    tracing?.tracer.startSpan("x").end();
    await collector.seen(i);
  }
  await service.stop();
  expect(records().filter(({ msg }) => msg === "spans could not be exported")).toEqual([
    expect.objectContaining({ level: "warn", code: 403 }),
  ]);
});

test("variables that make no sense are told, and the program serves", async () => {
  const { service, records } = world({
    OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318",
  });
  expect(await startTracing(service)).toBeUndefined();
  expect(records()).toEqual([
    expect.objectContaining({ level: "warn", mistake: expect.stringContaining("OTEL_EXPORTER_OTLP_ENDPOINT") }),
  ]);
});

function world(env: Record<string, string>) {
  Object.assign(process.env, env);
  const logDestination = keepLines();
  const service = createService("example", { logDestination, shutdownTimeoutMs: 5_000 });
  onTestFinished(() => service.stop());
  return { service, records: () => logDestination.records };
}

/** A collector that keeps what it gets. */
async function receiver(status = 200) {
  const requests: { url: string | undefined; headers: NodeJS.Dict<string | string[]>; body: Buffer }[] = [];
  const waiting = new Map<number, () => void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    requests.push({ url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(status).end();
    waiting.get(requests.length)?.();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const seen = (count: number): Promise<void> =>
    requests.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.set(count, resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, seen };
}
