// GraphQL over HTTP, as the audits of graphql-http see it: what a server must, should and may do, all of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { auditServer } from "graphql-http";
import { url } from "../support/api.js";

const AUDITS = 61;

test("every audit of GraphQL over HTTP is ok", async () => {
  const results = await auditServer({ url });
  for (const { id, name, status, reason } of results) {
    console.log(`${status.padEnd(6)} ${id} ${name}${reason ? `: ${reason}` : ""}`);
  }
  const failed = results.filter(({ status }) => status !== "ok").map(({ id, name }) => `${id} ${name}`);
  assert.deepEqual(failed, []);
  assert.equal(results.length, AUDITS);
});
