import type { Client } from "../../evidence/evidence.ts";

/**
 * Clients that are not written with client-go: they read exec blocks in their own ways.
 * Source: plugin/KUBECTL.md, "Other clients".
 */
const OTHERS =
  /python|javascript|node|java\b|fabric8|ruby|rust|kube-rs|dotnet|c#|lens|freelens|headlamp|vscode|intellij/i;

/** Whether the client is one of client-go's, as far as its name tells; when nobody says who it is, kubectl is meant. */
export function isGoClient(client: Client | undefined): boolean {
  return client === undefined || !OTHERS.test(client.name);
}
