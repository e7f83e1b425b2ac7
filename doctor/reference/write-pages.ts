import { writeFileSync } from "node:fs";
import { allRulesText } from "./all-rules.ts";

/** `npm run codes`: writes the generated files of doctor/. A test fails when one is out of date. */
const write = (name: string, text: string) => writeFileSync(new URL(`../${name}`, import.meta.url), text);

write("causes/all.ts", allRulesText());
const { pages } = await import("./pages.ts");
for (const [name, text] of Object.entries(pages())) write(name, text);
