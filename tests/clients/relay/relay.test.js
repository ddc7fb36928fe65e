// Relay: its compiler takes the schema as it is, what it generates compiles strictly, and works against the server in Relay's store.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";
import relay from "relay-runtime";
import { ask } from "../support/api.js";
import { has, whole } from "../support/checks.js";
import { changes } from "../support/documents.js";
import { change, cursor, socket, SOON } from "../support/following.js";
import { run } from "../support/program.js";

const folder = import.meta.dirname;
const generated = join(folder, "generated");
const GROUP = "samverkansradet";

/** What the compilers have made of a document. */
const artifact = (name) => createRequire(import.meta.url)(`./generated/js/generated/${name}.graphql.js`).default;

before(() => {
  rmSync(generated, { recursive: true, force: true });
  mkdirSync(join(generated, "js"), { recursive: true });
  // What is compiled are not modules as those of this folder are.
  writeFileSync(join(generated, "js/package.json"), '{ "type": "commonjs" }');
  run(folder, "relay-compiler", "relay.config.json");
  run(folder, "tsc", "--project", ".");
});

function environment(role) {
  const following = socket(role);
  const network = relay.Network.create(
    ({ text }, variables) => ask({ query: text, variables }, role),
    ({ text }, variables) => relay.Observable.create((sink) => following.subscribe({ query: text, variables }, sink)),
  );
  return new relay.Environment({ network, store: new relay.Store(new relay.RecordSource()) });
}

async function page(env, members) {
  const query = artifact("GroupPageQuery");
  const { group } = await relay.fetchQuery(env, query, { slug: GROUP, members }).toPromise();
  // As long as it is retained, it stays in the store.
  env.retain(relay.createOperationDescriptor(query, { slug: GROUP, members }));
  return group;
}

/** What a component would be given of a fragment. */
function read(env, name, reference) {
  return env.lookup(relay.getSingularSelector(artifact(name), reference)).data;
}

test("Relay: a connection is paged to its end through node", async () => {
  const env = environment();
  const group = await page(env, 4);
  let pages = 1;
  for (let list = members(); list.pageInfo.hasNextPage; list = members(), pages += 1) {
    const variables = { id: group.id, first: 4, after: list.pageInfo.endCursor };
    await relay.fetchQuery(env, artifact("GroupPageMembersPagination"), variables).toPromise();
  }
  whole(members(), pages);

  function members() {
    return read(env, "GroupPageMembers", group).members;
  }
});

test("Relay: a fragment is fetched again, changed, and told of a conflict", async () => {
  const env = environment("administrator");
  const group = await page(env, 1);
  await relay.fetchQuery(env, artifact("GroupPageHeadRefetch"), { id: group.id }).toPromise();
  const { version } = read(env, "GroupPageHead", group);
  const { input, changed, conflict } = changes({ id: group.id, version });

  const first = await commit(env, input);
  assert.deepEqual(first.errors, []);
  has(read(env, "GroupPageHead", group), { version: changed.version, purpose: changed.purpose });

  const second = await commit(env, input);
  assert.equal(second.group, null);
  const { code, currentVersion } = conflict;
  has(second.errors[0], { __typename: "VersionConflict", code, currentVersion });
});

test("Relay: what others change reaches the store", SOON, async () => {
  const env = environment("signed-in");
  const group = await page(env, 1);
  const since = await cursor();
  const event = await change(GROUP);
  await new Promise((resolve, reject) => {
    const following = relay.requestSubscription(env, {
      subscription: artifact("GroupPageSubscription"),
      variables: { group: group.id, since },
      onNext(response) {
        resolve(response);
        following.dispose();
      },
      onError: reject,
    });
  });
  const [{ version, purpose }] = event.groups;
  has(read(env, "GroupPageHead", group), { version, purpose });
});

function commit(env, input) {
  return new Promise((resolve, reject) =>
    relay.commitMutation(env, {
      mutation: artifact("UpdateGroupMutation"),
      variables: { input },
      onCompleted: (response, errors) => (errors ? reject(errors) : resolve(response.updateGroup)),
      onError: reject,
    }),
  );
}
