import type { GraphQLSchema } from "graphql";
import type { Credential, SystemAuth } from "../model/records.ts";
import { directorInputs } from "../schema/director-inputs.ts";
import { directorOperations } from "../schema/director-operations.ts";
import { directorTypes } from "../schema/director-types.ts";
import { executableSchema } from "../schema/executable.ts";
import {
  applicationAuthFields,
  applicationFields,
  authFields,
  bundleFields,
  csrfFields,
  formationFields,
  instanceAuthFields,
  runtimeAuthFields,
  runtimeFields,
  showTimestamp,
} from "./fields.ts";
import { applicationMutations } from "./mutations/applications.ts";
import { bundleMutations } from "./mutations/bundles.ts";
import { formationMutations } from "./mutations/formations.ts";
import { runtimeMutations } from "./mutations/runtimes.ts";
import { queries } from "./queries.ts";

/** The Director's schema, with all that it does. */
export function directorSchema(): GraphQLSchema {
  return executableSchema(directorOperations + directorTypes + directorInputs, {
    resolvers: {
      Query: queries,
      Mutation: { ...runtimeMutations, ...applicationMutations, ...bundleMutations, ...formationMutations },
      Application: applicationFields,
      Bundle: bundleFields,
      Auth: authFields,
      CSRFTokenCredentialRequestAuth: csrfFields,
      BundleInstanceAuth: instanceAuthFields,
      Runtime: runtimeFields,
      AppSystemAuth: applicationAuthFields,
      RuntimeSystemAuth: runtimeAuthFields,
      Formation: formationFields,
    },
    scalars: { Timestamp: showTimestamp },
    typeOf: {
      CredentialData: ({ kind }: Credential) => kind,
      SystemAuth: ({ type }: SystemAuth) => (type === "RUNTIME" ? "RuntimeSystemAuth" : "AppSystemAuth"),
      OneTimeToken: ({ __typename }: { __typename: string }) => __typename,
    },
  });
}
