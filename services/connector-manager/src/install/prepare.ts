import { applySetId, type KubeObject, memberLabel, type Resource } from "@application-connector/kube";
import { resourceOf } from "../cluster/kinds.ts";
import { applySetParent, managerVersionAnnotation, partOfLabel } from "../names.ts";

/** An object that is to be applied, and where. */
export interface Prepared {
  readonly resource: Resource<KubeObject>;
  readonly object: KubeObject;
}

const setId = applySetId(applySetParent);

/** The objects with what the manager itself needs on them: labels by which it finds them, on definitions its version. */
export function prepare(objects: readonly KubeObject[], version: string): Prepared[] {
  return objects.map((object) => {
    const { metadata } = object;
    const labels = { ...metadata.labels, [partOfLabel.name]: partOfLabel.value, [memberLabel]: setId };
    const isDefinition = object.kind === "CustomResourceDefinition";
    const annotations = isDefinition
      ? { ...metadata.annotations, [managerVersionAnnotation]: version }
      : metadata.annotations;
    return {
      resource: resourceOf(object),
      object: { ...object, metadata: { ...metadata, labels, ...(annotations && { annotations }) } },
    };
  });
}
