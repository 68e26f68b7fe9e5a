import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Call } from "../director/call.ts";
import { directorSchema } from "../director/director.ts";
import { DirectorError } from "../director/director-error.ts";
import { authOfCertificate, type Caller, callerOf } from "../identity/identity.ts";
import type { Surroundings } from "../surroundings.ts";
import type { World } from "../world.ts";
import { noteFirstUse } from "./connector-route.ts";
import { presentDirectorError } from "./graphql-result.ts";
import { graphqlRoute, type Refusal } from "./graphql-route.ts";
import type { JournalEntry } from "./journal.ts";

/** The Director: for systems with client certificates on the one listener, for people with bearers on the other. */
export function directorRoute(
  app: FastifyInstance,
  world: World,
  on: Surroundings,
  listener: JournalEntry["listener"],
): void {
  graphqlRoute(app, on, {
    route: "director",
    path: "/director/graphql",
    listener,
    schema: directorSchema(),
    present: presentDirectorError(() => world.random.uuid()),
    contextOf(request, client) {
      const caller = listener === "mtls" ? system(world, client?.certificate) : person(world, request);
      if (typeof caller === "string") return refusal(401, new DirectorError("Unauthorized", `unauthorized: ${caller}`));
      const tenant = tenantOf(world, request, caller);
      if (tenant instanceof DirectorError) return refusal(400, tenant);
      const call: Call = { world, caller: { ...caller, tenantId: tenant }, nestedPages: new Map() };
      return { context: call };
    },
  });
}

function system(world: World, certificate: Parameters<typeof authOfCertificate>[1]): Caller | string {
  const auth = authOfCertificate(world, certificate);
  if (typeof auth === "string") return auth;
  noteFirstUse(auth);
  const runtime = world.model.runtimes.get(auth.objectId);
  if (runtime !== undefined && runtime.condition !== "CONNECTED") {
    runtime.condition = "CONNECTED";
    runtime.conditionAt = world.clock.now();
  }
  return callerOf(auth);
}

function person(world: World, { headers }: FastifyRequest): Caller | string {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
  const scopes = bearer === undefined ? undefined : world.bearers.scopesOf(bearer);
  if (scopes === undefined) return "no valid bearer token";
  return { type: "USER", id: "administrator", tenantId: "", scopes: new Set(scopes) };
}

/** Without a header a system has its own tenant; people have to name one. */
function tenantOf({ model }: World, { headers }: FastifyRequest, caller: Caller): string | DirectorError {
  const header = headers["tenant"];
  const wanted = Array.isArray(header) ? header[0] : header;
  if (wanted === undefined || wanted === "") {
    return caller.tenantId === "" ? new DirectorError("TenantRequired", "Tenant is required") : caller.tenantId;
  }
  const [known] = model.tenants.of(wanted);
  if (known === undefined || (caller.tenantId !== "" && known.id !== caller.tenantId)) {
    return new DirectorError("TenantNotFound", `Tenant not found [externalTenant=${wanted}]`);
  }
  return known.id;
}

const refusal = (status: number, { message, extensions }: DirectorError): Refusal => ({
  status,
  result: { errors: [{ message, extensions }], data: null },
});
