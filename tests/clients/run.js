// Runs the tests of this folder, all of them or the files that are named, against one server.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { program, serve } from "./support/server.js";

const server = await serve();
let status = 1;
try {
  const tests = spawn(process.execPath, ["--test", "--test-reporter=spec", ...process.argv.slice(2)], {
    cwd: import.meta.dirname,
    env: {
      ...process.env,
      SAMVERKAN: program(),
      CLIENTS_SERVER: JSON.stringify({ url: server.url, tokens: server.tokens }),
    },
    stdio: "inherit",
  });
  // The terminal tells the tests of Ctrl-C as well; they end, and then the server is stopped.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => tests.kill());
  [status] = await once(tests, "exit");
} finally {
  await server.stop();
}
process.exitCode = status ?? 1;
