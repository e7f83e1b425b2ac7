import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { onPosix } from "./support/platform.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Every way in which JavaScript of Node starts a program, or gets at what starts one. */
const STARTING =
  /child_process|getBuiltinModule\((?!"node:(?:fs|buffer|os|tty)"\))|createRequire|process\.binding|node:(?:cluster|vm|worker_threads)|dlopen/;

/**
 * `ps` and `stty` by their absolute paths, on macOS, to see how kubectl was called and to hide a PIN; the runner that obeys the
 * person's policy, that of `exec`, and the browser. Our own helper for webauthn.dll is no program of others, but is started here
 * all the same.
 */
const ALLOWED = [
  "plugin/programs/browser.ts",
  "plugin/programs/foreground-runner.ts",
  "plugin/programs/run-program.ts",
  "plugin/programs/webauthn-helper.ts",
  "plugin/terminal/hide-typing.ts",
  "token/mint/asking-process.ts",
];

describe("programs of others", () => {
  onPosix("paths", "are started in these places alone, whatever way there is to start them", () => {
    const files = ["doctor", "plugin", "token"].flatMap((folder) =>
      fs
        .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => path.join(folder, file)),
    );
    const starting = files.filter((file) => STARTING.test(fs.readFileSync(path.join(ROOT, file), "utf8")));
    assert.deepEqual(starting.sort(), ALLOWED);
  });
});
