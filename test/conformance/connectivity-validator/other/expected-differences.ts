/** What upstream's validator does in a numbered case, where that is expected to be something else. */
export interface Difference {
  readonly because: string;
  /** It has not what is looked at, or the case would wait for it without an end. */
  readonly isNotRun?: true;
}

export const differences: Readonly<Record<string, Difference>> = {
  "CV-27": { because: "D-15: waits for Eventing without an end", isNotRun: true },
  "CV-36": { because: "D-01: any element's Subject authorises" },
  "CV-37": { because: "D-01: any hop is trusted" },
  "CV-38": { because: "D-02: a Subject inside a URI authorises" },
  "CV-39": { because: "D-03: splits names at every comma" },
  "CV-40": { because: "D-04: cuts a value at its second equals sign" },
  "CV-41": { because: "D-05: a part without an equals sign ends the connection" },
  "CV-43": { because: "D-06: a prefix of a word is a prefix" },
  "CV-44": { because: "D-07: redirects to a cleaned path" },
  "CV-45": { because: "D-01: takes any number of elements" },
  "CV-46": { because: "does not compare Cert and Hash" },
  "CV-50": { because: "D-16: has no limit of its own", isNotRun: true },
  "CV-55": { because: "D-13: has no /readyz, and is called healthy before it knows any Application", isNotRun: true },
};

/** Cases with a world beside the world: a validator that runs already lives in one. */
export const needOwnWorld: ReadonlySet<string> = new Set(["CV-26"]);
