import { type CompassConnection, compassconnections } from "@application-connector/crds";
import { type CallOptions, type Client, find, KubeError } from "@application-connector/kube";
import { blankConnection } from "./connection-status.ts";

export const connectionName = "compass-connection";

/** What is to be changed in the connection; called again with the newer one when somebody else was faster. */
export type Change = (connection: CompassConnection) => CompassConnection;

export interface ConnectionResource {
  read(options?: CallOptions): Promise<CompassConnection | undefined>;
  /**
   * Makes the change in the connection that was seen, or in a new one where none was. One that has been deleted since
   * stays deleted: that is how people ask for a new pairing.
   */
  change(
    seen: CompassConnection | undefined,
    change: Change,
    options?: CallOptions,
  ): Promise<CompassConnection | undefined>;
  /** Of the last version that was written here. */
  readonly writtenVersion: string | undefined;
}

const mostTries = 5;
// An older definition of the kind does not know the conditions: the server leaves them out.
const writing = { fieldManager: "compass-runtime-agent", fieldValidation: "Ignore" } as const;

export function createConnectionResource(client: Client): ConnectionResource {
  let writtenVersion: string | undefined;
  const read = (options: CallOptions = {}): Promise<CompassConnection | undefined> =>
    find(client, compassconnections, { name: connectionName }, options);

  async function write(current: CompassConnection | undefined, change: Change, options: CallOptions) {
    const written =
      current === undefined
        ? await client.create(compassconnections, change(blankConnection(connectionName)), { ...options, ...writing })
        : await client.replace(compassconnections, change(current), { ...options, ...writing });
    writtenVersion = written.metadata.resourceVersion;
    return written;
  }

  return {
    read,
    async change(seen, change, options = {}) {
      let current = seen;
      for (let tries = 1; ; tries++) {
        try {
          return await write(current, change, options);
        } catch (error) {
          const isRace = error instanceof KubeError && (error.isConflict || error.isAlreadyExists || error.isNotFound);
          if (!isRace || tries === mostTries) throw error;
        }
        current = await read(options);
        if (seen !== undefined && current?.metadata.uid !== seen.metadata.uid) return undefined;
      }
    },
    get writtenVersion() {
      return writtenVersion;
    },
  };
}
