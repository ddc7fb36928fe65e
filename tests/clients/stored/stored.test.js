// Stored documents: the manifests that graphql-codegen and relay-compiler write of a front end's documents are, as they are, what a server
// runs and nothing else; what the compilers have generated asks for them by name.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { getOperationAST, parse } from "graphql";
import { createClient as createEvents } from "graphql-sse";
import { createClient as createSocket } from "graphql-ws";
import WebSocket from "ws";
import { SOON } from "../support/following.js";
import { run } from "../support/program.js";
import { program, start } from "../support/server.js";

const folder = import.meta.dirname;
const generated = join(folder, "generated");
const MANIFESTS = {
  "graphql-codegen": join(generated, "codegen/persisted-documents.json"),
  "graphql-codegen with SHA-1": join(generated, "sha1/persisted-documents.json"),
  "relay-compiler": join(generated, "relay/documents.json"),
};
const GROUP = "barnarenan";

/** What the compilers have made. */
const compiled = (file) => createRequire(import.meta.url)(join(generated, "js", `${file}.js`));
/** The names by which generated code asks. */
const inCodegen = (name) => compiled("codegen/graphql")[`${name}Document`].__meta__.hash;
const inRelay = (name) => compiled(`relay/${name}.graphql`).default.params.id;

let server;

before(async () => {
  rmSync(generated, { recursive: true, force: true });
  mkdirSync(join(generated, "js"), { recursive: true });
  // What is compiled are not modules as those of this folder are.
  writeFileSync(join(generated, "js/package.json"), '{ "type": "commonjs" }');
  // relay-compiler wants a manifest that it can add to.
  mkdirSync(join(generated, "relay"));
  writeFileSync(MANIFESTS["relay-compiler"], "{}");
  run(folder, "graphql-codegen", "--config", "codegen.yml");
  run(folder, "relay-compiler", "relay.config.json");
  run(folder, "tsc", "--project", ".");
  server = await start({
    SAMVERKAN_STORED_DOCUMENTS: Object.values(MANIFESTS).join(),
    SAMVERKAN_ONLY_STORED_DOCUMENTS: "on",
  });
});

after(() => server?.stop());

function authorization(role) {
  return role ? { authorization: `Bearer ${server.tokens[role]}` } : {};
}

function post(request, role) {
  const headers = { "content-type": "application/json", ...authorization(role) };
  return fetch(server.url, { method: "POST", headers, body: JSON.stringify(request) });
}

function get({ documentId, variables = {} }, role, headers) {
  const parameters = new URLSearchParams({ documentId, variables: JSON.stringify(variables) });
  return fetch(`${server.url}?${parameters}`, { headers: { ...authorization(role), ...headers } });
}

/** The first answer to what has more than one. */
async function told(client, request) {
  const events = client.iterate(request);
  const { value } = await events.next();
  await events.return();
  return data(value);
}

function events(role) {
  return createEvents({ url: server.url, headers: authorization(role), retryAttempts: 0 });
}

function socket(role) {
  const url = server.url.replace(/^http/, "ws");
  return createSocket({ url, webSocketImpl: WebSocket, connectionParams: authorization(role), retryAttempts: 0 });
}

