// What breaks graphql-transport-ws closes the socket, with the code that the protocol has for it; and graphql-ws's client says so.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { CHANGED, group, live, SOON } from "../support/following.js";

const INIT = { type: "connection_init" };
const ASKS = { id: "1", type: "subscribe", payload: { query: "{ __typename }" } };
const FOLLOWS = { ...ASKS, payload: { query: CHANGED, variables: { groups: [(await group("run")).id] } } };

/** How a socket is closed on which this is said. */
const CODES = {
  "not JSON": [4400, "{"],
  "no message of the protocol": [4400, { type: "start" }],
  "a subscription before the greeting": [4401, ASKS],
  "a greeting with a wrong token": [4403, { ...INIT, payload: { Authorization: "Bearer nonsense" } }],
  "nothing at all": [4408],
  "two subscriptions of one id": [4409, INIT, FOLLOWS, FOLLOWS],
  "two greetings": [4429, INIT, INIT],
};

for (const [name, [code, ...said]] of Object.entries(CODES)) {
  test(`graphql-transport-ws: ${name} is ${code}`, SOON, async () => {
    const socket = new WebSocket(live, "graphql-transport-ws");
    await once(socket, "open");
    const opened = performance.now();
    said.forEach((message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)));
    const [closed] = await once(socket, "close");
    assert.equal(closed, code);
    const waited = performance.now() - opened;
    assert.ok(said.length > 0 ? waited < 2000 : waited > 2000, `after ${waited} ms`);
  });
}

test("graphql-transport-ws: another protocol is not spoken", SOON, async () => {
  const [, response] = await once(new WebSocket(live, "graphql-ws"), "unexpected-response");
  assert.equal(response.statusCode, 400);
  response.destroy();
});

test("graphql-transport-ws: an id is free again as soon as its operation is complete", SOON, async () => {
  const [socket, times] = [new WebSocket(live, "graphql-transport-ws"), 2000];
  await once(socket, "open");
  let complete = 0;
  socket.on("message", (message) => {
    const { type } = JSON.parse(message);
    complete += type === "complete" ? 1 : 0;
    if (complete === times) {
      socket.close(1000);
    } else if (type !== "next") {
      socket.send(JSON.stringify(ASKS));
    }
  });
  socket.send(JSON.stringify(INIT));
  const [closed, why] = await once(socket, "close");
  assert.deepEqual([closed, complete], [1000, times], String(why));
});

test("graphql-ws: a wrong token is told", SOON, async () => {
  const connectionParams = { Authorization: "Bearer nonsense" };
  const client = createClient({ url: live, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
  await assert.rejects(client.iterate({ query: "{ __typename }" }).next(), { code: 4403, reason: "Forbidden" });
});
