/** Writes the page to standard output; what it is made of comes on standard input, as JSON. */
import { text } from "node:stream/consumers";
import { type PageParts, pageText } from "./shell.ts";

process.stdout.write(pageText(JSON.parse(await text(process.stdin)) as PageParts));
