/** Writes what every cluster begins with, as the API server's own code has it, where the doctor finds it. */
import fs from "node:fs";
import { DEFAULT_RBAC_FILE, defaultRbacText } from "./text.ts";

fs.writeFileSync(DEFAULT_RBAC_FILE, await defaultRbacText());
