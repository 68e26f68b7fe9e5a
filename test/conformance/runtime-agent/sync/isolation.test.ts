import { expect, test } from "vitest";
import { api, basic, formation } from "./formation.ts";
import { applicationReference, createWorld, until, type World } from "./world.ts";

const names = ({ applications }: World) => applications().map(({ metadata }) => metadata["name"]);
const applied = async (world: World, options?: { isAskedFor?: boolean }) => {
  const outcome = await world.round(options);
  expect(outcome.result).toBe("synchronized");
  return outcome.conditions.find(({ type }) => type === "ApplicationsApplied");
};
/** Past UCL's own look at names, as imports from elsewhere go. */
const plant = ({ ucl }: World, ...wanted: string[]): string[] =>
  wanted.map((name) => {
    const { applications } = ucl.seed({ applications: { count: 1, name, formations: [formation] } });
    return applications[0]?.id ?? "";
  });
const rejectName = { verb: "create", resource: "applications" } as const;

test("RA-35 nothing is applied while the cluster's Applications cannot be listed", async () => {
  const world = await createWorld();
  await world.admin.register({ name: "a" });
  await world.round();
  const forgive = world.kubeApi.faults.status(500, { verb: "list", resource: "applications" });
  const forgiveWatch = world.kubeApi.faults.status(500, { verb: "watch", resource: "applications" });
  world.kubeApi.closeWatches("reset");
  await world.admin.register({ name: "b" });
  const outcome = await world.round();
  expect(outcome).toMatchObject({
    result: "apply-refused",
    error: { message: expect.stringContaining("Applications") },
  });
  expect(names(world)).toEqual(["mp-a"]);
  forgive();
  forgiveWatch();
  // A list that was refused several times is asked for again after up to half a minute.
  await until("the caches are back", async () => (await world.round()).result === "synchronized", 40_000);
  expect(names(world)).toEqual(["mp-a", "mp-b"]);
}, 60_000);

test("RA-36 a conflict of names refuses everything, by policy", async () => {
  const world = await createWorld({ flags: ["--nameConflictPolicy=fail"], labels: { isNormalized: "false" } });
  plant(world, "a@b", "a&b");
  await world.admin.register({ name: "c" });
  expect(await world.round()).toMatchObject({
    result: "apply-refused",
    error: { message: expect.stringContaining("mp-a-b") },
  });
  expect(world.applications()).toEqual([]);
});

test("RA-37 an Application that the API server refuses stops no other", async () => {
  const world = await createWorld();
  for (const name of ["a", "b", "c"]) await world.admin.register({ name });
  world.kubeApi.faults.status(422, { ...rejectName, times: 1 });
  const condition = await applied(world);
  expect(names(world)).toHaveLength(2);
  expect(condition).toMatchObject({
    status: "False",
    reason: "PartlyApplied",
    message: expect.stringContaining("ApplyFailed"),
  });
  expect((await applied(world))?.status).toBe("True");
  expect(names(world)).toHaveLength(3);
});

test("RA-43 of two applications with one name the first keeps it, and hands it on when it goes", async () => {
  const world = await createWorld({ labels: { isNormalized: "false" } });
  const { admin, application } = world;
  const ids = plant(world, "a@b", "a&b").sort();
  for (const name of ["c", "d", "e"]) await admin.register({ name });
  const condition = await applied(world);
  expect(names(world)).toEqual(["mp-a-b", "mp-c", "mp-d", "mp-e"]);
  expect(application("mp-a-b")?.spec.compassMetadata.applicationId).toBe(ids[0]);
  expect(condition?.message).toContain(
    `${ids[1]} (NameConflict: the name mp-a-b of the application ${ids[1]} is that of ${ids[0]})`,
  );
  const uid = application("mp-a-b")?.metadata["uid"];
  await admin.unassign(ids[0] ?? "");
  await applied(world);
  expect(application("mp-a-b")?.spec.compassMetadata.applicationId).toBe(ids[1]);
  expect(application("mp-a-b")?.metadata["uid"]).toBe(uid);
  await admin.assign(ids[0] ?? "");
  await applied(world);
  expect(application("mp-a-b")?.spec.compassMetadata.applicationId).toBe(ids[1]);
});

