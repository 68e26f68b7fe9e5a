import { execute, GraphQLError, type GraphQLSchema } from "graphql";
import { DirectorError } from "../director/director-error.ts";
import type { GraphqlRequest } from "./graphql-request.ts";

export interface GraphqlResult {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: readonly (string | number)[]; extensions?: object }[];
}

/** How the errors of resolvers are shown: by the Connector as they are, by the Director with a number and a name. */
export type Presenter = (error: GraphQLError) => { message: string; extensions?: object };

export async function run(
  schema: GraphQLSchema,
  { document, variables, operationName }: GraphqlRequest,
  contextValue: object,
  present: Presenter,
): Promise<GraphqlResult> {
  const result = await execute({ schema, document, variableValues: variables, operationName, contextValue });
  const data = (result.data ?? null) as Record<string, unknown> | null;
  if (result.errors === undefined) return { data };
  const errors = result.errors.map((error) => ({
    ...(error.path === undefined ? {} : { path: error.path }),
    ...present(error),
  }));
  return { errors, data };
}

export const presentPlain: Presenter = ({ message }) => ({ message });

export const presentDirectorError =
  (uuid: () => string): Presenter =>
  ({ message, originalError }) => {
    if (originalError instanceof DirectorError) return { message, extensions: originalError.extensions };
    // A mistake of the request itself has no resolver's error behind it.
    if (originalError === undefined || originalError instanceof GraphQLError) return { message };
    const { extensions } = new DirectorError("InternalError", message);
    return { message: `Internal Server Error [errorID=${uuid()}]`, extensions };
  };
