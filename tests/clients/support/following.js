// Following changes: the subscription, changes to be told of, and graphql-ws's client for the clients that subscribe with it.
import assert from "node:assert/strict";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { ask, headers, url } from "./api.js";
import { changes, GROUP, UPDATE_GROUP } from "./documents.js";

export const CHANGED = /* GraphQL */ `
  subscription Changed($groups: [ID!], $since: ID) {
    changed(groups: $groups, since: $since) {
      cursor
      groups {
        id
        purpose
        version
      }
      subject {
        __typename
        id
      }
      change {
        id
        verb
      }
    }
  }
`;

/** What is to be told comes soon; a test that waits in vain fails. */
export const SOON = { timeout: 20_000 };

/** Where sockets are opened. */
export const live = url.replace(/^http/, "ws");

/** Somebody's socket, which is open as long as something is asked over it. */
export function socket(role) {
  const { authorization } = headers(role);
  const connectionParams = authorization && { Authorization: authorization };
  return createClient({ url: live, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
}

/** Where the order of changes has come to. */
export async function cursor() {
  const { data } = await ask({ query: "{ viewer { changeCursor } }" });
  return data.viewer.changeCursor;
}

/** A group as it is. */
export async function group(slug) {
  const { data } = await ask({ query: GROUP, variables: { slug } });
  return data.group;
}

/** Changes a group, and gives the event that tells of it to who may read the trail. */
export async function change(slug) {
  const { input } = changes(await group(slug));
  const { data } = await ask({ query: UPDATE_GROUP, variables: { input } }, "administrator");
  const payload = data.updateGroup;
  assert.deepEqual(payload.errors, []);
  return {
    cursor: payload.change.id,
    groups: [payload.group],
    subject: { __typename: "Group", id: payload.group.id },
    change: { id: payload.change.id, verb: "updateGroup" },
  };
}

/** The next event of a subscription. */
export async function next(events) {
  const { value, done } = await events.next();
  assert.ok(!done, "it has ended");
  assert.equal(value.errors, undefined, JSON.stringify(value.errors));
  return value.data.changed;
}
