import type { Administrator } from "./administrator.ts";

/** What the page's form for a new system holds. */
export interface NewSystem {
  formation: string;
  name: string;
  api: string;
  targetURL: string;
  credential: string;
  user: string;
  secret: string;
  tokenUrl: string;
}

/** Registers a system with one bundle and one API, and puts it into a formation. */
export async function addSystem(administrator: Administrator, system: NewSystem): Promise<string> {
  const credential = credentialOf(system);
  const bundle = {
    name: `${system.api} bundle`,
    ...(credential ? { defaultInstanceAuth: { credential } } : {}),
    apiDefinitions: [{ name: system.api, targetURL: system.targetURL }],
  };
  const { result } = await administrator(
    "mutation ($in: ApplicationRegisterInput!) { result: registerApplication(in: $in) { id } }",
    { in: { name: system.name, bundles: [bundle] } },
  );
  const { id } = result as { id: string };
  await administrator(
    "mutation ($id: ID!, $name: String!) { assignFormation(objectID: $id, objectType: APPLICATION, formation: { name: $name }) { id } }",
    { id, name: system.formation },
  );
  return id;
}

/** Takes a system out of a formation; one that is in no other is unregistered. */
export async function removeSystem(administrator: Administrator, id: string, formation: string): Promise<void> {
  await administrator(
    "mutation ($id: ID!, $name: String!) { unassignFormation(objectID: $id, objectType: APPLICATION, formation: { name: $name }) { id } }",
    { id, name: formation },
  );
  const { formationsForObject } = await administrator(
    "query ($id: String!) { formationsForObject(objectID: $id) { id } }",
    {
      id,
    },
  );
  if ((formationsForObject as unknown[]).length > 0) return;
  await administrator("mutation ($id: ID!) { unregisterApplication(id: $id) { id } }", { id });
}

export async function describeSystem(administrator: Administrator, id: string, description: string): Promise<void> {
  // An update empties what it does not name.
  const { application } = await administrator(
    "query ($id: ID!) { application(id: $id) { providerName healthCheckURL baseUrl applicationNamespace integrationSystemID localTenantID } }",
    { id },
  );
  if (application === null) throw new Error("the system is gone");
  await administrator(
    "mutation ($id: ID!, $in: ApplicationUpdateInput!) { updateApplication(id: $id, in: $in) { id } }",
    { id, in: { ...(application as object), description } },
  );
}

function credentialOf({ credential, user, secret, tokenUrl }: NewSystem): object | undefined {
  if (credential === "basic") return { basic: { username: user, password: secret } };
  if (credential === "oauth") return { oauth: { clientId: user, clientSecret: secret, url: tokenUrl } };
  return undefined;
}
