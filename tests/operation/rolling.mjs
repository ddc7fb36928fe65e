// Restarts three servers on one PostgreSQL, one after the other, while clients ask and change through a load balancer that looks at
// /health/ready. Tells what they saw, and fails if a request did or if a server took too long to end.
//
//   SAMVERKAN=target/release/samverkan SAMVERKAN_DATABASE_URL=postgres://…/an_empty_database node tests/operation/rolling.mjs [RATE]
//
// RATE is how many requests are sent in a second: 200, unless it is given. A binary that is not optimised may not keep up.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

const INSTANCES = 3;
const REQUESTS_PER_SECOND = Number(process.argv[2] ?? 200);
/** One request in so many is a change. */
const CHANGE = 50;
/** How often the load balancer looks. */
const LOOK = 200;
/** Between the restarts. */
const PAUSE = 3_000;
/** A request that takes longer has failed. */
const PATIENCE = 10_000;
/** What a server may take to end. */
const END = 10_000;
/** What part of the requests must have been sent: a client that cannot keep up proves nothing. */
const SENT = 0.9;

const READS = [
  "{ group(by: { slug: \"run\" }) { name purpose } }",
  "{ organisation(by: { slug: \"bracke\" }) { name kind } }",
  "{ groups(first: 5) { nodes { name } } }",
];
const CREATE = `mutation($input: CreatePersonInput!) {
  createPerson(input: $input) { person { id } errors { __typename } }
}`;
/** Of all whom this run enters. */
const FAMILY = "Rullgardin";

const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../..");
const { SAMVERKAN, SAMVERKAN_DATABASE_URL: database } = process.env;
if (!SAMVERKAN || !database?.startsWith("postgres")) {
  throw new Error("SAMVERKAN is to name the server's binary, and SAMVERKAN_DATABASE_URL an empty database of PostgreSQL");
}
const binary = resolve(SAMVERKAN);
// No other settings of whoever runs this.
const env = { SAMVERKAN_DATABASE_URL: database, SAMVERKAN_LOG: "samverkan=warn", SAMVERKAN_POINTS_PER_MINUTE: "off" };

const samverkan = (...args) => execFileSync(binary, args, { env, cwd: root, encoding: "utf8" }).trim();

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/** A server, on the same port each time that it is started. */
class Instance {
  ready = false;
  agent = new Agent({ keepAlive: true });

  constructor(port) {
    this.port = port;
  }

  async start() {
    const args = ["serve", "--listen", `127.0.0.1:${this.port}`];
    this.process = spawn(binary, args, { env, cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    this.ended = once(this.process, "exit");
    await Promise.race([once(this.process.stdout, "data"), this.ended]);
    this.process.stdout.resume();
  }

  /** Ends it as whoever runs it does. How long that took, and with which code. */
  async end() {
    const begun = performance.now();
    this.process.kill("SIGTERM");
    const [code] = await this.ended;
    return { code, milliseconds: performance.now() - begun };
  }

  ask(path, body, headers = {}) {
    const options = {
      agent: this.agent,
      host: "127.0.0.1",
      port: this.port,
      path,
      method: body ? "POST" : "GET",
      headers: body ? { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers } : headers,
      timeout: PATIENCE,
    };
    return new Promise((resolve, reject) => {
      const asked = request(options, (response) => {
        const parts = [];
        response.on("data", (part) => parts.push(part));
        response.on("end", () => resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() }));
        response.on("error", reject);
      });
      asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
      asked.on("error", reject);
      asked.end(body);
    });
  }

  async look() {
    this.ready = await this.ask("/health/ready").then(({ status }) => status === 200, () => false);
  }
}

/** What the clients have seen. */
const seen = { requests: 0, changes: 0, failures: [], milliseconds: [] };
let next = 0;

