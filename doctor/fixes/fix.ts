import type { Command } from "../../token/command/command.ts";
import type { Sentence } from "../../token/command/sentence.ts";
import type { BindingSubject } from "../derive/authorization/service-account.ts";
import type { EksTarget } from "../derive/target/eks-target.ts";

/** Who can carry a fix out. */
export type Audience = "you" | "cluster-admin" | "iam-admin";

/** One way to put it right. */
export interface Fix {
  readonly audience: Audience;
  /** One sentence: what it does. */
  readonly description: Sentence;
  /** In their order, as data; none where the description is all that can be said. */
  readonly actions?: readonly Action[];
}

/** A fix for whoever asks. */
export function forYou(description: Sentence, ...actions: readonly Action[]): Fix {
  return { audience: "you", description, ...(actions.length === 0 ? {} : { actions }) };
}

export function forClusterAdmin(description: Sentence, ...actions: readonly Action[]): Fix {
  return { ...forYou(description, ...actions), audience: "cluster-admin" };
}

export function forIamAdmin(description: Sentence, ...actions: readonly Action[]): Fix {
  return { ...forYou(description, ...actions), audience: "iam-admin" };
}

/** What a fix does: something that several tools can do, any command, or a text to save or to follow. */
export type Action =
  | Command
  | SetAuthenticationMode
  | CreateAccessEntry
  | AssociateAccessPolicy
  | DeleteAccessEntry
  | CreateBinding
  | SetupEks
  | SetExec
  | Document;

/**
 * Changes the authentication mode and waits until it is in force.
 * Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
export interface SetAuthenticationMode {
  readonly kind: "set-authentication-mode";
  readonly target: EksTarget;
  readonly authenticationMode: string;
}

export interface CreateAccessEntry {
  readonly kind: "create-access-entry";
  readonly target: EksTarget;
  readonly principalArn: string;
  readonly groups: readonly string[];
  readonly username: string | undefined;
  readonly type: string | undefined;
}

/** Associates a policy; the scope given replaces the one there was. Source: doctor/EKS-ACCESS.md, "Access scope". */
export interface AssociateAccessPolicy {
  readonly kind: "associate-access-policy";
  readonly target: EksTarget;
  readonly principalArn: string;
  readonly policyArn: string;
  readonly scope: AccessScope;
}

export interface AccessScope {
  readonly type: string;
  readonly namespaces?: readonly string[];
}

export interface DeleteAccessEntry {
  readonly kind: "delete-access-entry";
  readonly target: EksTarget;
  readonly principalArn: string;
}

/** Creates a RoleBinding, or a ClusterRoleBinding where there is no namespace. */
export interface CreateBinding {
  readonly kind: "create-binding";
  readonly name: string;
  readonly role: { readonly kind: string; readonly name: string };
  readonly subject: BindingSubject;
  readonly namespace: string | undefined;
}

/** Recreates a context with `kubectl vouch setup eks`. What is undefined nobody knows; a person must fill it in. */
export interface SetupEks {
  readonly kind: "setup-eks";
  readonly cluster: string | undefined;
  readonly region: string | undefined;
  readonly role: string | undefined;
  readonly via: readonly string[];
  readonly server: string | undefined;
  /** The AWS profile of a context that is not by Vouch. */
  readonly profile: string | undefined;
  /** True: it is by whatever AWS credentials the caller has. */
  readonly isAmbient: boolean;
  /** The context that is meant, where setup cannot tell by itself that it is the cluster's. */
  readonly contextName?: string | undefined;
}

/** Sets fields of a user's exec block, which is made where there is none; all other fields stay. */
export interface SetExec {
  readonly kind: "set-exec";
  /** Name of the user entry. */
  readonly user: string;
  readonly fields: ExecFields;
}

export interface ExecFields {
  readonly apiVersion?: string;
  readonly command?: string;
  /** All of them. */
  readonly args?: readonly string[];
  /** Variables to set, or to remove where the value is undefined. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly interactiveMode?: string;
  readonly provideClusterInfo?: true;
}

/** A manifest to apply, an excerpt to put into a file, or an address to read. */
export interface Document {
  readonly kind: "document";
  readonly text: string;
}

export function documentOf(text: string): Document {
  return { kind: "document", text };
}
