import { hash } from "node:crypto";
import { setImmediate as otherWork } from "node:timers/promises";
import type { DirectorApplication, MalformedApplication } from "./application.ts";
import { askForPage, askPatiently } from "./ask.ts";
import { fieldsAt, fieldsOrNone, idAt, isFields, MalformedError, textAt, textOrNone } from "./decode.ts";
import type { DirectorCall } from "./director-call.ts";
import { bundlesOf, definitionsOf, firstPage, furtherPage } from "./documents.ts";
import { isNoneOfOurs } from "./failure.ts";
import { createTally, InconsistentError, pageAt } from "./page.ts";
import type { PageSize } from "./page-size.ts";
import { type OpenList, readBundles, readClientIds } from "./read-application.ts";

export type RuntimeLabels = Readonly<Record<string, unknown>>;

/** All applications of a runtime at one time. */
export interface Snapshot<T> {
  readonly labels: RuntimeLabels;
  readonly applications: readonly T[];
  readonly malformed: readonly MalformedApplication[];
  /** How many came without an id: which ones they are nobody knows. */
  readonly nameless: number;
  /** Of more than one page it may be that what changed meanwhile evened out. */
  readonly pages: number;
}

export interface SnapshotOptions<T> {
  readonly call: DirectorCall;
  readonly runtimeId: string;
  readonly pageSize: PageSize;
  /**
   * Called for each application as it comes, so that no more than two pages of them are in memory as they were sent.
   *
   * @param source tells whether it is described as before: the hash of its description; undefined where one answer was
   *   not enough to read it
   */
  readonly convert: (application: DirectorApplication, labels: RuntimeLabels, source: string | undefined) => T;
  /** What `convert` made of the same source before; then it is not called. Most of ten thousand do not change. */
  readonly recall?: ((id: string, source: string, labels: RuntimeLabels) => T | undefined) | undefined;
  /** Hears why it starts anew. */
  readonly onRestart?: ((reason: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const mostTries = 3;
/** So many applications are looked at in one go. */
const inOneGo = 20;

/**
 * Reads everything, page by page. Pages that do not make a whole are read anew, three times at most.
 *
 * @throws {InconsistentError} when they never did
 * @throws {MalformedError} for an answer that is none; whatever a call fails with
 */
export async function readSnapshot<T>(options: SnapshotOptions<T>): Promise<Snapshot<T>> {
  for (let tries = 1; ; tries++) {
    try {
      return await readOnce(options);
    } catch (error) {
      if (!(error instanceof InconsistentError) || tries === mostTries) throw error;
      options.onRestart?.(error.message);
    }
  }
}

async function readOnce<T>(options: SnapshotOptions<T>): Promise<Snapshot<T>> {
  const { call, runtimeId, pageSize, convert, recall } = options;
  const tally = createTally(operation);
  const applications: T[] = [];
  const malformed: MalformedApplication[] = [];
  let nameless = 0;
  let pages = 0;
  const givenUp = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, givenUp.signal]) : givenUp.signal;
  const ask = (document: string, after?: string): Promise<unknown> =>
    askForPage(call, pageSize, (first) => {
      const variables = { runtime: runtimeId, first, after };
      return { operation, document, signal, variables };
    });
  try {
    let data = fieldsAt(await ask(firstPage), "data");
    const labels = readLabels(data["runtime"]);
    for (;;) {
      const page = pageAt(data[operation], operation);
      pages++;
      const after = tally.page(page);
      // UCL is at the next page while this one is looked at.
      const coming = after === undefined ? undefined : ask(furtherPage, after);
      coming?.catch(() => {});
      for (const [at, raw] of page.items.entries()) {
        // What is asked for has to get out, and others want their turn.
        if (at % inOneGo === 0) await otherWork();
        const id = idOf(raw);
        if (id === undefined) {
          tally.nameless();
          nameless++;
          continue;
        }
        tally.item(id);
        const source = hash("sha256", JSON.stringify(raw), "base64url");
        const known = recall?.(id, source, labels);
        if (known !== undefined) {
          applications.push(known);
          continue;
        }
        const { read, isWhole } = await readOne({ call, signal }, id, raw);
        if ("problem" in read) malformed.push(read);
        else applications.push(convert(read, labels, isWhole ? source : undefined));
      }
      if (coming === undefined) {
        tally.finish();
        return { labels, applications, malformed, nameless, pages };
      }
      data = fieldsAt(await coming, "data");
    }
  } catch (error) {
    givenUp.abort(error);
    throw error;
  }
}

const operation = "applicationsForRuntime";

function readLabels(runtime: unknown): RuntimeLabels {
  return fieldsOrNone(fieldsAt(runtime, "runtime")["labels"], "runtime.labels") ?? {};
}

function idOf(raw: unknown): string | undefined {
  const id = isFields(raw) ? raw["id"] : undefined;
  return typeof id === "string" && id !== "" ? id : undefined;
}

type Context = Pick<SnapshotOptions<unknown>, "call" | "signal">;

interface ReadApplication {
  readonly read: DirectorApplication | MalformedApplication;
  /** All of it was in the page. */
  readonly isWhole: boolean;
}

/** One application with all its bundles. What is wrong with it is its own problem. */
async function readOne({ call, signal }: Context, id: string, raw: unknown): Promise<ReadApplication> {
  const fields = fieldsAt(raw, "");
  let isWhole = true;
  const further: DirectorCall = (request) => {
    isWhole = false;
    return call(request);
  };
  try {
    const application = {
      id: idAt(fields["id"], "id"),
      name: textAt(fields["name"], "name"),
      description: textOrNone(fields["description"], "description") ?? "",
      labels: fieldsOrNone(fields["labels"], "labels") ?? {},
      clientIds: readClientIds(fields["auths"]),
    };
    const bundles = await bundlesIn({ call: further, signal }, id, fields["bundles"]);
    return { read: { ...application, bundles }, isWhole };
  } catch (error) {
    // It left while it was being read: the list is not what it was.
    if (error instanceof LeftError) throw error;
    if (!(error instanceof MalformedError || error instanceof InconsistentError)) throw error;
    const name = typeof fields["name"] === "string" ? fields["name"] : "";
    return { read: { id, name, problem: error.message }, isWhole };
  }
}

class LeftError extends InconsistentError {}

/** Lists that do not make a whole are read once more on their own, from their start. */
async function bundlesIn(context: Context, id: string, first: unknown) {
  try {
    return await readWhole(context, id, first);
  } catch (error) {
    if (!(error instanceof InconsistentError) || error instanceof LeftError) throw error;
    return await readWhole(context, id, (await applicationOf(context, id, bundlesOf, {}))["bundles"]);
  }
}

async function readWhole(context: Context, id: string, first: unknown) {
  const open: OpenList[] = [];
  const bundles = readBundles(first, (list) => open.push(list));
  for (let list = open.shift(); list !== undefined; list = open.shift()) {
    while (list.next !== undefined) list.take(await furtherOf(context, id, list));
  }
  return bundles;
}

async function furtherOf(context: Context, id: string, { list, bundle, next: after }: OpenList): Promise<unknown> {
  if (list === "bundles") return (await applicationOf(context, id, bundlesOf, { after }))[list];
  const application = await applicationOf(context, id, definitionsOf[list], { bundle, after });
  const found = fieldsOrNone(application["bundle"], "bundle");
  if (found === undefined) throw new InconsistentError(`the bundle ${bundle} of ${id} went while it was read`);
  return found[list];
}

async function applicationOf({ call, signal }: Context, id: string, document: string, variables: object) {
  const request = { operation: "application", document, variables: { id, ...variables }, signal };
  const data = await askPatiently(call, request).catch((error: unknown) => {
    if (isNoneOfOurs(error)) return { application: null };
    throw error;
  });
  const application = fieldsOrNone(fieldsAt(data, "data")["application"], "application");
  if (application === undefined) throw new LeftError(`the application ${id} went while it was read`);
  return application;
}
