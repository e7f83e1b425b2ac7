/** Writes the page to standard output; what it is made of comes on standard input, as JSON. */
import fs from "node:fs";
import { type PageParts, pageText } from "./shell.ts";

fs.writeSync(1, pageText(JSON.parse(fs.readFileSync(0, "utf8")) as PageParts));
