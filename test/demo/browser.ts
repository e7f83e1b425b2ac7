/** `node browser.ts ADDRESS`: opens a page as a browser would, follows where it leads, and approves by that. */
import fs from "node:fs";
import { fetched } from "../token/aws/identity-center/center-lab.ts";

/** The page, where it leads, Identity Center's own page, and back. */
const MOST_PAGES = 5;

const ca = fs.readFileSync(process.env["AWS_CA_BUNDLE"] ?? "", "utf8");
let address = process.argv[2];
for (let page = 0; address !== undefined && page < MOST_PAGES; page += 1)
  address = (await fetched(address, ca)).headers.location;
