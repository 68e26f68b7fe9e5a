/** One request of a scenario, sent to the real server and to the emulated one. */
export interface Step {
  method?: string;
  /** May say {@link revisionOf} an earlier answer. */
  path: string;
  type?: string;
  accept?: string;
  /** Sent as it is when it is a string, as JSON otherwise. */
  body?: unknown;
  /** Whose token: the administrator's unless named. */
  as?: string;
  /** Watches never end by themselves: read for this long. */
  readMs?: number;
  headers?: Record<string, string>;
  /** The real server needs a moment for what it does in the background. */
  afterMs?: number;
  /** Whether it changes anything hangs on the clock at the real server: it is not compared. */
  changesByTheClock?: boolean;
}

/** Stands in a path for the resourceVersion that the answer to a step of the scenario, counted from 0, carried. */
export const revisionOf = (step: number): string => `<revision of ${step}>`;

export const table = "application/json;as=Table;g=meta.k8s.io;v=v1";
export const partialList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
export const partial = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

export const create = (path: string, body: unknown, more: Partial<Step> = {}): Step => ({
  method: "POST",
  path,
  body,
  ...more,
});

export const remove = (path: string, body?: unknown): Step => ({
  method: "DELETE",
  path,
  ...(body !== undefined && { body }),
});

export const replace = (path: string, body: unknown): Step => ({ method: "PUT", path, body });

export const patch = (
  kind: "json-patch" | "merge-patch" | "strategic-merge-patch",
  path: string,
  body: unknown,
): Step => ({ method: "PATCH", path, type: `application/${kind}+json`, body });

export const apply = (path: string, manager: string, body: unknown, force = false): Step => ({
  method: "PATCH",
  path: `${path}?fieldManager=${manager}${force ? "&force=true" : ""}`,
  type: "application/apply-patch+yaml",
  body,
});

export const meta = (name: string, more: object = {}) => ({ name, ...more });

export const secret = (name: string, more: object = {}) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: meta(name),
  ...more,
});

export const config = (name: string, data?: object, more: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: meta(name, more),
  ...(data && { data }),
});
