import {
  buildSchema,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLScalarType,
  type GraphQLSchema,
  GraphQLUnionType,
} from "graphql";

/** A resolver as our tables hold them; the schema has checked the arguments, the table says what they are. */
// biome-ignore lint/suspicious/noExplicitAny: each resolver declares the parts that it reads
export type Resolver = (source: any, args: any, call: any) => unknown;

export type Resolvers = Readonly<Record<string, Readonly<Record<string, Resolver>>>>;

interface Behaviour {
  resolvers: Resolvers;
  /** How a scalar is shown. */
  scalars?: Readonly<Record<string, (value: unknown) => unknown>>;
  /** The type of a value of an interface or union. */
  typeOf?: Readonly<Record<string, (value: never) => string>>;
}

/** A schema whose fields do something. A resolver for what the schema does not have is a mistake of ours. */
export function executableSchema(types: string, { resolvers, scalars = {}, typeOf = {} }: Behaviour): GraphQLSchema {
  const schema = buildSchema(types);
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!(type instanceof GraphQLObjectType)) throw new TypeError(`the schema has no object type ${typeName}`);
    for (const [fieldName, resolve] of Object.entries(fields)) {
      const field = type.getFields()[fieldName];
      if (field === undefined) throw new TypeError(`the type ${typeName} has no field ${fieldName}`);
      field.resolve = resolve;
    }
  }
  for (const [name, show] of Object.entries(scalars)) {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLScalarType)) throw new TypeError(`the schema has no scalar ${name}`);
    type.coerceOutputValue = show;
  }
  for (const [name, decide] of Object.entries(typeOf)) {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLUnionType || type instanceof GraphQLInterfaceType)) {
      throw new TypeError(`the schema has no interface or union ${name}`);
    }
    type.resolveType = decide as (value: unknown) => string;
  }
  return schema;
}
