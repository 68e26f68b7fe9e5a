import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { until } from "../world.ts";
import { api, basic } from "./formation.ts";
import { type Program, startedProgram } from "./program-world.ts";
import { applicationReference, secretReference } from "./world.ts";

// Cases that are shown elsewhere by a part of the agent, shown here by the started agent between its emulators.

const formation = "formation";
const names = ({ applications }: Program) => applications().map(({ metadata }) => metadata["name"]);
const condition = (outcome: Awaited<ReturnType<Program["round"]>>) =>
  outcome.conditions.find(({ type }) => type === "ApplicationsApplied");
/** Past UCL's own look at names, as imports from elsewhere go. */
const plant = ({ ucl }: Program, name: string): string =>
  ucl.seed({ applications: { count: 1, name, bundles: 0, formations: [formation] } }).applications[0]?.id ?? "";
const hashOf = (id: string): string => createHash("sha1").update(id).digest("hex").slice(0, 5);

test("RA-19 RA-22 RA-32 names, entries and request parameters are byte for byte those of upstream's agent", async () => {
  const program = await startedProgram({ labels: { isNormalized: "false" } });
  const { admin, round, application, secrets } = program;
  const tables: [name: string, becomes: string][] = [
    ["Commerce Cloud", "mp-commerce-cloud"],
    ["SAP S/4HANA (EU10)", "mp-sap-s-4hana-eu10"],
    ["mp-Orders", "mp-mp-orders"],
    ["mp--x", "mp-mp-x"],
    ["Ünïcode Shop", "mp-n-code-shop"],
    ["日本語", "mp"],
    ["\u212aelvin", "mp-kelvin"],
  ];
  for (const [name] of tables) plant(program, name);
  const long = "VeryVeryVeryVeryVeryVeryVEryVeryVeryVeryVeryVeryVeryVeryLongDescription";
  const bundles: [name: string, path: string][] = [
    ["display_!@#$%^&*()name", "display-name"],
    ["-----displayname", "displayname"],
    [long, "veryveryveryveryveryveryveryveryveryveryveryveryveryveryl"],
    [`_${"b".repeat(60)}`, "b".repeat(56)],
  ];
  const id = await admin.register({
    name: "successfactors-employee-central",
    bundles: bundles.map(([name]) => ({
      name,
      defaultInstanceAuth: {
        ...basic(),
        additionalHeaders: { "X-B": ["1"], "X-A": ["a&b", "<c>"] },
      },
      apiDefinitions: [api("Orders API")],
      eventDefinitions: [{ name: "an event" }],
    })),
  });
  expect((await round()).result).toBe("synchronized");
  const name = "mp-successfactors-employee-central";
  expect(names(program)).toEqual([...tables.map(([, becomes]) => becomes), name].sort());
  for (const { id: bundle, name: displayName } of await admin.bundlesOf(id)) {
    const path = bundles.find(([name]) => name === displayName)?.[1];
    const service = application(name)?.spec.services.find((each: { id: string }) => each.id === bundle);
    const [credentials, parameters] = [`mp-successfactors-employee-${bundle}`, `params-mp-successfactors-e-${bundle}`];
    expect(service).toMatchObject({
      name: `${path}-${hashOf(bundle)}`,
      displayName,
      entries: [
        {
          type: "API",
          name: "Orders API",
          centralGatewayUrl: expect.stringMatching(new RegExp(`/${name}/${path}/orders-api$`)),
          credentials: { type: "Basic", secretName: credentials },
          requestParametersSecretName: parameters,
        },
        { type: "Events", name: "an event", targetUrl: "", credentials: { type: "", secretName: "" } },
      ],
    });
    expect(secrets()[parameters]).toEqual({ headers: '{"X-A":["a\\u0026b","\\u003cc\\u003e"],"X-B":["1"]}' });
  }
});

test("RA-36 a conflict of names refuses everything, by policy", async () => {
  const program = await startedProgram({
    overrides: { nameConflictPolicy: "fail" },
    labels: { isNormalized: "false" },
  });
  for (const name of ["a@b", "a&b", "c"]) plant(program, name);
  const outcome = await program.round();
  expect(outcome).toMatchObject({
    result: "apply-refused",
    error: { message: expect.stringMatching(/^Failed to apply configuration: .*mp-a-b/) },
  });
  expect(program.connection()?.status?.connectionState).toBe("ResourceApplicationFailed");
  expect(program.applications()).toEqual([]);
});

