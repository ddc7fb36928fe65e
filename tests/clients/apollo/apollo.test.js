// Apollo Client with its normalised cache, which merges pages by Relay's rules.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from "@apollo/client/core";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { relayStylePagination } from "@apollo/client/utilities";
import { isAbstractType, OperationTypeNode } from "graphql";
import { firstValueFrom } from "rxjs";
import { headers, url } from "../support/api.js";
import { has, whole } from "../support/checks.js";
import * as documents from "../support/documents.js";
import { change, CHANGED, cursor, group, socket, SOON } from "../support/following.js";
import { schema } from "../support/schema.js";

const MEMBERSHIPS = gql(documents.MEMBERSHIPS);
const GROUP_SEATS = gql(documents.GROUP_SEATS);
const GROUP = gql(documents.GROUP);
const UPDATE_GROUP = gql(documents.UPDATE_GROUP);

/** The group that the coordinator keeps. */
const GROUP_TO_CHANGE = "vard-och-omsorgscollege";
const FOLLOWED = "fastighetsnatverket";

/** Which types each interface and union has, as Apollo's cache wants them. */
const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
);

function client(role) {
  const typePolicies = {
    Query: { fields: { memberships: relayStylePagination(["filter", "asOf"]) } },
    Group: { fields: { seats: relayStylePagination(["filter"]) } },
  };
  return new ApolloClient({
    cache: new InMemoryCache({ possibleTypes, typePolicies }),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket(role)),
      new HttpLink({ uri: url, headers: headers(role) }),
    ),
  });
}

/** Asks for page after page until the list, as the cache has put it together, is whole. */
async function pageThrough(asker, query, variables, list) {
  await asker.query({ query, variables });
  const watched = asker.watchQuery({ query, variables });
  const subscription = watched.subscribe({});
  let pages = 1;
  for (let page = cached(); page.pageInfo.hasNextPage; page = cached(), pages += 1) {
    await watched.fetchMore({ variables: { after: page.pageInfo.endCursor } });
  }
  subscription.unsubscribe();
  whole(cached(), pages);

  function cached() {
    return list(asker.readQuery({ query, variables }));
  }
}

/** The code with which a request is refused. */
async function refusal(request) {
  const error = await request.then(
    () => assert.fail("the request was answered"),
    (error) => error,
  );
  assert.ok(CombinedGraphQLErrors.is(error), String(error));
  return error.errors[0].extensions.code;
}

test("Apollo: a list is paged to its end", async () => {
  await pageThrough(client("signed-in"), MEMBERSHIPS, { first: 40 }, (data) => data.memberships);
});

test("Apollo: a list below a group is paged to its end", async () => {
  await pageThrough(client(), GROUP_SEATS, { slug: "kommunchefgruppen", first: 3 }, (data) => data.group.seats);
});

test("Apollo: a change reaches the cache, and one that comes too late is told so", async () => {
  const asker = client("coordinator");
  const variables = { slug: GROUP_TO_CHANGE };
  const before = await asker.query({ query: GROUP, variables });
  const { input, changed, conflict } = documents.changes(before.data.group);

  const first = await asker.mutate({ mutation: UPDATE_GROUP, variables: { input } });
  assert.deepEqual(first.data.updateGroup.errors, []);
  has(asker.readQuery({ query: GROUP, variables }).group, changed);

  const second = await asker.mutate({ mutation: UPDATE_GROUP, variables: { input } });
  const { group, errors } = second.data.updateGroup;
  assert.equal(group, null);
  assert.equal(errors.length, 1);
  has(errors[0], conflict);
  assert.equal(errors[0].current.version, conflict.currentVersion);
});

test("Apollo: what others change reaches the cache", SOON, async () => {
  const asker = client("signed-in");
  const [{ id }, since] = [await group(FOLLOWED), await cursor()];
  const variables = { slug: FOLLOWED };
  await asker.query({ query: GROUP, variables });
  const event = await change(FOLLOWED);
  const following = asker.subscribe({ query: gql(CHANGED), variables: { groups: [id], since } });
  const { data, error } = await firstValueFrom(following);
  assert.ifError(error);
  assert.equal(data.changed.cursor, event.cursor);
  has(asker.readQuery({ query: GROUP, variables }).group, event.groups[0]);
});

test("Apollo: a request that is refused carries its code", async () => {
  const asker = client();
  assert.equal(await refusal(asker.query({ query: MEMBERSHIPS, variables: { first: 101 } })), "INVALID_PAGE");
  assert.equal(await refusal(asker.query({ query: gql("{ groups { nothing } }") })), "VALIDATION_FAILED");
  const variables = { input: { group: "none", expectedVersion: 1 } };
  assert.equal(await refusal(asker.mutate({ mutation: UPDATE_GROUP, variables })), "FORBIDDEN");
});
