import type { Ucl } from "@application-connector/ucl-emulator";

export const formation = "formation-1";

export interface NewApplication {
  name: string;
  description?: string | null;
  labels?: object;
  bundles?: object[];
}

/** What an administrator does in UCL. */
export function administer(ucl: Ucl, name: string = formation) {
  const ask = async <T = { id: string }>(document: string, variables: Record<string, unknown>): Promise<T> =>
    (await ucl.administrator(document, variables))["result"] as T;
  const assign = (mutation: string, objectID: string, objectType: string) =>
    ask(
      `mutation ($id: ID!, $type: FormationObjectType!, $name: String!) { result: ${mutation}(objectID: $id, objectType: $type, formation: { name: $name }) { id } }`,
      { id: objectID, type: objectType, name },
    );
  const administration = {
    ask,
    async register({ name, ...rest }: NewApplication): Promise<string> {
      const { id } = await ask(
        "mutation ($in: ApplicationRegisterInput!) { result: registerApplication(in: $in) { id } }",
        { in: { name, ...rest } },
      );
      await administration.assign(id);
      return id;
    },
    assign: (id: string) => assign("assignFormation", id, "APPLICATION"),
    unassign: (id: string) => assign("unassignFormation", id, "APPLICATION"),
    describe: (id: string, description: string) =>
      ask("mutation ($id: ID!, $in: ApplicationUpdateInput!) { result: updateApplication(id: $id, in: $in) { id } }", {
        id,
        in: { description },
      }),
    async bundlesOf(id: string) {
      const { bundles } = await ask<{ bundles: { data: { id: string; name: string }[] } }>(
        "query ($id: ID!) { result: application(id: $id) { bundles { data { id name } } } }",
        { id },
      );
      return bundles.data;
    },
    addBundle: (id: string, bundle: object) =>
      ask("mutation ($id: ID!, $in: BundleCreateInput!) { result: addBundle(applicationID: $id, in: $in) { id } }", {
        id,
        in: bundle,
      }),
    updateBundle: (id: string, bundle: object) =>
      ask("mutation ($id: ID!, $in: BundleUpdateInput!) { result: updateBundle(id: $id, in: $in) { id } }", {
        id,
        in: bundle,
      }),
    deleteBundle: (id: string) => ask("mutation ($id: ID!) { result: deleteBundle(id: $id) { id } }", { id }),
    setRuntimeLabel: (id: string, key: string, value: unknown) =>
      ask(
        "mutation ($id: ID!, $key: String!, $value: Any!) { result: setRuntimeLabel(runtimeID: $id, key: $key, value: $value) { key } }",
        { id, key, value },
      ),
  };
  return administration;
}

export type Administration = ReturnType<typeof administer>;

export const basic = (username = "u", password = "p") => ({ credential: { basic: { username, password } } });
export const oauth = (url = "https://tokens.example.com") => ({
  credential: { oauth: { clientId: "c", clientSecret: "s", url } },
});
export const api = (name: string, targetURL = "https://crm.example.com") => ({ name, targetURL });
