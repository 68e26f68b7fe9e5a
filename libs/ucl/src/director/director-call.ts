import type { UclTransport } from "../transport.ts";

/** One operation of the Director. */
export interface DirectorRequest {
  /** Name of the root field, for errors and metrics. */
  readonly operation: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
}

/** Sends it; resolves to the answer's `data`, or rejects with a `UclError` for every answer that is not a good one. */
export type DirectorCall = (request: DirectorRequest) => Promise<unknown>;

export interface DirectorCallOptions {
  readonly transport: Pick<UclTransport, "send">;
  readonly url: string;
  /** For the header `Tenant`. */
  readonly tenant: string;
  readonly requestId: string;
}

/** Calls of one round. All of them may be made twice: the only one that writes sets a label to what it already may be. */
export const directorCall =
  ({ transport, url, tenant, requestId }: DirectorCallOptions): DirectorCall =>
  (request) =>
    transport.send({
      ...request,
      service: "director",
      url,
      headers: tenant === "" ? {} : { Tenant: tenant },
      requestId,
      repeatable: true,
    });
