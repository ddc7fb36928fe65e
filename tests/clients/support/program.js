// Programs that npm has installed, run as from a shell.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Runs one in a folder, and fails with what it printed. */
export function run(folder, program, ...args) {
  const path = join(import.meta.dirname, "../node_modules/.bin", program);
  const { status, error, stdout, stderr } = spawnSync(path, args, { cwd: folder, encoding: "utf8" });
  assert.ok(status === 0, `${program} ${args.join(" ")}: ${error ?? status}\n${stdout}${stderr}`);
  return stdout + stderr;
}
