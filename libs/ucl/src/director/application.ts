/** An application as the Director describes it to a runtime: checked, and without what a runtime has no use for. */
export interface DirectorApplication {
  readonly id: string;
  /** As `applicationsForRuntime` gives it, which is the only place where UCL normalises names. */
  readonly name: string;
  /** Empty when there is none. */
  readonly description: string;
  readonly labels: Readonly<Record<string, unknown>>;
  /** Ids of its system auths: the common names of the certificates it may show. */
  readonly clientIds: readonly string[];
  readonly bundles: readonly DirectorBundle[];
}

export interface DirectorBundle {
  readonly id: string;
  readonly name: string;
  /** Empty when there is none. */
  readonly description: string;
  /** JSON Schema as text. */
  readonly inputSchema: string | undefined;
  /** The runtime's own credentials where it has some, else those that the bundle has for everybody. */
  readonly auth: DirectorAuth | undefined;
  readonly apis: readonly DirectorApi[];
  readonly events: readonly DirectorDefinition[];
}

export interface DirectorDefinition {
  readonly id: string;
  readonly name: string;
}

export interface DirectorApi extends DirectorDefinition {
  readonly targetUrl: string;
}

export interface DirectorAuth {
  readonly credential: DirectorCredential | undefined;
  readonly headers: Parameters | undefined;
  readonly query: Parameters | undefined;
  readonly csrfTokenUrl: string | undefined;
}

export type DirectorCredential =
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "oauth"; readonly clientId: string; readonly clientSecret: string; readonly url: string }
  | { readonly kind: "certificate"; readonly clientId: string; readonly certificate: string; readonly url: string };

/** Values of headers or query parameters by name; a list may be null. */
export type Parameters = Readonly<Record<string, readonly string[] | null>>;

/** One that UCL names but describes in a way that cannot be used. */
export interface MalformedApplication {
  readonly id: string;
  /** Empty when the name is what is wrong. */
  readonly name: string;
  /** Where and what, without any value: `bundles[2].apiDefinitions[0].targetURL is no text`. */
  readonly problem: string;
}
