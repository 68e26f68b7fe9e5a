import type { GraphQLSchema } from "graphql";
import type { SystemAuth } from "../model/records.ts";
import { connectorTypes } from "../schema/connector-schema.ts";
import { executableSchema } from "../schema/executable.ts";
import type { World } from "../world.ts";
import { certify, subjectFor } from "./certificates.ts";
import { issueToken } from "./tokens.ts";

/** One GraphQL request to the Connector: who sent it was settled before, by token or certificate, or not at all. */
export interface ConnectorCall {
  readonly world: World;
  readonly byToken: SystemAuth | string;
  readonly byCertificate: SystemAuth | string;
  /** Of the client's certificate, lower-case hex. */
  readonly fingerprint: string | undefined;
}

/** The Connector's schema, with all that it does. */
export function connectorSchema(): GraphQLSchema {
  return executableSchema(connectorTypes, {
    resolvers: {
      Query: {
        configuration(_: unknown, __: unknown, call: ConnectorCall) {
          const auth = authenticated(call);
          const { urls } = call.world;
          return {
            token: { token: issueToken(call.world, auth).token },
            certificateSigningRequestInfo: { subject: subjectFor(auth.id), keyAlgorithm: "rsa2048" },
            managementPlaneInfo: {
              directorURL: urls.directorURL,
              certificateSecuredConnectorURL: urls.certificateSecuredConnectorURL,
            },
          };
        },
      },
      Mutation: {
        signCertificateSigningRequest(_: unknown, { csr }: { csr: string }, call: ConnectorCall) {
          const auth = authenticated(call, "Failed to authenticate with token: ");
          return certify(call.world, auth.id, csr);
        },
        revokeCertificate(_: unknown, __: unknown, { world, byCertificate, fingerprint }: ConnectorCall) {
          if (typeof byCertificate === "string" || fingerprint === undefined) {
            throw new Error(`Failed to authenticate with certificate: ${byCertificate}`);
          }
          world.model.revoked.add(fingerprint);
          return true;
        },
      },
    },
  });
}

function authenticated({ byToken, byCertificate }: ConnectorCall, prefix = ""): SystemAuth {
  if (typeof byToken !== "string") return byToken;
  if (typeof byCertificate !== "string") return byCertificate;
  throw new Error(
    `${prefix}Failed to authenticate request. Token authentication error: ${byToken}. Certificate authentication error: ${byCertificate}.`,
  );
}
