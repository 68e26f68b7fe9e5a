import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { FaultAction, Route } from "../faults/faults.ts";
import { spoilData } from "../faults/spoil-data.ts";
import type { Surroundings } from "../surroundings.ts";
import { type ClientCertificate, clientCertificateOf } from "./client-certificate.ts";
import { type GraphqlRequest, graphqlReader, RequestRefused } from "./graphql-request.ts";
import { type GraphqlResult, type Presenter, run } from "./graphql-result.ts";
import { headersForJournal, type JournalEntry, operationsOf } from "./journal.ts";
import { breakConnection, misbehaveBefore, misbehaveWithStatus, sendHalf } from "./misbehave.ts";
import { rootFieldsOf } from "./root-fields.ts";

/** A request that is refused for who sends it: the status and the errors to answer. */
export interface Refusal {
  status: number;
  result: GraphqlResult;
}

export interface GraphqlRoute {
  route: Route;
  path: string;
  listener: JournalEntry["listener"];
  schema: GraphQLSchema;
  present: Presenter;
  /** The context of a request, after whatever must happen to its credentials. */
  contextOf(request: FastifyRequest, client: ClientCertificate | undefined): { context: object } | Refusal;
}

/** Serves one schema at a path, with faults and journal. */
export function graphqlRoute(app: FastifyInstance, on: Surroundings, route: GraphqlRoute): void {
  const read = graphqlReader(route.schema);
  const earlierPages: Parameters<typeof spoilData>[2] = new Map();

  async function serve(request: FastifyRequest, reply: FastifyReply, entry: JournalEntry): Promise<void> {
    const asked = read(request);
    const fields = rootFieldsOf(asked.document, asked.variables);
    Object.assign(entry, operationsOf(fields));
    const action = on.faults.take(route.route, fields) ?? {};
    entry.faulty = Object.keys(action).length > 0;
    if (await misbehaveBefore(action, reply, on.stopped)) return;

    const client = clientCertificateOf(request.raw.socket);
    const allowed = route.contextOf(request, client);
    const { status, result } =
      "context" in allowed ? { status: 200, result: await answer(asked, allowed.context, action) } : allowed;
    entry.error = result.errors?.[0]?.message;
    for (const field of fields) on.pageServed(field);
    if (action.executed && (await misbehaveWithStatus(action, reply))) return;
    if (action.reset === "after") return breakConnection(reply);
    const body = JSON.stringify(result);
    if (action.truncate) return sendHalf(reply, body);
    await reply.code(status).type("application/json").send(body);
  }

  async function answer(asked: GraphqlRequest, context: object, action: FaultAction): Promise<GraphqlResult> {
    if (action.graphqlError) {
      const { message, code } = action.graphqlError;
      const extensions = code === undefined ? {} : { extensions: { error_code: code, error: "InternalError" } };
      return { errors: [{ message, ...extensions }], data: null };
    }
    const result = await run(route.schema, asked, context, route.present);
    if (result.data) result.data = spoilData(result.data, action, earlierPages);
    return action.partialData ? { errors: [{ message: "some of it could not be read" }], ...result } : result;
  }

  app.route({
    method: ["GET", "POST"],
    url: route.path,
    async handler(request, reply) {
      const entry = emptyEntry(request, route);
      try {
        await serve(request, reply, entry);
      } catch (error) {
        if (!(error instanceof RequestRefused)) throw error;
        entry.error = error.message;
        await reply.code(error.status).send({ errors: [{ message: error.message }], data: null });
      } finally {
        entry.status = reply.sent && !reply.raw.socket?.destroyed ? reply.statusCode : undefined;
        on.journal.record(entry);
      }
      return reply;
    },
  });
}

function emptyEntry(request: FastifyRequest, { route, listener }: GraphqlRoute): JournalEntry {
  const client = clientCertificateOf(request.raw.socket);
  return {
    time: new Date().toISOString(),
    listener,
    route,
    method: request.method,
    operations: [],
    arguments: [],
    pageIndex: 0,
    headers: headersForJournal(request.headers),
    certificate: client?.fingerprint,
    chainLength: client?.chainLength ?? 0,
    status: undefined,
    error: undefined,
    faulty: false,
  };
}