function data({ data, errors }) {
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

async function code(response) {
  const { errors } = await response.json();
  return errors[0].extensions.code;
}

/** The group's page, as the code of graphql-codegen asks for it. */
async function page() {
  const request = { documentId: inCodegen("GroupPage"), variables: { slug: GROUP, members: 3 } };
  return data(await (await post(request)).json());
}

/** Changes the group, as the code of relay-compiler does. */
async function change(group) {
  const head = await post({ documentId: inRelay("GroupPageHeadRefetch"), variables: { id: group.id } });
  const { version } = data(await head.json()).node;
  const input = { group: group.id, expectedVersion: version, purpose: `Ändrad från version ${version}` };
  const outcome = await post({ documentId: inRelay("UpdateGroupMutation"), variables: { input } }, "administrator");
  const { updateGroup } = data(await outcome.json());
  assert.deepEqual(updateGroup.errors, []);
  assert.equal(updateGroup.group.version, version + 1);
  return updateGroup.group;
}

/** What each document is asked with. */
function variables({ group, viewer }) {
  const gone = { expectedVersion: 1, until: "2027-01-01", membership: group.id };
  return {
    GroupPage: { slug: GROUP, members: 3 },
    Search: { text: "nätverk" },
    EndMembership: { input: gone },
    GroupNews: { group: group.id, since: viewer.changeCursor },
    GroupPageQuery: { slug: GROUP, members: 3 },
    GroupPageHeadRefetch: { id: group.id },
    GroupPageMembersPagination: { id: group.id, first: 3 },
    UpdateGroupMutation: { input: { group: "none", expectedVersion: 1 } },
    GroupPageSubscription: { group: group.id, since: viewer.changeCursor },
  };
}

test("stored documents: generated code asks with the names that it has", SOON, async () => {
  const { group, viewer } = await page();
  assert.equal(group.members.nodes.length, 3);
  const { version } = await change(group);
  const request = { documentId: inCodegen("GroupNews"), variables: { group: group.id, since: viewer.changeCursor } };
  const { changed } = await told(events("administrator"), request);
  assert.deepEqual(changed.groups, [{ id: group.id, name: group.name, version }]);
  assert.equal(changed.change.verb, "updateGroup");
});

for (const [compiler, file] of Object.entries(MANIFESTS)) {
  test(`stored documents: each of ${compiler} is run by its name and by its digest, however it is asked for`, SOON, async () => {
    const before = await page();
    await change(before.group);
    const asked = variables(before);
    for (const [key, text] of Object.entries(JSON.parse(readFileSync(file, "utf8")))) {
      const { name, operation } = getOperationAST(parse(text));
      const answers = [];
      for (const documentId of [key, `sha256:${createHash("sha256").update(text).digest("hex")}`]) {
        const request = { documentId, variables: asked[name.value] };
        if (operation === "subscription") {
          answers.push(await told(events("administrator"), request));
          continue;
        }
        answers.push(data(await (await post(request, "administrator")).json()));
        const byGet = await get(request, "administrator");
        if (operation === "mutation") {
          assert.equal(await code(byGet), "METHOD_NOT_ALLOWED");
        } else {
          answers.push(data(await byGet.json()));
        }
      }
      const [first, ...others] = answers;
      Object.values(first).forEach((value) => assert.ok(value, `${name.value}: ${JSON.stringify(first)}`));
      others.forEach((other) => assert.deepEqual(other, first, name.value));
    }
  });
}

test("stored documents: graphql-ws asks for them too, with the empty text that it wants beside the name", SOON, async () => {
  const { group, viewer } = await page();
  await change(group);
  const request = { documentId: inRelay("GroupPageSubscription"), variables: { group: group.id, since: viewer.changeCursor } };
  const { changed } = await told(socket("administrator"), { query: "", ...request });
  assert.equal(changed.change.verb, "updateGroup");
  const none = told(socket(), { query: "", documentId: "none" });
  await assert.rejects(none, ([{ extensions }]) => extensions.code === "UNKNOWN_DOCUMENT");
});

test("stored documents: what anybody may see may be kept for a minute", SOON, async () => {
  const request = { documentId: inCodegen("Search"), variables: { text: "nätverk" } };
  const response = await get(request);
  const answer = data(await response.json());
  assert.ok(answer.search.nodes.length > 0);
  assert.equal(response.headers.get("cache-control"), "public, max-age=60");
  const etag = response.headers.get("etag");
  assert.match(etag, /^W\/"[^"]+"$/);
  const known = await get(request, undefined, { "if-none-match": etag });
  assert.equal(known.status, 304);
  assert.equal(await known.text(), "");
  assert.equal(known.headers.get("etag"), etag);
  const other = await get({ ...request, variables: { text: "råd" } }, undefined, { "if-none-match": etag });
  assert.equal(other.status, 200);
  for (const somebodys of [await get(request, "signed-in"), await post(request)]) {
    assert.equal(somebodys.headers.get("cache-control"), "no-store");
    assert.equal(somebodys.headers.get("etag"), null);
  }
});

test("stored documents: nothing else is run", SOON, async () => {
  const query = "{ __typename }";
  assert.equal(await code(await post({ query })), "ONLY_STORED_DOCUMENTS");
  assert.equal(await code(await post({ query }, "administrator")), "ONLY_STORED_DOCUMENTS");
  // Not even what is stored, by its text.
  const [text] = Object.values(JSON.parse(readFileSync(MANIFESTS["graphql-codegen"], "utf8")));
  assert.equal(await code(await post({ query: text })), "ONLY_STORED_DOCUMENTS");
  assert.equal(await code(await fetch(`${server.url}?${new URLSearchParams({ query })}`)), "ONLY_STORED_DOCUMENTS");
  await assert.rejects(told(socket(), { query }), ([{ extensions }]) => extensions.code === "ONLY_STORED_DOCUMENTS");
  const documentId = `sha256:${createHash("sha256").update(query).digest("hex")}`;
  for (const response of [await post({ documentId }), await get({ documentId })]) {
    assert.equal(await code(response), "UNKNOWN_DOCUMENT");
    assert.equal(response.headers.get("cache-control"), "no-store");
  }
});

test("stored documents: a broken manifest stops the start, and is named", SOON, async () => {
  const env = { SAMVERKAN_DATABASE_URL: `sqlite://${join(generated, "empty.db")}` };
  const starts = (args, settings) => promisify(execFile)(program(), args, { cwd: generated, env: { ...env, ...settings }, timeout: 10_000 });
  await starts(["migrate"]);
  const whole = readFileSync(MANIFESTS["relay-compiler"], "utf8");
  const [name] = Object.keys(JSON.parse(whole));
  const broken = {
    "half.json": whole.slice(0, whole.length / 2),
    "list.json": JSON.stringify(Object.values(JSON.parse(whole))),
    "syntax.json": JSON.stringify({ [name]: "query {" }),
    "other.json": JSON.stringify({ [name]: "{ __typename }" }),
  };
  Object.entries(broken).forEach(([file, text]) => writeFileSync(join(generated, file), text));
  for (const file of [...Object.keys(broken), "missing.json"]) {
    const manifests = [MANIFESTS["relay-compiler"], file].join();
    await assert.rejects(
      starts(["serve", "--listen", "127.0.0.1:0"], { SAMVERKAN_STORED_DOCUMENTS: manifests }),
      ({ code, stderr }) => code === 1 && stderr.includes(file),
      file,
    );
  }
});
