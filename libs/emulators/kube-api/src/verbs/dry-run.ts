import { invalid } from "../status.ts";

export function isDryRun(query: URLSearchParams): boolean {
  const values = query.getAll("dryRun");
  if (values.length === 0) return false;
  if (values.every((value) => value === "All")) return true;
  const message = `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`;
  throw invalid({ group: "meta.k8s.io", kind: "CreateOptions" }, "", [
    { type: "FieldValueNotSupported", field: "dryRun", message },
  ]);
}
