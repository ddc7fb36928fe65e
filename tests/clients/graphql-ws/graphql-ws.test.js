// graphql-ws: changes as they happen, and everything else that can be asked, over one socket.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { ask } from "../support/api.js";
import { changes, GROUP, UPDATE_GROUP } from "../support/documents.js";
import { change, CHANGED, cursor, group, next, socket, SOON } from "../support/following.js";

const FOLLOWED = "buz";
const OTHER = "nitus";

/** What an operation gives until it is complete. */
async function all(role, request) {
  const answers = [];
  for await (const answer of socket(role).iterate(request)) {
    answers.push(answer);
  }
  return answers;
}

/** The code with which an operation is refused. */
async function refusal(role, request) {
  const errors = await all(role, request).then(
    (answers) => assert.fail(`answered: ${JSON.stringify(answers)}`),
    (errors) => errors,
  );
  assert.ok(Array.isArray(errors), String(errors));
  return errors[0].extensions.code;
}

test("graphql-ws: a change is told once, to who follows what it concerns", SOON, async () => {
  const [{ id }, since] = [await group(FOLLOWED), await cursor()];
  const request = { query: CHANGED, variables: { groups: [id], since } };
  const events = socket("administrator").iterate(request);
  const publics = socket().iterate(request);
  await change(OTHER);
  const first = await change(FOLLOWED);
  assert.deepEqual(await next(events), first);
  // The trail is not for everybody.
  assert.deepEqual(await next(publics), { ...first, change: null });
  await change(OTHER);
  const second = await change(FOLLOWED);
  assert.deepEqual(await next(events), second);
  assert.deepEqual(await next(publics), { ...second, change: null });
  await Promise.all([events.return(), publics.return()]);
});

test("graphql-ws: what is changed from now on is told, each change once and in order", SOON, async () => {
  const { id } = await group(FOLLOWED);
  const events = socket("administrator").iterate({ query: CHANGED, variables: { groups: [id] } });
  const told = [];
  const follows = (async () => told.push((await next(events)).cursor))();
  // Nothing says from when on one follows, but that one is told.
  const made = [];
  do {
    made.push((await change(FOLLOWED)).cursor);
  } while (!(await Promise.race([follows, pause(100)])));
  made.push((await change(FOLLOWED)).cursor, (await change(FOLLOWED)).cursor);
  const expected = made.slice(made.indexOf(told[0]));
  while (told.length < expected.length) {
    told.push((await next(events)).cursor);
  }
  assert.deepEqual(told, expected);
  await events.return();
});

test("graphql-ws: who comes back is told what they have missed, once and in order", SOON, async () => {
  const [{ id }, since] = [await group(FOLLOWED), await cursor()];
  const missed = [];
  for (const slug of [FOLLOWED, OTHER, FOLLOWED, FOLLOWED]) {
    missed.push(await change(slug));
  }
  const [first, , second, third] = missed.map(({ cursor }) => cursor);
  const after = (since) => socket("administrator").iterate({ query: CHANGED, variables: { groups: [id], since } });
  const events = after(since);
  const told = [await next(events), await next(events), await next(events)].map(({ cursor }) => cursor);
  assert.deepEqual(told, [first, second, third]);
  await events.return();
  const later = after(second);
  assert.equal((await next(later)).cursor, third);
  const newest = await change(FOLLOWED);
  assert.deepEqual(await next(later), newest);
  await later.return();
});

test("graphql-ws: queries and changes are answered over the socket", SOON, async () => {
  const variables = { slug: FOLLOWED };
  const [answer, ...more] = await all(undefined, { query: GROUP, variables });
  assert.deepEqual(more, []);
  assert.deepEqual(answer.data, (await ask({ query: GROUP, variables })).data);

  const since = await cursor();
  const { input, changed } = changes(answer.data.group);
  const [made] = await all("administrator", { query: UPDATE_GROUP, variables: { input } });
  assert.deepEqual(made.data.updateGroup.group, changed);
  const events = socket("administrator").iterate({ query: CHANGED, variables: { groups: [changed.id], since } });
  assert.equal((await next(events)).cursor, made.data.updateGroup.change.id);
  await events.return();
  const [refused] = await all(undefined, { query: UPDATE_GROUP, variables: { input } });
  assert.equal(refused.errors[0].extensions.code, "FORBIDDEN");
});

test("graphql-ws: an operation that is refused carries its code", SOON, async () => {
  const aliases = Array.from({ length: 51 }, (_, number) => `a${number}: name`).join(" ");
  assert.equal(await refusal(undefined, { query: "{" }), "SYNTAX_ERROR");
  assert.equal(await refusal(undefined, { query: `{ group(by: { slug: "${FOLLOWED}" }) { ${aliases} } }` }), "TOO_MANY_ALIASES");
  assert.equal(await refusal(undefined, { query: "subscription { nothing }" }), "VALIDATION_FAILED");
});

test("graphql-ws: who may not follow, or not from there, is told why, and that it is all", SOON, async () => {
  // Who follows no one thing follows everything, which is for who may read the trail.
  const code = (code) => ([error]) => error.extensions.code === code;
  await assert.rejects(all(undefined, { query: CHANGED }), code("FORBIDDEN"));
  const nowhere = { query: CHANGED, variables: { since: "none" } };
  await assert.rejects(all("administrator", nowhere), code("INVALID_CURSOR"));
});