test("RA-37 RA-53 what the API server refuses stops no other, and is written when it takes it again", async () => {
  const program = await startedProgram();
  const { admin, round, kubeApi, application, secrets } = program;
  const bundle = { name: "b", defaultInstanceAuth: basic(), apiDefinitions: [api("a")] };
  const ids: string[] = [];
  for (const name of ["a", "b", "c"]) ids.push(await admin.register({ name, bundles: [bundle] }));
  kubeApi.faults.status(422, { verb: "create", resource: "applications", times: 1 });
  const first = await round();
  expect([first.result, condition(first)?.reason]).toEqual(["synchronized", "PartlyApplied"]);
  expect(names(program)).toHaveLength(2);
  expect(condition(await round())?.status).toBe("True");
  expect(names(program)).toEqual(["mp-a", "mp-b", "mp-c"]);

  const [{ id: bundleId } = { id: "" }] = await admin.bundlesOf(ids[0] ?? "");
  await admin.describe(ids[0] ?? "", "changed");
  await admin.updateBundle(bundleId, { name: "b", defaultInstanceAuth: basic("x", "y") });
  kubeApi.faults.status(409, { verb: "patch", resource: "applications", times: 1 });
  kubeApi.faults.status(409, { verb: "patch", resource: "secrets", times: 1 });
  expect(condition(await round())?.status).toBe("True");
  expect(application("mp-a")?.spec.description).toBe("changed");
  expect(secrets()[`mp-a-${bundleId}`]).toEqual({ username: "x", password: "y" });
});

test("RA-41 RA-42 many applications, bundles and definitions are read whole, by one cursor a request", async () => {
  const program = await startedProgram();
  const { admin, ucl, round, asked, applications, application, kubeApi } = program;
  ucl.seed({ applications: { count: 449, bundles: 0, formations: [formation] } });
  const numbered = (count: number, make: (index: number) => object) =>
    Array.from({ length: count }, (_, at) => make(at));
  const id = await admin.register({
    name: "large",
    bundles: numbered(250, (at) => ({
      name: `bundle-${at}`,
      ...(at === 0 ? { apiDefinitions: numbered(230, (each) => api(`api-${each}`)) } : {}),
    })),
  });
  asked("nothing");
  expect((await round()).result).toBe("synchronized");
  const nested = ucl.journal.entries.filter(({ operations }) => operations.includes("application"));
  expect(nested.length).toBeGreaterThan(1);
  expect(asked("applicationsForRuntime")).toBe(5);
  expect(applications()).toHaveLength(450);
  const { services } = application("mp-large")?.spec ?? {};
  expect(services).toHaveLength(250);
  const entries = services.map(({ entries }: { entries: object[] }) => entries.length);
  expect(Math.max(...entries)).toBe(230);
  expect(application("mp-large")?.spec.compassMetadata.applicationId).toBe(id);

  kubeApi.requests.clear();
  expect((await round()).result).toBe("synchronized");
  expect(asked("applicationsForRuntime")).toBe(5);
  const mirrored = kubeApi.requests.list().filter(({ resource }) => /^(applications|secrets)/.test(resource));
  expect(mirrored.filter(({ method, resource }) => method !== "GET" || resource === "applications")).toEqual([]);
  expect(applications()).toHaveLength(450);
}, 60_000);

test("RA-43 of two applications with one name the first keeps it, and hands it on when it goes", async () => {
  const program = await startedProgram({ labels: { isNormalized: "false" } });
  const { admin, round, application } = program;
  const [first = "", second = ""] = ["a@b", "a&b"].map((name) => plant(program, name)).sort();
  for (const name of ["c", "d", "e"]) await admin.register({ name });
  const told = condition(await round())?.message;
  expect(told).toContain(`${second} (NameConflict: the name mp-a-b of the application ${second} is that of ${first})`);
  expect(names(program)).toEqual(["mp-a-b", "mp-c", "mp-d", "mp-e"]);
  const holder = () => application("mp-a-b")?.spec.compassMetadata.applicationId;
  expect(holder()).toBe(first);
  const uid = application("mp-a-b")?.metadata["uid"];
  await admin.unassign(first);
  await round();
  expect([holder(), application("mp-a-b")?.metadata["uid"]]).toEqual([second, uid]);
});

test("RA-48 what somebody deletes or changes is as UCL described it within seconds, without a call to UCL", async () => {
  const { admin, round, ucl, kubeApi, application, secrets, secret } = await startedProgram();
  const bundle = { name: "b", defaultInstanceAuth: basic(), apiDefinitions: [api("a")] };
  const id = await admin.register({ name: "a", bundles: [bundle] });
  await round();
  const name = `mp-a-${(await admin.bundlesOf(id))[0]?.id}`;
  const [services, mirrored] = [application("mp-a")?.spec.services, secrets()];
  ucl.journal.clear();
  kubeApi.delete(secretReference(name));
  kubeApi.patchObject(applicationReference("mp-a"), { spec: { services: [] } });
  await until(() => secret(name) !== undefined && application("mp-a")?.spec.services.length === 1);
  expect([application("mp-a")?.spec.services, secrets()]).toEqual([services, mirrored]);
  expect(ucl.journal.entries).toEqual([]);
});
