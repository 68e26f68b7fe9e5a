import { type Client, KubeError } from "@application-connector/kube";
import { identityOf, isSettledSecret, leftovers } from "../live/diff-secrets.ts";
import type { LiveApplication } from "../live/live-application.ts";
import type { SecretSource } from "../live/secret-source.ts";
import { type Problem, worstOf } from "../problem.ts";
import type { ApplicationRecord, SecretRecord } from "../records/record.ts";
import { withRetries } from "./with-retries.ts";
import { applyApplication, createApplication, readApplication } from "./write-application.ts";
import { createSecret, deleteSecret, type Owner, updateSecret } from "./write-secret.ts";

export interface WriteContext {
  readonly client: Client;
  /** Of the Secrets. */
  readonly namespace: string;
  readonly skipVerify: boolean;
  readonly secrets: SecretSource;
  readonly signal: AbortSignal;
}

export interface Reconciled {
  readonly live: LiveApplication | undefined;
  readonly problem: Problem | undefined;
  /** The API server could not be asked: what is wrong is not this Application. */
  readonly isOutage: boolean;
  readonly change: "created" | "updated" | "none";
  /** Of the Application when all was written. */
  readonly resourceVersion?: string | undefined;
}

/** Makes an Application and its Secrets what the record says. What fails is told in the result. */
export async function reconcileApplication(
  context: WriteContext,
  record: ApplicationRecord,
  cached: LiveApplication | undefined,
): Promise<Reconciled> {
  if (cached?.isPaused) return { live: cached, problem: paused, isOutage: false, change: "none" };
  let live: LiveApplication;
  let change: Reconciled["change"];
  try {
    [live, change] = await withRetries((isFresh) => writeApplication(context, record, cached, isFresh), context.signal);
  } catch (error) {
    context.signal.throwIfAborted();
    return { live: cached, ...failed("ApplyFailed", `the Application ${record.name}`, error), change: "none" };
  }
  const known = [...(cached?.secretNames ?? []), ...record.secrets.map(({ name }) => name)];
  const failures = await reconcileSecrets(context, record, live, known);
  const problems = [...failures.map(({ problem }) => problem), ...(record.problem ? [record.problem] : [])];
  const isOutage = failures.some((failure) => failure.isOutage);
  const secretsChanged = failures.wrote;
  return {
    live,
    problem: worstOf(problems),
    isOutage,
    change: change === "none" && secretsChanged ? "updated" : change,
  };
}

const paused: Problem = { reason: "Paused", message: "it is paused by its annotation, and stays as it is" };

/** Somebody else's Application, or one that goes. */
class RefusedError extends Error {}

async function writeApplication(
  { client, skipVerify }: WriteContext,
  record: ApplicationRecord,
  cached: LiveApplication | undefined,
  isFresh: boolean,
): Promise<[LiveApplication, Reconciled["change"]]> {
  const live = isFresh ? await readApplication(client, record.name) : cached;
  if (live === undefined) return [await createApplication(client, record, skipVerify), "created"];
  if (live.metadata.deletionTimestamp !== undefined) throw new RefusedError("it is being deleted");
  if (!live.isManaged) throw new RefusedError("there is one of this name that UCL does not manage");
  if (live.digest === record.digest) return [live, "none"];
  return [await applyApplication(client, record, live), "updated"];
}

interface SecretFailure {
  readonly problem: Problem;
  readonly isOutage: boolean;
}

async function reconcileSecrets(
  context: WriteContext,
  record: ApplicationRecord,
  live: LiveApplication,
  known: readonly string[],
) {
  const { client, secrets, signal } = context;
  const failures: SecretFailure[] = [];
  let wrote = false;
  const attempt = async (name: string, work: (isFresh: boolean) => Promise<boolean>): Promise<void> => {
    try {
      if (await withRetries(work, signal)) wrote = true;
    } catch (error) {
      signal.throwIfAborted();
      failures.push(failed("SecretFailed", `the Secret ${name}`, error));
    }
  };
  const owner: Owner = { name: live.metadata.name, uid: live.metadata.uid ?? "" };
  for (const secret of record.secrets) {
    await attempt(secret.name, (isFresh) => writeSecret(context, secret, owner, isFresh));
  }
  await attempt(`of ${live.metadata.name} that is of no use any more`, async () => {
    const useless = leftovers(record, await secrets.ownedBy(live, known));
    for (const secret of useless) await deleteSecret(client, secret);
    return useless.length > 0;
  });
  return Object.assign(failures, { wrote });
}

async function writeSecret(
  { client, secrets, namespace }: WriteContext,
  secret: SecretRecord,
  owner: Owner,
  isFresh: boolean,
): Promise<boolean> {
  const identity = identityOf(owner.name);
  const live = await secrets.read(secret.name, isFresh);
  if (isSettledSecret(secret, identity, owner.uid, live)) return false;
  if (live === undefined) await createSecret(client, namespace, secret, identity, owner);
  else await updateSecret(client, live, secret, identity, owner);
  return true;
}

function failed(reason: Problem["reason"], what: string, error: unknown): SecretFailure {
  const message = `${what} could not be written: ${error instanceof Error ? error.message : String(error)}`;
  return { problem: { reason, message }, isOutage: error instanceof KubeError && error.isTransient };
}
