import assert from "node:assert/strict";
import { MESSAGE_FORMS, messageAs } from "../../../doctor/browser/message-forms.ts";

const MESSAGE = "I cannot work on EKS cluster lab.\n  kubectl vouch doctor --evidence case.json\n";

describe("a message to copy", () => {
  it("is the text itself, or a block that shows it as it is", () => {
    assert.equal(messageAs("plain", MESSAGE), MESSAGE.trimEnd());
    assert.equal(messageAs("slack", MESSAGE), `\`\`\`\n${MESSAGE}\`\`\`\n`);
    assert.equal(messageAs("jira", MESSAGE), `{noformat}\n${MESSAGE}{noformat}\n`);
    assert.match(
      messageAs("github", MESSAGE),
      /<details><summary>.*<\/summary>\n\n```text\nI cannot[\s\S]*case\.json\n```\n\n<\/details>\n$/,
    );
  });

  it("ends its block nowhere but at its end, whatever names are in it", () => {
    const hostile = "a ``` b ```` c {noformat} @everyone </details> <img src=x>";
    assert.equal(messageAs("slack", hostile).split("```").length, 3);
    assert.equal(messageAs("jira", hostile).split("{noformat}").length, 3);
    const lines = messageAs("github", hostile).split("\n");
    assert.equal(lines.filter((line) => line.startsWith("`````")).length, 2);
    assert.equal(lines[lines.indexOf("`````text") + 1], hostile);
  });

  it("has every form that the page offers", () => {
    for (const form of MESSAGE_FORMS) assert.match(messageAs(form, MESSAGE), /case\.json/);
  });
});
