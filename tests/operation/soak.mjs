// Long under load: the built server answers the demonstration's pages on 500 connections at four fifths of the highest rate that this
// machine brings about, with a hostile share. Nothing may fail on the server's side, and its memory must stay small and flat.
//
//   SAMVERKAN=target/release/samverkan node tests/operation/soak.mjs [MINUTES [SECONDS.csv]]
//
// The file is told of each second: what was answered, how long it took, how late this program was itself, and what the server used.
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { serve } from "../clients/support/server.js";

const CONNECTIONS = 500;
/** How long the highest rate is looked for, once the server is warm. */
const RAMP_MS = 20_000;
const SHARE = 0.8;
const HOSTILE = 0.05;
/** Sockets at once that are held and never ask anything. */
const MOST_HALF_OPEN = 100;
const SAMPLE_MS = 1_000;
/** The clock of /proc, on Linux. */
const TICKS_PER_SECOND = 100;
/** How many of the slowest seconds are told. */
const SLOWEST = 5;
const MOST_MIB = 256;
/** What the line through all samples of memory may rise by: it goes up and down by as much within minutes. */
const MOST_GROWTH_MIB = 16;

const minutes = Number(process.argv[2] ?? 15);
if (!(minutes > 0)) {
  throw new Error("the argument is a number of minutes");
}
const file = process.argv[3];

const MEMBERS = `query ($slug: String!) { group(by: { slug: $slug }) { name
  members(first: 20) { nodes { role person { name } onBehalfOf { name } contactPoints { kind text } } } } }`;
const HONEST = [
  () => asked(MEMBERS, { slug: "run" }),
  () => asked("{ groups(first: 25) { nodes { id name kind } pageInfo { hasNextPage endCursor } } }"),
  () => asked('{ search(text: "regi", first: 10) { nodes { __typename ... on Group { name } ... on Organisation { name } } } }'),
  () => asked("{ organisations(first: 50) { nodes { name kind } } }"),
  () => asked("{ memberships(first: 50) { nodes { person { name } group { name } } } }", {}, "signed-in"),
  () => ({ path: "/groups/run.vcf" }),
  () => ({ path: "/groups/run.ics" }),
];
const nested = (depth) => `{ groups { nodes { ${"parent { ".repeat(depth)}id${" }".repeat(depth)} } } }`;
const spreads = "...F ".repeat(20);
const bomb = Array.from({ length: 12 }, (_, i) => `fragment F${i} on Query { ${`...F${i + 1} `.repeat(10)} }`).join("\n");
const deep = "{ groups(first: 100) { nodes { members(first: 100) { nodes { group { members(first: 100) { nodes { id } } } } } } } }";
const HOSTILE_KINDS = {
  "deep list": () => asked(deep),
  "deep nesting": () => asked(nested(200)),
  "fragment bomb": () => asked(`{ ...F0 }\n${bomb}\nfragment F12 on Query { __typename }`),
  "fragment cycle": () => asked(`{ ${spreads} } fragment F on Query { ${spreads} }`),
  "oversize body": () => asked(`{ __typename } #${"x".repeat(2_000_000)}`),
  "bad token": () => ({ ...asked("{ viewer { signedIn } }"), authorization: "Bearer nonsense" }),
  "slow body": slowBody,
  "half-open socket": halfOpen,
};

const server = await serve();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await server.stop();
    process.exit(1);
  });
}
const { hostname, port, pathname } = new URL(server.url);
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const statuses = new Map();
let failures = 0;
let halfOpenNow = 0;
/** What happened in the second that is running. */
let second = unseen();

function unseen() {
  return { answered: 0, slowest: 0, slowestSent: 0 };
}

function asked(query, variables, role) {
  return { path: pathname, body: JSON.stringify({ query, variables }), role };
}

/** Whatever the server itself gets wrong is a failure, and so is any other answer than the one that somebody honest asked for. */
function count(kind, status) {
  const name = `${kind}: ${status}`;
  statuses.set(name, (statuses.get(name) ?? 0) + 1);
  failures += Number(status >= 500 || (kind === "honest" && status !== 200));
}

