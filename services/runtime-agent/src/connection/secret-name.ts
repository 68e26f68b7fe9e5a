export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/** `namespace/name` as upstream reads it: a part that is missing leaves the namespace `default`. */
export function parseSecretName(text: string): SecretName {
  const [first = "", second = ""] = text.split("/");
  if (first !== "" && second !== "") return { namespace: first, name: second };
  return { namespace: "default", name: first === "" ? second : first };
}

export const secretNameText = ({ namespace, name }: SecretName): string => `${namespace}/${name}`;
