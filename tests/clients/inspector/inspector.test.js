// What has changed in the schema, by graphql-inspector: what would break clients must have been deprecated before.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { test } from "node:test";
import { ChangeType, CriticalityLevel, diff, DiffRule } from "@graphql-inspector/core";
import { buildSchema } from "graphql";
import { file, schema, sdl } from "../support/schema.js";

const before = schemaBefore();

test("graphql-inspector: nothing breaks that was not deprecated", { skip: before.missing }, async () => {
  const breaking = await breakingChanges(buildSchema(before.sdl), schema);
  assert.deepEqual(breaking, [], `since ${before.revision}`);
});

test("graphql-inspector: what breaks is told from what was deprecated", async () => {
  const text = (fields) => buildSchema(`type Query { always: Int ${fields} }`);
  assert.equal((await breakingChanges(text("gone: Int"), text(""))).length, 1);
  assert.equal((await breakingChanges(text('gone: Int @deprecated(reason: "2026-01-01")'), text(""))).length, 0);
  const field = (argument) => text(`field${argument}: Int`);
  assert.equal((await breakingChanges(field("(gone: Int)"), field(""))).length, 1);
  assert.equal((await breakingChanges(field('(gone: Int @deprecated(reason: "2026-01-01"))'), field(""))).length, 0);
  assert.equal((await breakingChanges(text(""), text("new: Int"))).length, 0);
});

async function breakingChanges(old, now) {
  const changes = await diff(old, now, [DiffRule.suppressRemovalOfDeprecatedField]);
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .filter((change) => !deprecatedArgument(old, change))
    .map(({ message }) => message);
}

/** Whether an argument is gone that was deprecated, which the inspector's own rule leaves out. */
function deprecatedArgument(old, { type, path }) {
  if (type !== ChangeType.FieldArgumentRemoved) {
    return false;
  }
  const [owner, field, argument] = path.split(".");
  const { args } = old.getType(owner).getFields()[field];
  return args.find(({ name }) => name === argument)?.deprecationReason != null;
}

/** The schema of the revision that is named, or of the last commit; if that has this very schema, of the one before. */
function schemaBefore() {
  try {
    const last = process.env.SCHEMA_BASE ?? (committed("HEAD") === sdl ? "HEAD~1" : "HEAD");
    return { revision: last, sdl: committed(last) };
  } catch (error) {
    // A shallow clone, a first commit, or no clone at all.
    return { missing: `there is no earlier schema to compare with: ${error.stderr || error.message}`.trim() };
  }
}

function committed(revision) {
  return execFileSync("git", ["show", `${revision}:./schema.graphql`], {
    cwd: dirname(file),
    encoding: "utf8",
    maxBuffer: 16 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
  });
}
