import type { FastifyInstance, FastifyRequest } from "fastify";
import { type ConnectorCall, connectorSchema } from "../connector/connector.ts";
import { spendToken } from "../connector/tokens.ts";
import { authOfCertificate } from "../identity/identity.ts";
import type { Surroundings } from "../surroundings.ts";
import type { World } from "../world.ts";
import { presentPlain } from "./graphql-result.ts";
import { graphqlRoute } from "./graphql-route.ts";
import type { JournalEntry } from "./journal.ts";

/** The Connector: by one-time token on the one listener, by client certificate on the other. */
export function connectorRoute(
  app: FastifyInstance,
  world: World,
  on: Surroundings,
  listener: JournalEntry["listener"],
): void {
  graphqlRoute(app, on, {
    route: "connector",
    path: "/connector/graphql",
    listener,
    schema: connectorSchema(),
    present: presentPlain,
    contextOf(request, client) {
      const byToken = listener === "token" ? spendToken(world, tokenOf(request)) : "no token is taken here";
      const byCertificate =
        listener === "mtls" ? authOfCertificate(world, client?.certificate) : "no certificate is taken here";
      if (typeof byCertificate !== "string" && client) noteFirstUse(byCertificate);
      const context: ConnectorCall = { world, byToken, byCertificate, fingerprint: client?.fingerprint };
      return { context };
    },
  });
}

/** The first call with the certificate ends what pairing has left behind. */
export function noteFirstUse(auth: Exclude<ReturnType<typeof authOfCertificate>, string>): void {
  if (auth.commonName !== null) return;
  auth.commonName = auth.id;
  auth.oneTimeToken = null;
}

/** In the header, or in the address as old clients have it. */
export function tokenOf(request: FastifyRequest): string {
  const header = request.headers["connector-token"];
  if (typeof header === "string" && header !== "") return header;
  const { token } = request.query as { token?: unknown };
  return typeof token === "string" ? token : "";
}
