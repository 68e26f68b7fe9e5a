/** Fields of an object's `spec`, in either version. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is called differently, by v1alpha1 and by v1beta1; sections go as a whole. */
const renamed = [
  ["appGateway", "gateway"],
  ["appConnValidator", "validator"],
] as const;

/** What v1beta1 puts into a section for each mode, by both. */
const moved = [
  ["selector", "istio", "selector"],
  ["gatewayClassName", "gatewayAPI", "className"],
  ["serviceType", "builtIn", "serviceType"],
] as const;

/** A spec of v1beta1 that says what one of v1alpha1 says. */
export function toV1beta1(spec: Fields): Fields {
  const { networkPoliciesEnabled, networkPolicies, ingress, ...others } = spec;
  const result: Record<string, unknown> = others;
  for (const [alpha, beta] of renamed) rename(result, alpha, beta);
  if (isFields(ingress)) {
    const { ...inner } = ingress as Record<string, unknown>;
    for (const [field, section, name] of moved) {
      if (inner[field] !== undefined) inner[section] = { [name]: inner[field] };
      delete inner[field];
    }
    result["ingress"] = inner;
  }
  const policies = isFields(networkPolicies) ? networkPolicies : undefined;
  const isImplied = networkPoliciesEnabled === true && policies?.["mode"] === undefined;
  if (policies !== undefined || isImplied) {
    result["networkPolicies"] = { ...policies, ...(isImplied && { mode: "Allow" }) };
  }
  return result;
}

/** A spec of v1alpha1 that says what one of v1beta1 says. */
export function toV1alpha1(spec: Fields): Fields {
  const { ingress, ...others } = spec;
  const result: Record<string, unknown> = others;
  for (const [alpha, beta] of renamed) rename(result, beta, alpha);
  if (isFields(ingress)) {
    const { ...inner } = ingress as Record<string, unknown>;
    for (const [field, section, name] of moved) {
      const { [name]: value } = isFields(inner[section]) ? inner[section] : {};
      delete inner[section];
      if (value !== undefined) inner[field] = value;
    }
    result["ingress"] = inner;
  }
  return { ...result, networkPoliciesEnabled: false };
}

function rename(fields: Record<string, unknown>, from: string, to: string): void {
  if (fields[from] !== undefined) fields[to] = fields[from];
  delete fields[from];
}
