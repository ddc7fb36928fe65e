// What the server tells tools of its schema is what is committed.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  buildClientSchema,
  getIntrospectionQuery,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  visit,
} from "graphql";
import { ask } from "../support/api.js";
import { schema } from "../support/schema.js";

test("introspection: gives the committed schema", async () => {
  const query = getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true, oneOf: true });
  const { data, errors } = await ask({ query });
  assert.equal(errors, undefined);
  assert.equal(text(buildClientSchema(data)), text(schema));
});

/** The schema as text, without what SDL as the server prints it has no place for: descriptions of directives' arguments. */
function text(of) {
  return print(
    visit(parse(printSchema(lexicographicSortSchema(of))), {
      DirectiveDefinition: (directive) => ({
        ...directive,
        arguments: directive.arguments.map((argument) => ({ ...argument, description: undefined })),
      }),
    }),
  );
}
