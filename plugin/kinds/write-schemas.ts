import { writeFileSync } from "node:fs";
import { schemaFiles } from "./schema-files.ts";

/** Part of `npm run codes`: writes plugin/schemas/. A test fails when a file is out of date. */
for (const [name, text] of Object.entries(schemaFiles()))
  writeFileSync(new URL(`../schemas/${name}`, import.meta.url), text);