/** One request to whoever is next of those who are ready. It is never sent twice. */
async function send(instances, token) {
  seen.requests += 1;
  const ready = instances.filter((instance) => instance.ready);
  const begun = performance.now();
  const change = seen.requests % CHANGE === 0;
  const body = change
    ? { query: CREATE, variables: { input: { givenName: "Prov", familyName: FAMILY } } }
    : { query: READS[seen.requests % READS.length] };
  const instance = ready[next++ % ready.length];
  try {
    if (!instance) {
      throw new Error("nobody is ready");
    }
    const headers = change ? { authorization: `Bearer ${token}` } : {};
    const { status, text } = await instance.ask("/graphql", JSON.stringify(body), headers);
    const answer = JSON.parse(text);
    if (status !== 200 || answer.errors || answer.data.createPerson?.errors.length) {
      throw new Error(`${status} ${text.slice(0, 300)}`);
    }
    seen.changes += change ? 1 : 0;
    seen.milliseconds.push(performance.now() - begun);
  } catch (error) {
    seen.failures.push(`${Math.round(begun)} ms, port ${instance?.port}: ${error.code ?? ""} ${error.message}`);
  }
}

/** Sends what is due by the clock, whether or not anything has been answered, until it is told to stop. */
async function sendAll(instances, token, running) {
  const begun = performance.now();
  const pending = new Set();
  while (running.on) {
    const due = ((performance.now() - begun) / 1000) * REQUESTS_PER_SECOND;
    while (seen.requests < due) {
      const sent = send(instances, token).finally(() => pending.delete(sent));
      pending.add(sent);
    }
    await sleep(5);
  }
  await Promise.all(pending);
  return (performance.now() - begun) / 1000;
}

async function until(condition, what) {
  const begun = performance.now();
  while (!condition()) {
    if (performance.now() - begun > 30_000) {
      throw new Error(`${what} takes too long`);
    }
    await sleep(20);
  }
}

const percentile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

const instances = [];
const looking = [];
try {
  samverkan("migrate");
  const data = join(root, "data");
  const files = readdirSync(data).filter((name) => name.endsWith(".toml"));
  samverkan("load", ...[...files, "demo/demo.toml"].map((name) => join(data, name)));
  const token = samverkan("token", "--role", "administrator");
  for (let count = 0; count < INSTANCES; count += 1) {
    const instance = new Instance(await freePort());
    instances.push(instance);
    await instance.start();
    looking.push(setInterval(() => instance.look(), LOOK));
  }
  await until(() => instances.every(({ ready }) => ready), "starting");

  const running = { on: true };
  const sending = sendAll(instances, token, running);
  const ends = [];
  for (const instance of instances) {
    await sleep(PAUSE);
    ends.push(await instance.end());
    await instance.start();
    await until(() => instance.ready, "starting again");
  }
  await sleep(PAUSE);
  running.on = false;
  const seconds = await sending;

  const count = `{ people(filter: { text: "${FAMILY}" }) { totalCount } }`;
  const { text } = await instances[0].ask("/graphql", JSON.stringify({ query: count }), { authorization: `Bearer ${token}` });
  const kept = JSON.parse(text).data.people.totalCount;

  const sorted = seen.milliseconds.sort((a, b) => a - b);
  const [half, most] = [0.5, 0.99].map((part) => percentile(sorted, part).toFixed(1));
  console.log(`requests   ${seen.requests} in ${seconds.toFixed(1)} s, of which ${seen.changes} changed something; ${kept} of those are kept`);
  console.log(`failures   ${seen.failures.length}`);
  console.log(`ended      ${ends.map(({ code, milliseconds }) => `${(milliseconds / 1000).toFixed(2)} s with code ${code}`).join(", ")}`);
  console.log(`answered   within ${half} ms (p50), ${most} ms (p99)`);
  seen.failures.slice(0, 20).forEach((failure) => console.log(`  ${failure}`));

  const missed = [
    [seen.failures.length > 0, "requests failed"],
    [seen.changes === 0 || kept !== seen.changes, "changes were lost, or made twice"],
    [ends.some(({ code, milliseconds }) => code !== 0 || milliseconds > END), `a server did not end well within ${END / 1000} s`],
    [seen.requests < SENT * REQUESTS_PER_SECOND * seconds, "too few requests were sent to prove anything"],
  ].filter(([is]) => is);
  missed.forEach(([, what]) => console.error(`missed: ${what}`));
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  looking.forEach(clearInterval);
  await Promise.all(instances.map((instance) => instance.end()));
  instances.forEach(({ agent }) => agent.destroy());
}
