import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { htmlReport } from "../../doctor/report/html/document.ts";
import { CASES, reportOn } from "../doctor/support/report-case.ts";
import { inEachBrowser } from "./support/offline-browser.ts";

/** Source: https://www.jenkins.io/doc/book/security/configuring-content-security-policy/. */
const JENKINS = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';";

const html = htmlReport(reportOn(CASES["stale"] ?? assert.fail()));

async function serve(policy: string): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer((_, response) => {
    const headers = { "content-type": "text/html", "content-security-policy": policy };
    response.writeHead(200, headers).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/report.html` };
}

inEachBrowser("a report on a CI server that allows no style and no script", (opened) => {
  it("is read, and its picture has the colors that tell what is broken", async () => {
    const { server, address } = await serve(JENKINS);
    try {
      const page = await opened().browser.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => {
        // That the policy forbids our style is no error of ours.
        if (!String(error).includes("Content-Security-Policy:")) errors.push(String(error));
      });
      await page.goto(address);
      const shown = await page.evaluate(() => ({
        width: getComputedStyle(document.body).maxWidth,
        words: document.body.textContent,
        circles: [...document.querySelectorAll("circle")].map((circle) => ({
          written: circle.getAttribute("fill"),
          drawn: getComputedStyle(circle).fill,
          stroke: getComputedStyle(circle).stroke,
        })),
        names: [...document.querySelectorAll("svg text")].map((text) => getComputedStyle(text).fill),
      }));
      assert.equal(shown.width, "none", "the policy forbids our style");
      assert.match(shown.words, /Certain · .*E3/);
      assert.match(shown.words, /kubeconfig: works/);
      const colors = new Set(shown.circles.map(({ written, drawn }) => `${written} ${drawn}`));
      assert.deepEqual([...colors].toSorted(), [
        "#1a7f37 rgb(26, 127, 55)",
        "#d1242f rgb(209, 36, 47)",
        "none none",
      ]);
      assert.ok(shown.circles.every(({ stroke }) => stroke !== "none"));
      assert.ok(shown.names.every((fill) => /^rgb\(/.test(fill)));
      assert.deepEqual(errors, []);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
