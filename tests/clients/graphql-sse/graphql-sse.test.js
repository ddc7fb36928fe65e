// graphql-sse in its default mode, a connection for each operation: changes as they happen, where sockets do not get through.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "graphql-sse";
import { ask, headers, url } from "../support/api.js";
import { GROUP } from "../support/documents.js";
import { change, CHANGED, cursor, group, next, SOON } from "../support/following.js";

const FOLLOWED = "socsam";

function client(role) {
  return createClient({ url, headers: headers(role), retryAttempts: 0 });
}

/** What an operation gives until it is complete. */
async function all(role, request) {
  const answers = [];
  for await (const answer of client(role).iterate(request)) {
    answers.push(answer);
  }
  return answers;
}

test("graphql-sse: changes are told, those that were missed first", SOON, async () => {
  const [{ id }, since] = [await group(FOLLOWED), await cursor()];
  const missed = await change(FOLLOWED);
  const events = client("administrator").iterate({ query: CHANGED, variables: { groups: [id], since } });
  assert.deepEqual(await next(events), missed);
  const second = await change(FOLLOWED);
  assert.deepEqual(await next(events), second);
  await events.return();
});

test("graphql-sse: a query is answered, and complete", SOON, async () => {
  const variables = { slug: FOLLOWED };
  const [answer, ...more] = await all(undefined, { query: GROUP, variables });
  assert.deepEqual(more, []);
  assert.deepEqual(answer.data, (await ask({ query: GROUP, variables })).data);
});

// As events, and not as HTTP's status, which the client takes for a failing network: by default it asks five times again, for half a minute.
test("graphql-sse: an operation that is refused carries its code", SOON, async () => {
  const codes = {
    "{": "SYNTAX_ERROR",
    "subscription { nothing }": "VALIDATION_FAILED",
    [CHANGED]: "FORBIDDEN",
  };
  for (const [query, code] of Object.entries(codes)) {
    const [answer, ...more] = await all(undefined, { query });
    assert.deepEqual(more, []);
    assert.equal(answer.errors[0].extensions.code, code);
  }
});
