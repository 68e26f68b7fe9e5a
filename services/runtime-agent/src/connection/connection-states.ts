/** The values of `status.connectionState`, upstream's. */
export const connectionStates = [
  "Connected",
  "ConnectionFailed",
  "ConnectionMaintenanceFailed",
  "SynchronizationFailed",
  "ResourceApplicationFailed",
  "MetadataUpdateFailed",
  "Synchronized",
] as const;

export type ConnectionState = (typeof connectionStates)[number];

/** Those in which something does not work. */
export const isFailure = (state: string): boolean => state.endsWith("Failed");
