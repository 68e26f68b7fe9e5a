import { type Eventing, type EventingOptions, startEventing } from "../eventing.ts";

/** Starts Eventings that end with the test that asked for them. */
export function startUntil(finished: (cleanUp: () => Promise<void>) => void) {
  return async (options?: EventingOptions): Promise<Eventing> => {
    const eventing = await startEventing(options);
    finished(() => eventing.stop());
    return eventing;
  };
}

/** Posts and returns status and body; headers may be given as Latin-1 text only. */
export async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<{ status: number; type: string | null; text: string }> {
  const response = await fetch(url, { method: "POST", body, headers });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

export const binaryHeaders = {
  "ce-specversion": "1.0",
  "ce-id": "1",
  "ce-source": "commerce",
  "ce-type": "order.created.v1",
  "content-type": "application/json",
};