/** Sends one request and gives its status; the server may hang up on what it refuses before it has read it all. */
function send({ path, body, role, authorization = role && `Bearer ${server.tokens[role]}` }, via = agent) {
  const headers = { ...(body && { "content-type": "application/json" }), ...(authorization && { authorization }) };
  return new Promise((done) => {
    let begun = performance.now();
    const sent = request({ agent: via, hostname, port, path, method: body ? "POST" : "GET", headers }, (response) => {
      response.resume();
      response.on("close", () => {
        second.slowestSent = Math.max(second.slowestSent, performance.now() - begun);
        done(response.statusCode);
      });
    });
    // Until then it waited for one of the connections.
    sent.on("socket", () => (begun = performance.now()));
    sent.on("error", (error) => done(error.code));
    sent.end(body);
  });
}

/** Half of a body, and never the rest. */
async function slowBody() {
  const socket = connect(port, hostname);
  let answer = "";
  socket.on("data", (part) => (answer += part)).on("error", () => {});
  socket.write(`POST ${pathname} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`);
  await once(socket, "close");
  return Number(answer.split(" ")[1]) || "closed";
}

/** Half of a head, and never the rest. */
async function halfOpen() {
  if (halfOpenNow >= MOST_HALF_OPEN) {
    return "enough of them";
  }
  halfOpenNow += 1;
  const socket = connect(port, hostname);
  socket.on("error", () => {}).resume();
  socket.write("GET /graphql HTTP/1.1\r\nhost: ");
  await once(socket, "close");
  halfOpenNow -= 1;
  return "closed";
}

async function honest(latencies, since) {
  count("honest", await send(HONEST[Math.floor(Math.random() * HONEST.length)]()));
  const latency = performance.now() - since;
  latencies?.push(latency);
  second.answered += 1;
  second.slowest = Math.max(second.slowest, latency);
}

/** Hostile requests have connections of their own, so that nobody honest waits for one behind them. */
const attackers = new Agent({ keepAlive: true, maxSockets: 50 });
async function hostile() {
  const names = Object.keys(HOSTILE_KINDS);
  const kind = names[Math.floor(Math.random() * names.length)];
  const made = HOSTILE_KINDS[kind]();
  count(kind, await (made instanceof Promise ? made : send(made, attackers)));
}

