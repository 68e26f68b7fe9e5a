import type { FastifyRequest } from "fastify";
import { type DocumentNode, GraphQLError, type GraphQLSchema, OperationTypeNode, parse, validate } from "graphql";

/** A document that fits its schema, and what came with it. */
export interface GraphqlRequest {
  document: DocumentNode;
  variables: Record<string, unknown>;
  operationName: string | undefined;
}

/** The request is refused before anybody looks at what it asks. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Reads requests against one schema. Documents are few and come again, so the last hundred are remembered. */
export function graphqlReader(schema: GraphQLSchema): (request: FastifyRequest) => GraphqlRequest {
  const documents = new Map<string, DocumentNode>();

  function documentOf(text: string): DocumentNode {
    const known = documents.get(text);
    if (known !== undefined) return known;
    const document = parsed(text);
    const [mistake] = validate(schema, document);
    if (mistake !== undefined) throw new RequestRefused(422, mistake.message);
    for (const oldest of documents.keys()) {
      if (documents.size < 100) break;
      documents.delete(oldest);
    }
    documents.set(text, document);
    return document;
  }

  return (request) => {
    const { query, variables, operationName } =
      request.method === "GET" ? fromQuery(request.query as Record<string, unknown>) : fromBody(request.body);
    if (typeof query !== "string" || query === "") throw new RequestRefused(422, "no operation provided");
    const document = documentOf(query);
    if (request.method === "GET" && mutates(document)) {
      throw new RequestRefused(406, "GET requests only allow query operations");
    }
    return {
      document,
      variables: isObject(variables) ? variables : {},
      operationName: typeof operationName === "string" && operationName !== "" ? operationName : undefined,
    };
  };
}

function parsed(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens: 20_000 });
  } catch (error) {
    if (error instanceof GraphQLError) throw new RequestRefused(422, error.message);
    throw error;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function fromQuery({ query, variables, operationName }: Record<string, unknown>): Record<string, unknown> {
  return { query, operationName, variables: typeof variables === "string" ? json(variables) : undefined };
}

function fromBody(body: unknown): Record<string, unknown> {
  const value = json(typeof body === "string" ? body : "");
  if (!isObject(value)) throw new RequestRefused(400, "json request body could not be decoded");
  return value;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestRefused(400, "json request body could not be decoded");
  }
}

const mutates = ({ definitions }: DocumentNode): boolean =>
  definitions.some((definition) => "operation" in definition && definition.operation === OperationTypeNode.MUTATION);
