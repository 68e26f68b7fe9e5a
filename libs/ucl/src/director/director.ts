import { askPatiently } from "./ask.ts";
import { fieldsAt, fieldsOrNone, MalformedError } from "./decode.ts";
import type { DirectorCall } from "./director-call.ts";
import { applicationId, setRuntimeLabel } from "./documents.ts";
import { isNoneOfOurs } from "./failure.ts";
import type { PageSize } from "./page-size.ts";
import { readSnapshot, type Snapshot, type SnapshotOptions } from "./read-snapshot.ts";

export interface DirectorOptions {
  readonly call: DirectorCall;
  readonly runtimeId: string;
  readonly pageSize: PageSize;
}

/** The Director as one runtime sees it. */
export interface Director {
  /** All applications, or an error: never a part of them. */
  snapshot<T>(options: Pick<SnapshotOptions<T>, "convert" | "recall" | "onRestart" | "signal">): Promise<Snapshot<T>>;
  /** Whether an application is still one of the runtime's. */
  has(applicationId: string, signal?: AbortSignal): Promise<boolean>;
  setLabel(key: string, value: unknown, signal?: AbortSignal): Promise<void>;
}

export function createDirector({ call, runtimeId, pageSize }: DirectorOptions): Director {
  return {
    snapshot: (options) => readSnapshot({ ...options, call, runtimeId, pageSize }),
    async has(id, signal) {
      try {
        const request = { operation: "application", document: applicationId, variables: { id }, signal };
        const data = fieldsAt(await askPatiently(call, request), "data");
        // Only a null that is there says that it is gone.
        if (!("application" in data)) throw new MalformedError("data.application is missing");
        return fieldsOrNone(data["application"], "application") !== undefined;
      } catch (error) {
        if (isNoneOfOurs(error)) return false;
        throw error;
      }
    },
    async setLabel(key, value, signal) {
      const variables = { runtime: runtimeId, key, value };
      const data = await askPatiently(call, {
        operation: "setRuntimeLabel",
        document: setRuntimeLabel,
        variables,
        signal,
      });
      fieldsAt(fieldsAt(data, "data")["setRuntimeLabel"], "setRuntimeLabel");
    },
  };
}
