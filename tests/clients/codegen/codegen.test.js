// What graphql-codegen makes of the schema and of a front end's documents, under the strictest compiler.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../support/program.js";

const folder = import.meta.dirname;

test("graphql-codegen: the documents and their use compile strictly", () => {
  rmSync(join(folder, "generated"), { recursive: true, force: true });
  run(folder, "graphql-codegen", "--config", "codegen.yml");
  run(folder, "tsc", "--project", ".");
});
