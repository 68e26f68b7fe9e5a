import { type ExternalSystem, type ExternalSystemOptions, startExternalSystem } from "../external-system.ts";

/** Starts external systems that end with the test that asked for them. */
export function startUntil(finished: (cleanUp: () => Promise<void>) => void) {
  return async (options?: ExternalSystemOptions): Promise<ExternalSystem> => {
    const system = await startExternalSystem(options);
    finished(() => system.stop());
    return system;
  };
}
