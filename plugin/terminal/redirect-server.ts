import { randomBytes } from "node:crypto";
import { BROWSER_HEADERS, serveBrowser } from "../../token/net/browser-server.ts";

/** How long a browser may take to start, in milliseconds. */
const START_MS = 2 * 60 * 1000;

/**
 * An address on this machine that leads the first browser of this user that opens it to `address`, but no other user: `address` has
 * a secret that must not stand in the words of a program, which anybody on the machine can read. Good for two minutes; does not
 * keep this process alive.
 */
export async function redirectTo(address: string): Promise<string> {
  const path = `/${randomBytes(32).toString("base64url")}`;
  const { server, host } = await serveBrowser(
    ({ method, url }) => (method === "GET" && url === path ? address : undefined),
    (response, { brought: location }) => {
      if (location === undefined) {
        response.writeHead(404, BROWSER_HEADERS).end("Run the command again.\n");
        return;
      }
      response.writeHead(302, { ...BROWSER_HEADERS, location }).end();
      server.close();
    },
  );
  server.unref();
  setTimeout(() => server.close(), START_MS).unref();
  return `http://${host}${path}`;
}
