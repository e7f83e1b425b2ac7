import { awsConfigPath } from "../../token/aws/aws-paths.ts";
import { readSharedFiles, type SharedFiles } from "../../token/aws/sources/shared-files.ts";
import { vouchProfiles } from "../../token/aws/vouch-profile.ts";
import { unlessThrown } from "../../token/errors/errors.ts";
import { ourFolders } from "../../token/files/folders.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import type { CurrentSession } from "../../token/hot/current.ts";
import { kubeconfigPaths, readKubeconfigs } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { KubeconfigView } from "../../token/kubeconfig/kubeconfig-view.ts";
import { allSessions, loadCurrent } from "../../token/session/current-file.ts";
import type { App } from "../app.ts";
import { type VouchContext, vouchContexts } from "../vouch/vouch-contexts.ts";

/** Names from the files on this machine. A missing or broken file gives none, since completion reports no errors. */
export class KnownThings {
  readonly #app: App;
  readonly #kubeconfig: string | undefined;
  /** Read once: a thousand clusters take a second. */
  #view: KubeconfigView | undefined;

  /** `kubeconfig` is the file of `--kubeconfig`. */
  constructor(app: App, kubeconfig: string | undefined) {
    this.#app = app;
    this.#kubeconfig = kubeconfig;
  }

  contexts(): Candidate[] {
    const ours = new Map(this.#vouchContexts().map(({ name, stanza }) => [name, stanza]));
    return this.#fromKubeconfig(({ entries }) => [...entries.contexts.keys()]).map((value) => {
      const stanza = ours.get(value);
      return { value, describe: stanza && [stanza.clusterName, stanza.region].filter(Boolean).join(" in ") };
    });
  }

  /** Namespaces of the contexts; the clusters are not asked. */
  namespaces(): Candidate[] {
    return this.#fromKubeconfig(({ entries }) =>
      [...entries.contexts.values()].map(({ body }) => ({ value: textOf(body["namespace"]) })),
    );
  }

  clusters(): Candidate[] {
    return this.#vouchContexts().map(({ stanza }) => ({
      value: stanza.clusterName,
      describe: stanza.region,
    }));
  }

  profiles(): Candidate[] {
    const profiles = this.#awsProfiles();
    const roles = new Map(vouchProfiles(profiles).map(({ name, vouch }) => [name, vouch.role]));
    return [...profiles.keys()].map((value) => ({ value, describe: roles.get(value) }));
  }

  regions(): Candidate[] {
    const ofContexts = this.#vouchContexts().map(({ stanza }) => stanza.region);
    const ofProfiles = [...this.#awsProfiles().values()].map(({ settings }) => settings.get("region")?.value);
    return [...ofProfiles, ...ofContexts].map((region) => ({ value: textOf(region) }));
  }

  /** Of the sessions of IAM Identity Center. */
  startUrls(): Candidate[] {
    return this.#sessionSettings("sso_start_url");
  }

  /** Regions of IAM Identity Center. */
  centerRegions(): Candidate[] {
    return this.#sessionSettings("sso_region");
  }

  /** Roles of Vouch profiles and of our contexts, including those in between. */
  roles(): Candidate[] {
    const ofProfiles = vouchProfiles(this.#awsProfiles()).flatMap(({ name, vouch }) => [
      { value: vouch.role, describe: `profile ${name}` },
      ...vouch.via.map((value) => ({ value })),
    ]);
    const ofContexts = this.#vouchContexts().flatMap(({ name, stanza }) => [
      { value: textOf(stanza.source.role), describe: `context ${name}` },
      ...stanza.source.via.map((value) => ({ value })),
    ]);
    return [...ofProfiles, ...ofContexts];
  }

  servers(): Candidate[] {
    return this.#sessions().map(({ server }) => ({ value: server }));
  }

  accounts(): Candidate[] {
    return this.#sessions().map(({ server, session }) => ({ value: session.identity, describe: server }));
  }

  #awsProfiles(): SharedFiles["profiles"] {
    return unlessThrown(() => this.#awsConfig().profiles, new Map());
  }

  #sessionSettings(key: string): Candidate[] {
    const sessions = unlessThrown(() => [...this.#awsConfig().ssoSessions.values()], []);
    return sessions.map(({ name, settings }) => ({
      value: textOf(settings.get(key)?.value),
      describe: `sso-session ${name}`,
    }));
  }

  #awsConfig(): SharedFiles {
    const path = awsConfigPath(this.#app.env, this.#app.homeDir);
    return readSharedFiles({ path, text: readTextFile(path) }, { path, text: undefined });
  }

  #vouchContexts(): VouchContext[] {
    return this.#fromKubeconfig(vouchContexts);
  }

  #fromKubeconfig<T>(read: (view: KubeconfigView) => T[]): T[] {
    return unlessThrown(() => {
      this.#view ??= readKubeconfigs(kubeconfigPaths(this.#app, this.#kubeconfig));
      return read(this.#view);
    }, []);
  }

  #sessions(): readonly { readonly server: string; readonly session: CurrentSession }[] {
    return unlessThrown(() => allSessions(loadCurrent(ourFolders(this.#app).state)), []);
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A word that may be meant. */
export interface Candidate {
  readonly value: string;
  readonly describe?: string | undefined;
}

/** What can be typed in one place: these words, or the name of a file. */
export type Candidates = readonly Candidate[] | "files";
