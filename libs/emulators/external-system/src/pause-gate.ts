/** Holds requests back while it is shut. */
export interface PauseGate {
  shut(): void;
  open(): void;
  passed(): Promise<void> | undefined;
}

export function createPauseGate(): PauseGate {
  let opening: { promise: Promise<void>; resolve(): void } | undefined;
  return {
    shut: () => {
      opening ??= Promise.withResolvers<void>();
    },
    open: () => {
      opening?.resolve();
      opening = undefined;
    },
    passed: () => opening?.promise,
  };
}
