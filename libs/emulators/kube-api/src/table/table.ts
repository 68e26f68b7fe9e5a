import type { Column, Kind } from "../kinds/kind.ts";
import { type KubeObject, timestamp } from "../objects.ts";
import { type Projection, partialMetadata } from "./projection.ts";

/** Objects as rows, for people (`kubectl get`). */
export function tableProjection(kind: Kind, includeObject: string, now: number): Projection {
  const columns = kind.cells ? kind.columns : defaultColumns;
  const columnDefinitions = columns.map(({ name, type, format = "", description = "", priority = 0 }) => ({
    name,
    type,
    format,
    description,
    priority,
  }));
  const cells = kind.cells ?? defaultCells;
  const row = (object: KubeObject) => ({
    cells: cells(object, now),
    ...(includeObject === "Object" && { object }),
    ...(includeObject === "Metadata" && { object: partialMetadata(object) }),
  });
  const table = (objects: readonly KubeObject[], metadata: object, shown: readonly object[]) =>
    JSON.stringify({
      kind: "Table",
      apiVersion: "meta.k8s.io/v1",
      metadata,
      columnDefinitions: shown,
      rows: objects.map(row),
    });
  let sentColumns = false;
  const resourceVersionOf = ({ metadata }: KubeObject) => ({ resourceVersion: metadata.resourceVersion });
  return {
    single: (object) => table([object], resourceVersionOf(object), columnDefinitions),
    list: (objects, metadata) => table(objects, metadata, columnDefinitions),
    event(object) {
      const shown = sentColumns ? [] : columnDefinitions;
      sentColumns = true;
      return table([object], resourceVersionOf(object), shown);
    },
  };
}

const defaultColumns: readonly Column[] = [
  { name: "Name", type: "string", format: "name", description: "Name must be unique within a namespace." },
  { name: "Created At", type: "date", description: "When the object was created." },
];

function defaultCells({ metadata }: KubeObject): unknown[] {
  return [metadata.name, metadata.creationTimestamp ?? timestamp(0)];
}
