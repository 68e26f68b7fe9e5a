export type { RegisteredClient } from "./client-authentication.ts";
export type { FailureMode } from "./failures.ts";
export { type IdentityProvider, type IdentityProviderOptions, startIdentityProvider } from "./identity-provider.ts";
export type { SamlIssuer } from "./saml-authorities.ts";
export type { TokenRequest } from "./token-request.ts";
export type { ExpiresIn, TokenRecord } from "./token-store.ts";
export type { UserTokenOptions } from "./user-tokens.ts";
