import { readFile } from "node:fs/promises";
import { createUclTransport, type Exchange, type UclTransport } from "@application-connector/ucl";
import type { Config } from "../config.ts";

/** The two ways to UCL: without a certificate, for the first one; and with it, for everything else. */
export interface UclLinks {
  readonly anonymous: UclTransport;
  readonly secured: UclTransport;
  /** Reads the file of authorities again: mounted files change. One that cannot be read leaves things as they are. */
  refreshTrust(): Promise<void>;
  stop(): Promise<void>;
}

interface Surroundings {
  readonly log: { warn(details: object, message: string): void };
  readonly observe: (exchange: Exchange) => void;
}

/** @throws {Error} when the file of authorities cannot be read */
export async function openUclLinks(config: Config, { log, observe }: Surroundings): Promise<UclLinks> {
  const { uclCaFile, skipCompassTlsVerify: insecure, queryLogging } = config;
  const read = async (): Promise<string | undefined> =>
    uclCaFile === "" ? undefined : await readFile(uclCaFile, "utf8");
  const options = { ca: await read(), insecure, queryLogging, log, observe };
  const anonymous = createUclTransport(options);
  const secured = createUclTransport(options);
  return {
    anonymous,
    secured,
    async refreshTrust() {
      try {
        const ca = await read();
        anonymous.trust(ca);
        secured.trust(ca);
      } catch (err) {
        log.warn({ err }, "the file of UCL's authorities cannot be read; what was in it before counts");
      }
    },
    async stop() {
      await Promise.all([anonymous.stop(), secured.stop()]);
    },
  };
}
