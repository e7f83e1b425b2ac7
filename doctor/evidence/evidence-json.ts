/** The JSON of AWS and Kubernetes in a bundle, as they print it; only what rules read is spelt out. */

export interface ClusterJson {
  readonly name: string;
  readonly arn?: string;
  readonly status?: string;
  readonly version?: string;
  readonly platformVersion?: string;
  readonly createdAt?: string | number;
  readonly endpoint?: string;
  readonly certificateAuthority?: { readonly data?: string };
  readonly accessConfig?: {
    readonly authenticationMode?: string;
    readonly bootstrapClusterCreatorAdminPermissions?: boolean;
  };
  readonly resourcesVpcConfig?: {
    readonly endpointPublicAccess?: boolean;
    readonly endpointPrivateAccess?: boolean;
    readonly publicAccessCidrs?: readonly string[];
    readonly clusterSecurityGroupId?: string;
    readonly vpcId?: string;
  };
  readonly health?: { readonly issues?: readonly { readonly code?: string; readonly message?: string }[] };
  readonly outpostConfig?: Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly identity?: Readonly<Record<string, unknown>>;
}

export interface AccessEntryJson {
  readonly clusterName?: string;
  readonly principalArn: string;
  readonly kubernetesGroups?: readonly string[];
  readonly username?: string;
  readonly type?: string;
  readonly createdAt?: string | number;
  readonly modifiedAt?: string | number;
}

export interface AssociatedPoliciesJson {
  readonly clusterName?: string;
  readonly principalArn: string;
  readonly associatedAccessPolicies: readonly {
    readonly policyArn: string;
    readonly accessScope: { readonly type: string; readonly namespaces?: readonly string[] };
    readonly associatedAt?: string | number;
    readonly modifiedAt?: string | number;
  }[];
}

export interface RoleJson {
  readonly Arn: string;
  readonly RoleId: string;
  readonly RoleName?: string;
  readonly Path?: string;
  readonly CreateDate: string | number;
  readonly MaxSessionDuration?: number;
  /** As AWS prints it: an object, or URL-encoded JSON. */
  readonly AssumeRolePolicyDocument?: unknown;
}

export interface ConfigMapJson {
  readonly data?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface SelfSubjectReviewJson {
  readonly status: {
    readonly userInfo: {
      readonly username?: string;
      readonly uid?: string;
      readonly groups?: readonly string[];
      readonly extra?: Readonly<Record<string, readonly string[]>>;
    };
  };
}

export interface AccessReviewJson {
  readonly spec: {
    readonly resourceAttributes?: {
      readonly verb?: string;
      readonly group?: string;
      readonly resource?: string;
      readonly subresource?: string;
      readonly namespace?: string;
      readonly name?: string;
    };
    readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  };
  readonly status: {
    readonly allowed: boolean;
    readonly denied?: boolean;
    readonly reason?: string;
    readonly evaluationError?: string;
  };
}

/** A ClusterRole, Role, ClusterRoleBinding or RoleBinding. */
export interface RbacObjectJson {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly rules?: readonly RbacRuleJson[] | null;
  readonly aggregationRule?: {
    readonly clusterRoleSelectors?: readonly { readonly matchLabels?: Readonly<Record<string, string>> }[];
  };
  readonly roleRef?: { readonly kind: string; readonly name: string; readonly apiGroup?: string };
  readonly subjects?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
    readonly apiGroup?: string;
  }[];
}

export interface RbacRuleJson {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}
