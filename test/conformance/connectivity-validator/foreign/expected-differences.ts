/** Numbered cases in which upstream's validator is expected to do something else, and what. */
export const expectedDifferences: Readonly<Record<string, string>> = {
  "CV-27": "waits for Eventing without an end",
  "CV-36": "D-01: any element's Subject authorises",
  "CV-37": "D-01: any hop is trusted",
  "CV-38": "D-02: a Subject inside a URI authorises",
  "CV-39": "D-03: splits names at every comma",
  "CV-40": "D-04: cuts a value at its second equals sign",
  "CV-41": "D-05: a part without an equals sign ends the connection",
  "CV-43": "D-06: a prefix of a word is a prefix",
  "CV-44": "D-07: redirects to a cleaned path",
  "CV-45": "D-01: takes any number of elements",
  "CV-46": "does not look at Cert and Hash",
  "CV-50": "D-16: has no limit of its own",
  "CV-52": "has no rate limits",
  "CV-53": "has no spool",
  "CV-54": "has no listener for mutual TLS",
  "CV-55": "D-13: has no /readyz, and is called healthy before it knows any Application",
};

/** Cases with a world beside the world: a validator that runs already lives in one. */
export const needOwnWorld: ReadonlySet<string> = new Set(["CV-26"]);