test("an application whose name is impossible, or that UCL describes wrongly, keeps the Application it has", async () => {
  const world = await createWorld();
  const { admin, ucl, application } = world;
  const id = await admin.register({ name: "a", description: "one" });
  await admin.register({ name: "b" });
  await applied(world);
  const spoil = async (path: string, value: unknown, reason: string) => {
    ucl.faults.clear();
    const position = [id, ...world.applications().map(({ spec }) => spec.compassMetadata.applicationId)]
      .filter((each, at, all) => all.indexOf(each) === at)
      .sort()
      .indexOf(id);
    ucl.faults.add({
      match: { operation: "applicationsForRuntime" },
      action: { setField: { path: `applicationsForRuntime.data.${position}.${path}`, value } },
    });
    const condition = await applied(world);
    expect(condition?.message).toContain(reason);
    expect(names(world)).toEqual(["mp-a", "mp-b"]);
    expect(application("mp-a")?.status?.conditions).toMatchObject([{ type: "Synced", status: "False", reason }]);
    expect(application("mp-b")?.status?.conditions).toMatchObject([{ status: "True" }]);
  };
  await spoil("name", "Not A Name", "InvalidName");
  await spoil("description", 7, "MalformedApplication");
  ucl.faults.clear();
  expect((await applied(world))?.status).toBe("True");
  expect(application("mp-a")?.status?.conditions).toMatchObject([{ status: "True" }]);
});

test("an application without an id lets nothing be deleted", async () => {
  const world = await createWorld();
  await world.admin.register({ name: "a" });
  await applied(world);
  world.ucl.faults.add({
    match: { operation: "applicationsForRuntime" },
    action: { setField: { path: "applicationsForRuntime.data.0.id", value: null } },
  });
  await applied(world);
  expect(names(world)).toEqual(["mp-a"]);
});

test("RA-53 what is refused once because of somebody else's write is written again", async () => {
  const world = await createWorld();
  const { admin, application, kubeApi, secrets } = world;
  const bundle = { name: "b", defaultInstanceAuth: basic(), apiDefinitions: [api("a")] };
  const id = await admin.register({ name: "a", bundles: [bundle] });
  await applied(world);
  const [{ id: bundleId } = { id: "" }] = await admin.bundlesOf(id);
  await admin.describe(id, "changed");
  await admin.updateBundle(bundleId, { name: "b", defaultInstanceAuth: basic("x", "y") });
  kubeApi.faults.status(409, { verb: "patch", resource: "applications", times: 1 });
  kubeApi.faults.status(409, { verb: "patch", resource: "secrets", times: 1 });
  expect((await applied(world))?.status).toBe("True");
  expect(application("mp-a")?.spec.description).toBe("changed");
  expect(secrets()).toEqual({ [`mp-a-${bundleId}`]: { username: "x", password: "y" } });
});

test("half of the credentials are an error of their application, and the Secret stays as it is", async () => {
  const world = await createWorld();
  const { admin, secrets, application } = world;
  const bundle = (password: string) => ({
    name: "b",
    defaultInstanceAuth: basic("u", password),
    apiDefinitions: [api("a")],
  });
  const id = await admin.register({ name: "a", bundles: [bundle("p")] });
  await applied(world);
  const before = secrets();
  await admin.updateBundle((await admin.bundlesOf(id))[0]?.id ?? "", {
    name: "b",
    defaultInstanceAuth: basic("u", ""),
  });
  const condition = await applied(world);
  expect(condition?.message).toContain("CredentialsIncomplete");
  expect(secrets()).toEqual(before);
  expect(application("mp-a")?.spec.services[0].entries[0].credentials.type).toBe("Basic");
  expect((await applied(world))?.message).toContain("CredentialsIncomplete");
});

test("what is paused is neither changed nor deleted, and said", async () => {
  const world = await createWorld();
  const { admin, kubeApi, application } = world;
  const id = await admin.register({ name: "a", description: "one" });
  await applied(world);
  kubeApi.patchObject(applicationReference("mp-a"), {
    metadata: { annotations: { "applicationconnector.kyma-project.io/paused": "true" } },
  });
  await until("the agent has seen it", async () => {
    await admin.describe(id, "two");
    return (await applied(world))?.message?.includes("Paused");
  });
  expect(application("mp-a")?.spec.description).toBe("one");
  await admin.unassign(id);
  expect((await applied(world))?.message).toContain("Paused");
  expect(application("mp-a")?.status?.conditions).toMatchObject([{ status: "False", reason: "Paused" }]);
});

test("the deletion guard holds back what is too much, unless somebody asks for it", async () => {
  const world = await createWorld({ flags: ["--deletionGuardPercent=30"] });
  const ids: string[] = [];
  for (const name of ["a", "b", "c", "d"]) ids.push(await world.admin.register({ name }));
  await applied(world);
  for (const id of ids.slice(0, 2)) await world.admin.unassign(id);
  expect(await applied(world)).toMatchObject({ status: "False", reason: "DeletionGuard" });
  expect(names(world)).toHaveLength(4);
  await applied(world, { isAskedFor: true });
  expect(names(world)).toEqual(["mp-c", "mp-d"]);
  await world.admin.unassign(ids[2] ?? "");
  expect(await applied(world)).toMatchObject({ reason: "DeletionGuard" });
});

