import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Service } from "@application-connector/service";
import type { EntryTable } from "../entries/entry-table.ts";
import { reportOf } from "./api-report.ts";
import { apisPath, type Diagnosis } from "./diagnosis.ts";

/** So many reports are made at a time; calls that are under way have their turn between them. */
const reportsAtOnce = 100;

/** `GET /v1/apis`: how calls of every API would be made, `?application=` of one Application. For administrators. */
export function apisRoute(app: ReturnType<Service["api"]>, { table, guard }: Diagnosis): void {
  app.get<{ Querystring: { application?: unknown } }>(apisPath, async (request, reply) => {
    const problem = await guard(request.headers.authorization);
    if (problem !== undefined) {
      if (problem.status === 401) reply.header("www-authenticate", 'Bearer realm="application-gateway"');
      throw problem;
    }
    const { application } = request.query;
    const wanted = typeof application === "string" ? application : undefined;
    reply.header("content-type", "application/json; charset=utf-8").header("cache-control", "no-store");
    return reply.send(Readable.from(reports(table, wanted), { objectMode: false }));
  });
}

async function* reports(table: EntryTable, application: string | undefined): AsyncGenerator<string> {
  let text = '{"apis":[';
  let count = 0;
  for (const entry of table.entries()) {
    if (application !== undefined && entry.candidate.application !== application) continue;
    text += `${count === 0 ? "" : ",\n"}${JSON.stringify(reportOf(entry))}`;
    count++;
    if (count % reportsAtOnce !== 0) continue;
    yield text;
    text = "";
    await setImmediate();
  }
  yield `${text}]}\n`;
}
