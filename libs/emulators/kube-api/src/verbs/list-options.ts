import { ApiError, type FieldError, invalid } from "../status.ts";

const forbiddenField = (field: string, why: string): FieldError => ({
  type: "FieldValueForbidden",
  field,
  message: `Forbidden: ${why}`,
});

const listOptions = { group: "meta.k8s.io", kind: "ListOptions" };
const exact = "Exact";
const notOlderThan = "NotOlderThan";

function unsupported(match: string, supported: readonly string[]): FieldError {
  const list = supported.map((value) => JSON.stringify(value)).join(", ");
  return {
    type: "FieldValueNotSupported",
    field: "resourceVersionMatch",
    message: `Unsupported value: ${JSON.stringify(match)}: supported values: ${list}`,
  };
}

/** Combinations of options that make no sense together, refused as the real server refuses them. */
export function checkListOptions(query: URLSearchParams): void {
  const errors: FieldError[] = [];
  const match = query.get("resourceVersionMatch");
  const revision = query.get("resourceVersion") ?? "";
  if (match) {
    const forbid = (why: string) => errors.push(forbiddenField("resourceVersionMatch", why));
    if (!revision) forbid("resourceVersionMatch is forbidden unless resourceVersion is provided");
    if (query.get("continue")) forbid("resourceVersionMatch is forbidden when continue is provided");
    if (match !== exact && match !== notOlderThan) errors.push(unsupported(match, [exact, notOlderThan, ""]));
    if (match === exact && revision === "0") {
      forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (query.get("sendInitialEvents")) {
    errors.push(forbiddenField("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  }
  if (errors.length > 0) throw invalid(listOptions, "", errors);
}

export function checkWatchOptions(query: URLSearchParams): void {
  const errors: FieldError[] = [];
  const match = query.get("resourceVersionMatch");
  const sends = query.has("sendInitialEvents");
  const forbid = (why: string) => errors.push(forbiddenField("resourceVersionMatch", why));
  if (sends && match !== notOlderThan) {
    forbid(`sendInitialEvents requires setting resourceVersionMatch to ${notOlderThan}`);
  }
  if (match) {
    if (!sends) forbid("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
    if (match !== notOlderThan) errors.push(unsupported(match, [notOlderThan]));
    if (query.get("continue")) forbid("resourceVersionMatch is forbidden when continue is provided");
  }
  if (errors.length > 0) throw invalid(listOptions, "", errors);
}

/** A resourceVersion in a query: none and "0" both come out as undefined and 0. */
export function readRevision(text: string | null, isWatch = false): number | undefined {
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  // The two handlers of the real server disagree about whose fault it is.
  const [code, reason, prefix] = isWatch
    ? ([500, "", ""] as const)
    : ([400, "BadRequest", "invalid resource version: "] as const);
  const why = `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw new ApiError(code, reason, `${prefix}resourceVersion: ${why}`);
}
