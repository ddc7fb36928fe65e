// urql with its normalised cache, which merges pages by Relay's rules.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { introspectionFromSchema } from "graphql";
import { headers, url } from "../support/api.js";
import { has, whole } from "../support/checks.js";
import { changes, GROUP, GROUP_SEATS, MEMBERSHIPS, UPDATE_GROUP } from "../support/documents.js";
import { change, CHANGED, cursor, group, socket, SOON } from "../support/following.js";
import { schema } from "../support/schema.js";

const GROUP_TO_CHANGE = "kommunchefgruppen";
const FOLLOWED = "klimatradet";

function client(role) {
  const pages = { Query: { memberships: relayPagination() }, Group: { seats: relayPagination() } };
  const cache = cacheExchange({ schema: introspectionFromSchema(schema), resolvers: pages });
  const following = socket(role);
  const subscriptions = subscriptionExchange({
    forwardSubscription: (request) => ({
      subscribe: (sink) => ({ unsubscribe: following.subscribe(request, sink) }),
    }),
  });
  return new Client({
    url,
    exchanges: [cache, fetchExchange, subscriptions],
    fetchOptions: { headers: headers(role) },
  });
}

/** Asks for page after page until the list, as the cache has put it together, is whole. */
async function pageThrough(asker, document, variables, list) {
  for (let after = null, pages = 1; ; pages += 1) {
    const { data, error } = await asker.query(document, { ...variables, after });
    assert.ifError(error);
    const { pageInfo } = list(data);
    if (!pageInfo.hasNextPage) {
      return whole(list(data), pages);
    }
    after = pageInfo.endCursor;
  }
}

test("urql: a list is paged to its end", async () => {
  await pageThrough(client("signed-in"), MEMBERSHIPS, { first: 40 }, (data) => data.memberships);
});

test("urql: a list below a group is paged to its end", async () => {
  const variables = { slug: GROUP_TO_CHANGE, first: 3 };
  await pageThrough(client(), GROUP_SEATS, variables, (data) => data.group.seats);
});

test("urql: a change reaches the cache, and one that comes too late is told so", async () => {
  const asker = client("administrator");
  const before = await asker.query(GROUP, { slug: GROUP_TO_CHANGE });
  const { input, changed, conflict } = changes(before.data.group);

  const first = await asker.mutation(UPDATE_GROUP, { input });
  assert.ifError(first.error);
  assert.deepEqual(first.data.updateGroup.errors, []);
  const cached = asker.readQuery(GROUP, { slug: GROUP_TO_CHANGE });
  has(cached.data.group, changed);

  const second = await asker.mutation(UPDATE_GROUP, { input });
  assert.ifError(second.error);
  const { group, errors } = second.data.updateGroup;
  assert.equal(group, null);
  assert.equal(errors.length, 1);
  has(errors[0], conflict);
  assert.equal(errors[0].current.version, conflict.currentVersion);
});

test("urql: what others change reaches the cache", SOON, async () => {
  const asker = client("signed-in");
  const [{ id }, since] = [await group(FOLLOWED), await cursor()];
  await asker.query(GROUP, { slug: FOLLOWED });
  const event = await change(FOLLOWED);
  const { data, error } = await new Promise((resolve) => {
    const following = asker.subscription(CHANGED, { groups: [id], since }).subscribe((result) => {
      queueMicrotask(() => following.unsubscribe());
      resolve(result);
    });
  });
  assert.ifError(error);
  assert.equal(data.changed.cursor, event.cursor);
  has(asker.readQuery(GROUP, { slug: FOLLOWED }).data.group, event.groups[0]);
});

test("urql: a request that is refused carries its code", async () => {
  const page = await client("signed-in").query(MEMBERSHIPS, { first: 101 });
  assert.equal(page.error.graphQLErrors[0].extensions.code, "INVALID_PAGE");
  const document = await client().query("{ groups { nothing } }", {});
  assert.equal(document.error.graphQLErrors[0].extensions.code, "VALIDATION_FAILED");
  const change = await client().mutation(UPDATE_GROUP, { input: { group: "none", expectedVersion: 1 } });
  assert.equal(change.error.graphQLErrors[0].extensions.code, "FORBIDDEN");
});
