/** `node krew/preview.ts PAGE PICTURE BROWSER`: the picture that a chat shows of a link to doctor.html, with one of its examples. */
import path from "node:path";
import { launch } from "puppeteer-core";

const [page = "", picture = "", browser = ""] = process.argv.slice(2);
const running = await launch({ executablePath: browser, args: ["--no-sandbox"] });
try {
  const shown = await running.newPage();
  await shown.setViewport({ width: 1200, height: 630 });
  await shown.goto(`file://${path.resolve(page)}#example=entry`);
  await shown.waitForSelector("#report .verdict");
  await shown.screenshot({ path: path.resolve(picture) as `${string}.png` });
} finally {
  await running.close();
}
