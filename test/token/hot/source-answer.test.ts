import assert from "node:assert/strict";
import { VERSION } from "../../../token/hot/version.ts";
import type { HotWorld } from "../../support/hot-case.ts";
import { inProcess } from "../../support/hot-runs.ts";
import { onPosix } from "../../support/platform.ts";
import { layOutSource, SOURCE_CASES, SOURCE_TOKEN } from "../../support/source-cases.ts";
import { ON_DISK, tempFolder } from "../../support/temp-folder.ts";

const WORLD: HotWorld = { noon: Date.parse("2026-01-15T12:00:00Z"), parentId: 100, version: VERSION };

const ANSWER =
  `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",` +
  `"status":{"expirationTimestamp":"2026-01-15T12:10:00Z","token":"${SOURCE_TOKEN}"}}\n`;

describe("the warm answer by an AWS profile", () => {
  const root = tempFolder(ON_DISK);

  for (const sourceCase of SOURCE_CASES) {
    const title = `${sourceCase.answers ? "answers" : "leaves to the full program"}: ${sourceCase.name}`;
    const test = () => {
      const result = inProcess(layOutSource(root(), sourceCase, WORLD));
      assert.deepEqual(result, {
        answered: sourceCase.answers,
        printed: sourceCase.answers ? ANSWER : "",
      });
    };
    if (/\b(?:pipe|links?|projects)\b/.test(sourceCase.name)) onPosix("links", title, test);
    else if (/^AWS_\w+ (?:as|of)/.test(sourceCase.name)) onPosix("paths", title, test);
    else it(title, test);
  }

  it("has a name of its own for every case of the table", () => {
    assert.equal(new Set(SOURCE_CASES.map(({ name }) => name)).size, SOURCE_CASES.length);
  });
});
