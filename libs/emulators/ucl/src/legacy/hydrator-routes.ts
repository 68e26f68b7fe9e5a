import { commonName, NameError, parseName, parseXfcc, XfccError } from "@application-connector/x509";
import type { FastifyInstance } from "fastify";
import { spendToken } from "../connector/tokens.ts";
import { callerOf } from "../identity/identity.ts";
import type { SystemAuth } from "../model/records.ts";
import type { World } from "../world.ts";

interface Session {
  subject: string;
  extra: Record<string, unknown> | null;
  header: Record<string, string[]> | null;
}

/** What UCL's own gateway asks about a request before it lets it through: who is it? */
export function hydratorRoutes(app: FastifyInstance, world: World): void {
  app.post("/hydrators/v1/tokens/resolve", async (request, reply) => {
    const session = sessionFrom(request.body);
    if (session === undefined) return reply.code(400).send({ error: "failed to decode request body" });
    const header = request.headers["connector-token"];
    const { token } = request.query as { token?: unknown };
    const auth = spendToken(world, String((header || token) ?? ""));
    return typeof auth === "string" ? session : withHeaders(session, { "Client-Id-From-Token": auth.id });
  });
  app.post("/hydrators/v1/certificate/data/resolve", async (request, reply) => {
    const session = sessionFrom(request.body);
    if (session === undefined) return reply.code(400).send({ error: "failed to decode request body" });
    const found = clientIn(world, String(request.headers["certificate-data"] ?? ""));
    if (found === undefined) return session;
    return withHeaders(session, {
      "Client-Id-From-Certificate": found.auth.id,
      "Client-Certificate-Hash": found.hash,
      "Subject-From-Certificate": found.subject,
      "Client-Certificate-Issuer": "connector",
    });
  });
  for (const path of ["/hydrators/tenant-mapping", "/hydrators/authn-mapping/:authenticator"]) {
    app.post(path, async (request, reply) => {
      const session = sessionFrom(request.body);
      if (session === undefined) return reply.code(400).send({ error: "failed to decode request body" });
      const id = session.header?.["Client-Id-From-Certificate"]?.[0] ?? session.header?.["Client-Id-From-Token"]?.[0];
      const auth = id === undefined ? undefined : world.model.systemAuths.get(id);
      if (auth === undefined) return session;
      const { type, id: consumerID, scopes, tenantId } = callerOf(auth);
      const tenant = world.model.tenants.get(tenantId)?.externalId;
      const extra = { ...session.extra, consumerType: type, consumerID, scope: [...scopes].join(" "), tenant };
      return { ...session, extra };
    });
  }
}

function sessionFrom(body: unknown): Session | undefined {
  try {
    const session = JSON.parse(String(body)) as Session;
    return typeof session === "object" && session !== null ? session : undefined;
  } catch {
    return undefined;
  }
}

const withHeaders = (session: Session, added: Record<string, string>): Session => ({
  ...session,
  header: { ...session.header, ...Object.fromEntries(Object.entries(added).map(([name, value]) => [name, [value]])) },
});

/** The first element of the header whose subject names a system auth, unless its certificate was taken back. */
function clientIn({ model }: World, header: string): { auth: SystemAuth; hash: string; subject: string } | undefined {
  try {
    for (const { hash = "", subject = "" } of parseXfcc(header)) {
      if (model.revoked.has(hash)) continue;
      const auth = model.systemAuths.get(commonName(parseName(subject)));
      if (auth !== undefined) return { auth, hash, subject };
    }
  } catch (error) {
    if (!(error instanceof XfccError || error instanceof NameError)) throw error;
  }
  return undefined;
}
