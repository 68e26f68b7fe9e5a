import type { Target } from "./target.ts";

/** The Application of the run, and what the peers route like it. */
export const application = "demo";

export const paths = {
  orders: `/${application}/orders`,
  /** The same over TLS. */
  secure: `/${application}/secure`,
  sink: `/${application}/sink`,
} as const;

/** Where each path leads. */
export function routes(target: Target): readonly { readonly path: string; readonly origin: string }[] {
  return [
    { path: paths.orders, origin: target.origin },
    { path: paths.secure, origin: target.tlsOrigin },
    { path: paths.sink, origin: target.sinkOrigin },
  ];
}
