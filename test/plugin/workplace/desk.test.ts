import assert from "node:assert/strict";
import { Desk, isCacheOn } from "../../../plugin/workplace/workplace.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("the settings that bind", () => {
  const home = tempFolder();
  const bound = (env: Record<string, string>) =>
    new Desk(fakeApp({ home: home(), databaseHome: home(), env })).binding.length;

  onPosix(
    "paths",
    "are also those of the usual folders, where a variable leads any of ours elsewhere",
    () => {
      assert.equal(bound({}), 1);
      for (const name of ["XDG_CONFIG_HOME", "XDG_STATE_HOME"])
        assert.equal(bound({ [name]: `${home()}/elsewhere` }), 2, name);
    },
  );
});

describe("a cache", () => {
  const home = tempFolder();

  it("is off where the settings or what is in force say so", () => {
    const { workplace } = new Desk(fakeApp({ home: home() }));
    const { current } = workplace;
    assert.equal(isCacheOn({ config: {}, current }), true);
    assert.equal(isCacheOn({ config: { cache: false }, current }), false);
    assert.equal(isCacheOn({ config: {}, current: { ...current, cache: false } }), false);
  });
});
