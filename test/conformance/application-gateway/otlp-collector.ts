import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { ledger } from "./secrecy-ledger.ts";

/** A span as OTLP writes it in JSON, its attributes as a plain object. */
export interface CollectedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  /** 2: server, 3: client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Code 2: error. */
  readonly status: { readonly code: number; readonly message?: string };
}

export interface Collector {
  /** What makes a program export to it. */
  readonly variables: Readonly<Record<string, string>>;
  readonly spans: readonly CollectedSpan[];
  /** All that it was sent, as it came. */
  readonly text: () => string;
  stop(): void;
}

interface Wire {
  resourceSpans: { scopeSpans: { spans: (Omit<CollectedSpan, "attributes"> & { attributes: WireAttribute[] })[] }[] }[];
}

interface WireAttribute {
  key: string;
  value: { stringValue?: string; intValue?: number | string };
}

/** A server that takes spans over OTLP/HTTP, in JSON, for one test. */
export async function startCollector(): Promise<Collector> {
  const collector = await openCollector();
  onTestFinished(() => collector.stop());
  return collector;
}

/** The same until it is stopped. */
export async function openCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  let text = "";
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    text += body;
    const { resourceSpans } = JSON.parse(body) as Wire;
    for (const { scopeSpans } of resourceSpans) {
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        const attributes = span.attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]);
        spans.push({ ...span, attributes: Object.fromEntries(attributes) });
      }
    }
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ledger.said("spans", () => text);
  return {
    variables: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "20",
    },
    spans,
    text: () => text,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
