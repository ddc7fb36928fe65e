// The schema by graphql-eslint's rules.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { ESLint } from "eslint";
import { file, sdl } from "../support/schema.js";
import { PLACES } from "./eslint.config.js";

test("graphql-eslint: the schema follows all rules but the exceptions", async () => {
  const eslint = new ESLint({ cwd: dirname(file), overrideConfigFile: join(import.meta.dirname, "eslint.config.js") });
  const [{ messages }] = await eslint.lintFiles([file]);
  const lines = sdl.split("\n");
  const complaints = messages.map(({ line, ruleId, message }) => {
    const [, type] = /^type (\w+Edge)\b/.exec(lines[line - 1]) ?? [];
    return { line, ruleId, said: type ? `${type}: ${message}` : message };
  });
  assert.deepEqual(
    complaints.filter(({ said }) => !PLACES.includes(said)),
    [],
  );
  const needless = PLACES.filter((place) => !complaints.some(({ said }) => said === place));
  assert.deepEqual(needless, [], "exceptions that nothing needs any longer");
});
