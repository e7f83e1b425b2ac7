import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { onPosix } from "./support/platform.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** What writes Markdown or code of a shell, where a backtick is theirs; words of our own help; and the renderer. */
const OTHERS =
  /^(?:doctor\/(?:reference\/|evidence\/(?:schema\/|part\.ts$))|doctor\/derive\/kubeconfig\/command-words\.ts$|doctor\/report\/pen\.ts$|plugin\/commands\/completion\/scripts\.ts$|plugin\/help\/topics\.ts$|plugin\/kinds\/schema-files\.ts$|plugin\/manual\/|plugin\/command-line\/(?:read-options|usage-error)\.ts$|token\/command\/sentence\.ts$)/;

/**
 * A command in a sentence comes from the renderer. One with a value in it would stand in a template, between escaped
 * backticks; one without is a plain string, and says the same for everybody.
 */
describe("sentences with commands", () => {
  onPosix("paths", "are never put together by hand where a value is in them", () => {
    const files = ["token", "doctor", "plugin"].flatMap((folder) =>
      fs
        .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .map((file) => path.posix.join(folder, file)),
    );
    const found = files
      .filter((file) => file.endsWith(".ts") && !OTHERS.test(file))
      .flatMap((file) => {
        const lines = fs.readFileSync(path.join(ROOT, file), "utf8").split("\n");
        return lines.flatMap((line, index) =>
          line.includes("\\`") ? [`${file}:${index + 1}: ${line.trim()}`] : [],
        );
      });
    assert.deepEqual(found, []);
    assert.ok(files.length > 300);
  });
});
