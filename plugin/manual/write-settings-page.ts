import { writeFileSync } from "node:fs";
import { settingsPage } from "./settings-page.ts";

/** Part of `npm run codes`: writes SETTINGS.md. A test fails when it is out of date. */

writeFileSync(new URL("../SETTINGS.md", import.meta.url), settingsPage());
