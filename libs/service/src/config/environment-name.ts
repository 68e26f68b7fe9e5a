// A plural acronym (URIs), an acronym with its number (V1, API before Port), a word with its number.
const word = /[A-Z]{2,}s(?![a-z])|[A-Z]+\d*(?![a-z])|[A-Z]?[a-z]+\d*|\d+/g;

/** The environment variable of a flag: `externalAPIPort` is `APP_EXTERNAL_API_PORT`. */
export function environmentName(flagName: string): string {
  return ["APP", ...(flagName.match(word) ?? [])].join("_").toUpperCase();
}
