import { startUcl } from "@application-connector/ucl-emulator";
import { serveParent } from "./other-process.ts";

const ucl = await startUcl();

const methods = {
  about: () => ({ connectorURL: ucl.urls.connectorURL, tenant: ucl.tenant, serverCa: ucl.serverCa }),
  seed: ucl.seed,
  administrator: ucl.administrator,
  /** How many requests there were. */
  asked: () => ucl.journal.total,
  /** When a page of applications was last asked for, in milliseconds since 1970. */
  lastPage: () =>
    Date.parse(
      ucl.journal.entries.findLast(({ operations }) => operations.includes("applicationsForRuntime"))?.time ?? "",
    ),
};
export type UclCalls = typeof methods;

serveParent(methods);
