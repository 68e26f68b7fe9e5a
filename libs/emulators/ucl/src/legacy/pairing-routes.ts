import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { certify, subjectFor } from "../connector/certificates.ts";
import { issueToken, spendToken } from "../connector/tokens.ts";
import { clientCertificateOf } from "../http/client-certificate.ts";
import { tokenOf } from "../http/connector-route.ts";
import { authOfCertificate } from "../identity/identity.ts";
import type { SystemAuth } from "../model/records.ts";
import type { World } from "../world.ts";

/** The older REST interface by which external systems pair, in front of the same Connector. */
export function pairingByToken(app: FastifyInstance, world: World, gatewayUrl: () => string): void {
  app.get("/v1/applications/signingRequests/info", async (request, reply) => {
    const auth = spendToken(world, tokenOf(request));
    if (typeof auth === "string") return forbidden(reply, auth);
    const { token } = issueToken(world, auth);
    return {
      csrUrl: `${new URL(world.urls.legacyConnectorURL).origin}/v1/applications/certificates?token=${token}`,
      api: {
        ...gatewayUrls(world, auth, gatewayUrl()),
        infoUrl: `${new URL(world.urls.certificateSecuredConnectorURL).origin}/v1/applications/management/info`,
        certificatesUrl: `${new URL(world.urls.legacyConnectorURL).origin}/v1/applications/certificates`,
      },
      certificate: certificateTerms(auth),
    };
  });
  app.post("/v1/applications/certificates", async (request, reply) => {
    const auth = spendToken(world, tokenOf(request));
    return typeof auth === "string" ? forbidden(reply, auth) : signed(world, auth, request, reply);
  });
}

/** What an external system may do with the certificate that it has got. */
export function pairingByCertificate(app: FastifyInstance, world: World, gatewayUrl: () => string): void {
  const authOf = (request: FastifyRequest): SystemAuth | string =>
    authOfCertificate(world, clientCertificateOf(request.raw.socket)?.certificate);
  app.get("/v1/applications/management/info", async (request, reply) => {
    const auth = authOf(request);
    if (typeof auth === "string") return forbidden(reply, auth);
    const { origin } = new URL(world.urls.certificateSecuredConnectorURL);
    return {
      clientIdentity: { application: world.model.applications.get(auth.objectId)?.name ?? "" },
      urls: {
        ...gatewayUrls(world, auth, gatewayUrl()),
        renewCertUrl: `${origin}/v1/applications/certificates/renewals`,
        revokeCertUrl: `${origin}/v1/applications/certificates/revocations`,
      },
      certificate: certificateTerms(auth),
    };
  });
  app.post("/v1/applications/certificates/renewals", async (request, reply) => {
    const auth = authOf(request);
    return typeof auth === "string" ? forbidden(reply, auth) : signed(world, auth, request, reply);
  });
  app.post("/v1/applications/certificates/revocations", async (request, reply) => {
    const auth = authOf(request);
    const client = clientCertificateOf(request.raw.socket);
    if (typeof auth === "string" || client === undefined) return forbidden(reply, String(auth));
    world.model.revoked.add(client.fingerprint);
    return reply.code(201).send();
  });
}

const forbidden = (reply: FastifyReply, error: string): FastifyReply => reply.code(403).send({ code: 403, error });

function signed(world: World, auth: SystemAuth, { body }: FastifyRequest, reply: FastifyReply): FastifyReply {
  let csr: unknown;
  try {
    ({ csr } = JSON.parse(String(body)) as { csr?: unknown });
  } catch {
    return reply.code(400).send({ code: 400, error: "the body must be JSON" });
  }
  try {
    const { certificateChain, clientCertificate, caCertificate } = certify(world, auth.id, String(csr ?? ""));
    return reply.code(201).send({ crt: certificateChain, clientCrt: clientCertificate, caCrt: caCertificate });
  } catch (error) {
    return reply.code(400).send({ code: 400, error: error instanceof Error ? error.message : String(error) });
  }
}

const certificateTerms = (auth: SystemAuth): object => ({
  subject: subjectFor(auth.id),
  extensions: "",
  "key-algorithm": "rsa2048",
});

function gatewayUrls({ model }: World, auth: SystemAuth, gatewayUrl: string): object {
  const name = model.applications.get(auth.objectId)?.name ?? "";
  return {
    metadataUrl: `${gatewayUrl}/${name}/v1/metadata/services`,
    eventsUrl: `${gatewayUrl}/${name}/v1/events`,
    eventsInfoUrl: `${gatewayUrl}/${name}/v1/events/subscribed`,
  };
}
