import { request } from "node:https";
import type { Ucl } from "../ucl.ts";

export interface Pair {
  certificate: string;
  key: string;
}

export interface CallOptions {
  query: string;
  variables?: object;
  token?: string;
  bearer?: string;
  tenant?: string;
  pair?: Pair;
  headers?: Record<string, string>;
  method?: "GET" | "POST";
  /** In place of a GraphQL request. */
  body?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers and compare what they find
  data: any;
  errors: { message: string; path?: unknown[]; extensions?: { error_code: number; error: string } }[] | undefined;
}

/** One request, with a connection of its own. */
export function call(ucl: Ucl, address: string, options: CallOptions): Promise<Answer> {
  const { query, variables, token, bearer, tenant, pair, method = "POST" } = options;
  const url = new URL(address);
  if (method === "GET") url.searchParams.set("query", query);
  const body = method === "GET" ? "" : (options.body ?? JSON.stringify({ query, variables }));
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method,
        agent: false,
        ca: ucl.serverCa,
        ...(pair ? { cert: pair.certificate, key: pair.key } : {}),
        headers: {
          "content-type": "application/json",
          ...(token === undefined ? {} : { "Connector-Token": token }),
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(tenant === undefined ? {} : { Tenant: tenant }),
          ...options.headers,
        },
      },
      async (response) => {
        try {
          const chunks: Buffer[] = [];
          for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
          const text = Buffer.concat(chunks).toString("utf8");
          const isJson = String(response.headers["content-type"]).includes("json");
          const { data = null, errors } = isJson && text !== "" ? JSON.parse(text) : {};
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, data, errors });
        } catch (error) {
          reject(error);
        }
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
