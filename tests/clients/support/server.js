// A demonstration server of its own, in a folder that goes when it stops; or one that runs already.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** Who asks: what `samverkan token` is told. Nobody is the public. */
const ROLES = {
  administrator: ["--role", "administrator"],
  auditor: ["--role", "auditor"],
  coordinator: ["--role", "coordinator", "--group", "vard-och-omsorgscollege"],
  representative: ["--role", "representative", "--organisation", "bracke"],
  "signed-in": ["--role", "signed-in"],
};

/** The server's address, a token for each role, its process, and how to stop it. */
export async function serve() {
  return process.env.CLIENTS_URL ? running(process.env.CLIENTS_URL) : start();
}

/** The server's program. */
export function program() {
  const binary = process.env.SAMVERKAN;
  if (!binary) {
    throw new Error("SAMVERKAN is to name the server's binary, such as SAMVERKAN=../../target/debug/samverkan");
  }
  return resolve(binary);
}

/** A server that somebody else started, whose database SAMVERKAN_DATABASE_URL names; its data is changed. */
async function running(url) {
  return { url, tokens: await tokensOf({ env: process.env }), stop: async () => {} };
}

/** A server that is started, perhaps with settings of its own. */
export async function start(settings) {
  const folder = await mkdtemp(join(tmpdir(), "samverkan-clients-"));
  // Settings of whoever runs this are kept out: those of the environment, and a samverkan.toml in the working directory.
  const env = {
    SAMVERKAN_DATABASE_URL: `sqlite://${join(folder, "demo.db")}`,
    SAMVERKAN_LOG: "warn",
    // Nobody asks as much in a minute as thousands of random operations come to.
    SAMVERKAN_POINTS_PER_MINUTE: "off",
    ...settings,
  };
  const options = { cwd: folder, env };
  const child = spawn(program(), ["serve", "--demo", "--listen", "127.0.0.1:0"], {
    ...options,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = async () => {
    const over = child.exitCode !== null || child.signalCode !== null;
    if (!over && child.kill()) {
      await once(child, "exit");
    }
    await rm(folder, { recursive: true });
  };
  try {
    await once(child, "spawn");
    const url = await address(child);
    return { url, tokens: await tokensOf(options), pid: child.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the server prints once it listens. */
async function address(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = line.match(/http:\S+\/graphql$/) ?? [];
    if (url) {
      child.stdout.resume();
      return url;
    }
  }
  throw new Error("the server ended before it listened");
}

async function tokensOf(options) {
  const tokens = {};
  for (const [role, args] of Object.entries(ROLES)) {
    const { stdout } = await promisify(execFile)(program(), ["token", ...args], options);
    tokens[role] = stdout.trim();
  }
  return tokens;
}
