import type { FastifyInstance } from "fastify";
import { digestBody } from "../body.ts";
import { boundedInteger, integer, serve } from "../exchange.ts";

/** Answers whose head is the point: statuses, header lines, redirects, trailers, interim responses. */
export function answerRoutes(app: FastifyInstance): void {
  serve(app, "/status/*", async (exchange) => {
    const { request, response } = exchange;
    await digestBody(exchange, 0);
    const status = boundedInteger(/^\/status\/(\d{3})/.exec(request.url ?? "")?.[1], 200, 999);
    const body = `status ${status}\n`;
    const bodiless = status < 200 || status === 204 || status === 304;
    const headers = bodiless ? [] : ["content-type", "text/plain", "content-length", String(body.length)];
    response.writeHead(status < 200 ? 200 : status, headers);
    response.end(bodiless ? undefined : body);
  });

  // Every pair of the query becomes one header line, in order and with duplicates.
  serve(app, "/headers", async (exchange) => {
    const { response, query } = exchange;
    await digestBody(exchange, 0);
    const wanted = [...query];
    const names = new Set(wanted.map(([name]) => name.toLowerCase()));
    const body = "headers as told\n";
    const framing =
      names.has("content-length") || names.has("transfer-encoding") ? [] : ["content-length", String(body.length)];
    try {
      response.writeHead(200, [...wanted.flat(), ...framing]);
      response.end(body);
    } catch (error) {
      response.writeHead(400, ["content-type", "text/plain"]);
      response.end(`${(error as Error).message}\n`);
    }
  });

  serve(app, "/redirect", async (exchange) => {
    const { response, query } = exchange;
    await digestBody(exchange, 0);
    const location = query.get("location");
    response.writeHead(integer(query, "status", 302, 399), [
      ...(location === null ? [] : ["location", location]),
      "content-length",
      "0",
    ]);
    response.end();
  });

  serve(app, "/trailers", async (exchange) => {
    const { response } = exchange;
    await digestBody(exchange, 0);
    response.writeHead(200, ["content-type", "text/plain", "trailer", "x-checksum, x-note"]);
    response.write("body before trailers\n");
    response.addTrailers([
      ["x-checksum", "abc123"],
      ["x-note", "done"],
    ]);
    response.end();
  });

  serve(app, "/early-hints", async (exchange) => {
    const { response } = exchange;
    await digestBody(exchange, 0);
    const body = "after the hints\n";
    response.writeEarlyHints(
      { link: ["</style.css>; rel=preload; as=style", "</app.js>; rel=preload; as=script"], "x-hint": "1" },
      () => {
        response.writeHead(200, ["content-type", "text/plain", "content-length", String(body.length)]);
        response.end(body);
      },
    );
  });
}
