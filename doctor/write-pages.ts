import { writeFileSync } from "node:fs";
import { pages } from "./pages.ts";

/** `npm run codes`: writes the generated files of doctor/ anew. A test says when one is out of date. */
for (const [name, text] of Object.entries(pages())) {
  writeFileSync(new URL(name, import.meta.url), text);
}