test("RA-50 a dry run writes nothing and says what it would write, without values", async () => {
  const world = await createWorld();
  const { admin } = world;
  const bundle = {
    name: "b",
    defaultInstanceAuth: basic("hidden-user", "hidden-password"),
    apiDefinitions: [api("a")],
  };
  const gone = await admin.register({ name: "gone" });
  const changed = await admin.register({ name: "changed", bundles: [bundle] });
  await applied(world);
  const next = await world.restart(["--dryRun"]);
  await admin.unassign(gone);
  await admin.describe(changed, "new text");
  const [{ id: bundleId } = { id: "" }] = await admin.bundlesOf(changed);
  await admin.updateBundle(bundleId, { name: "b", defaultInstanceAuth: basic("hidden-user", "hidden-new") });
  for (const name of ["x", "y", "z"]) await admin.register({ name });
  next.kubeApi.requests.clear();
  next.asked("setRuntimeLabel");
  const outcome = await next.round();
  expect(next.kubeApi.requests.list().filter(({ method }) => method !== "GET")).toEqual([]);
  expect(next.asked("setRuntimeLabel")).toBe(0);
  expect(next.synchroniser.plan).toEqual({
    create: ["mp-x", "mp-y", "mp-z"],
    update: [{ name: "mp-changed", changes: ["spec.description", `Secret mp-changed-${bundleId}: updated`] }],
    delete: ["mp-gone"],
  });
  expect(outcome.conditions.find(({ type }) => type === "DryRun")).toMatchObject({ status: "True" });
  expect(JSON.stringify([outcome, next.synchroniser.plan])).not.toContain("hidden");
});

test("Secrets of an Application with a long name carry its whole name beside a label that is allowed", async () => {
  const world = await createWorld();
  const name = "long".repeat(20);
  await world.admin.register({
    name,
    bundles: [{ name: "b", defaultInstanceAuth: basic(), apiDefinitions: [api("a")] }],
  });
  await applied(world);
  const [secretName = ""] = Object.keys(world.secrets());
  const { metadata } = world.secret(secretName) ?? { metadata: {} as Record<string, Record<string, string>> };
  expect((metadata["labels"] as Record<string, string>)["app"]).toMatch(
    /^mp-(long)+lo?n?-[0-9a-f]{8}$|^.{54}-[0-9a-f]{8}$/,
  );
  expect(metadata["annotations"]).toEqual({ "applicationconnector.kyma-project.io/application": `mp-${name}` });
});

test("a Secret that another Application takes over does not go with the one it belonged to", async () => {
  const world = await createWorld({ labels: { isNormalized: "false" } });
  const { admin, ucl, secrets, secret, application } = world;
  const long = "a really long name of a system";
  await admin.register({
    name: long,
    bundles: [{ name: "b", defaultInstanceAuth: basic(), apiDefinitions: [api("a")] }],
  });
  await applied(world);
  const before = secrets();
  expect(Object.keys(before)).toHaveLength(1);
  ucl.faults.add({
    match: { operation: "applicationsForRuntime" },
    action: { setField: { path: "applicationsForRuntime.data.0.name", value: `${long} 123` } },
  });
  await applied(world);
  expect(names(world)).toEqual(["mp-a-really-long-name-of-a-system-123"]);
  expect(secrets()).toEqual(before);
  const [name = ""] = Object.keys(before);
  expect(secret(name)?.metadata["ownerReferences"]).toMatchObject([
    { uid: application("mp-a-really-long-name-of-a-system-123")?.metadata["uid"] },
  ]);
});

test("without the right to list Secrets each is read, and what is of no use goes all the same", async () => {
  const world = await createWorld({ flags: ["--secretDriftDetection=off"] });
  const { admin, secrets, kubeApi } = world;
  const id = await admin.register({
    name: "a",
    bundles: [
      {
        name: "b",
        defaultInstanceAuth: { ...basic(), additionalHeaders: { "X-A": ["1"] } },
        apiDefinitions: [api("a")],
      },
    ],
  });
  await applied(world);
  expect(Object.keys(secrets())).toHaveLength(2);
  kubeApi.requests.clear();
  await applied(world);
  expect(kubeApi.requests.list().filter(({ method }) => method !== "GET")).toEqual([]);
  await admin.updateBundle((await admin.bundlesOf(id))[0]?.id ?? "", { name: "b", defaultInstanceAuth: null });
  await applied(world);
  expect(secrets()).toEqual({});
  expect(
    kubeApi.requests.count({ verb: "list", resource: "secrets" }) +
      kubeApi.requests.count({ verb: "watch", resource: "secrets" }),
  ).toBe(0);
});