/** Requests in a second when each connection asks as soon as it is answered. */
async function highestRate() {
  const until = performance.now() + RAMP_MS;
  let answered = 0;
  const one = async () => {
    while (performance.now() < until) {
      await honest();
      answered += Number(performance.now() > until - RAMP_MS / 2);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  return answered / (RAMP_MS / 2000);
}

/** Requests at this rate, whether or not they are answered. A latency counts from when the request was due. */
async function steady(rate, until, latencies) {
  const started = performance.now();
  const under = new Set();
  let sent = 0;
  while (performance.now() < until) {
    for (const due = ((performance.now() - started) * rate) / 1000; sent < due; sent += 1) {
      const work = Math.random() < HOSTILE ? hostile() : honest(latencies, started + (sent * 1000) / rate);
      under.add(work);
      work.finally(() => under.delete(work));
    }
    await sleep(5);
  }
  await Promise.race([Promise.all(under), sleep(30_000)]);
}

/** Seconds of processor that this program, the server, and all others have used, and that the machine did not get. */
async function used() {
  const { user, system } = process.cpuUsage();
  const driver = (user + system) / 1e6;
  const stat = await readFile(`/proc/${server.pid}/stat`, "utf8");
  const ofServer = stat.slice(stat.lastIndexOf(")")).split(" ").slice(12, 14);
  const [line] = (await readFile("/proc/stat", "utf8")).split("\n");
  const [normal, nice, kernel, , , interrupts, soft, stolen] = line.trim().split(/ +/).slice(1).map(Number);
  const all = (normal + nice + kernel + interrupts + soft) / TICKS_PER_SECOND;
  const served = ofServer.reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
  return { served, driver, others: all - served - driver, stolen: stolen / TICKS_PER_SECOND };
}

/** Takes a sample each second until it is stopped. */
async function sampled() {
  const samples = [];
  const loop = monitorEventLoopDelay();
  loop.enable();
  second = unseen();
  let before = await used();
  const take = async () => {
    const status = await readFile(`/proc/${server.pid}/status`, "utf8");
    const mebibytes = (name) => Number(status.match(new RegExp(`${name}:\\s+(\\d+) kB`))[1]) / 1024;
    const now = await used();
    const since = Object.entries(now).map(([who, seconds]) => [who, seconds - before[who]]);
    samples.push({
      ...second,
      late: loop.max / 1e6,
      resident: mebibytes("VmRSS"),
      anonymous: mebibytes("RssAnon"),
      ...Object.fromEntries(since),
    });
    [before, second] = [now, unseen()];
    loop.reset();
  };
  const timer = setInterval(take, SAMPLE_MS);
  return async () => {
    clearInterval(timer);
    await take();
    return samples;
  };
}

/** MiB that the line through the samples rises by from the first to the last. */
function growth(samples) {
  const middle = (samples.length - 1) / 2;
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const over = samples.reduce((sum, sample, at) => sum + (at - middle) * (sample - mean), 0);
  const under = samples.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return under ? (over / under) * (samples.length - 1) : 0;
}

function percentile(sorted, part) {
  return (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1);
}

/** Whether it was the server, this program, or another one that let somebody wait. */
function tellSlowest(samples) {
  const slowest = samples.map((sample, at) => ({ at, ...sample })).sort((one, other) => other.slowest - one.slowest);
  for (const { at, answered, slowest: wait, slowestSent, late, served, driver, others, stolen } of slowest.slice(0, SLOWEST)) {
    const processor = Object.entries({ server: served, driver, others, stolen });
    console.log(
      `second ${at}: ${answered} answered, the slowest after ${wait.toFixed(0)} ms, ${slowestSent.toFixed(0)} ms of them on a connection; ` +
        `the driver ${late.toFixed(0)} ms late; seconds of processor: ${processor.map(([who, used]) => `${who} ${used.toFixed(2)}`).join(", ")}`,
    );
  }
}

let met = false;
try {
  const highest = await highestRate();
  console.log(`highest rate: ${highest.toFixed(0)} requests in a second on ${CONNECTIONS} connections`);
  // What is turned away at the highest rate is no failure.
  statuses.clear();
  failures = 0;
  const [latencies, until] = [[], performance.now() + minutes * 60_000];
  const stop = await sampled();
  await steady(highest * SHARE, until, latencies);
  const samples = await stop();
  latencies.sort((one, other) => one - other);
  for (const [name, number] of [...statuses].sort()) {
    console.log(`${name}: ${number}`);
  }
  console.log(`honest answers: p50 ${percentile(latencies, 0.5)} ms, p99 ${percentile(latencies, 0.99)} ms`);
  tellSlowest(samples);
  const resident = samples.map((sample) => sample.resident);
  const grown = growth(resident);
  const [least, most] = [Math.min(...resident), Math.max(...resident)];
  console.log(
    `resident memory: ${least.toFixed(0)} to ${most.toFixed(0)} MiB; the line through it rises by ${grown.toFixed(1)} MiB`,
  );
  if (file) {
    const rows = samples.map((sample) => Object.values(sample).map((value) => value.toFixed(2)).join());
    await writeFile(file, `${[Object.keys(samples[0]).join(), ...rows].join("\n")}\n`);
  }
  met = failures === 0 && most < MOST_MIB && grown < MOST_GROWTH_MIB;
  console.log(met ? "The marks are met." : `MISSED: ${failures} failures; no 5xx, under ${MOST_MIB} MiB, and flat are the marks.`);
} finally {
  agent.destroy();
  attackers.destroy();
  await server.stop();
}
process.exit(met ? 0 : 1);
