import { ingressModes, networkPolicyModes, type Shape } from "../src/bundle/settings.ts";

const yesOrNo = [true, false];

/** Every shape that an installation can have. */
export const shapes: readonly Shape[] = ingressModes.flatMap((ingress) =>
  networkPolicyModes.flatMap((networkPolicies) =>
    yesOrNo.flatMap((externalCIDRs) =>
      yesOrNo.flatMap((apiServerPorts) =>
        yesOrNo.map((allowedNamespaces) => ({
          ingress,
          networkPolicies,
          externalCIDRs,
          apiServerPorts,
          allowedNamespaces,
        })),
      ),
    ),
  ),
);
