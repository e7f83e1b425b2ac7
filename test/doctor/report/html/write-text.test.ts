import assert from "node:assert/strict";
import { el } from "../../../../doctor/report/html/node.ts";
import { htmlText } from "../../../../doctor/report/html/write-text.ts";

describe("a page as text", () => {
  it("has no markup but its own", () => {
    const text = `</p><script>alert("1")</script>&amp;'`;
    assert.equal(
      htmlText(el("p", { id: text }, text)),
      '<p id="&lt;/p&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;&#39;">&lt;/p&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;&#39;</p>',
    );
  });

  it("leaves out what is no child, and ends no element that has no end", () => {
    assert.equal(
      htmlText(el("p", {}, false, undefined, "", el("input", { type: "file" }))),
      '<p><input type="file"></p>',
    );
  });

  it("keeps an end of line at the beginning of what is shown as it is written", () => {
    assert.equal(htmlText(el("pre", {}, "\na")), "<pre>\n\na</pre>");
    assert.equal(htmlText(el("pre", {}, "a")), "<pre>a</pre>");
  });
});
