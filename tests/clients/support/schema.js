// The committed schema, which is the one that the server prints.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema } from "graphql";

export const file = join(import.meta.dirname, "../../../schema.graphql");
export const sdl = readFileSync(file, "utf8");
export const schema = buildSchema(sdl);
