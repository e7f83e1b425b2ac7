package main

import (
	"sort"

	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
)

// addDefaults adds what every cluster begins with, but for what the policy says itself by the same name.
func (p *policy) addDefaults() {
	own := map[string]bool{}
	for _, role := range p.ClusterRoles {
		own[role.Name] = true
	}
	roles := bootstrappolicy.ClusterRoles()
	for i := range roles {
		if !own[roles[i].Name] {
			p.ClusterRoles = append(p.ClusterRoles, &roles[i])
		}
	}
	bindings := bootstrappolicy.ClusterRoleBindings()
	for i := range bindings {
		p.ClusterRoleBindings = append(p.ClusterRoleBindings, &bindings[i])
	}
	for _, inNamespace := range bootstrappolicy.NamespaceRoles() {
		for i := range inNamespace {
			p.Roles = append(p.Roles, &inNamespace[i])
		}
	}
	for _, inNamespace := range bootstrappolicy.NamespaceRoleBindings() {
		for i := range inNamespace {
			p.RoleBindings = append(p.RoleBindings, &inNamespace[i])
		}
	}
}

// aggregate overwrites the rules of every ClusterRole with an aggregationRule, again and again until nothing changes, as
// the controller does: the rules of all roles that a selector takes, but its own, each rule once, by the roles' names.
// Source: kubernetes/kubernetes, pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go, syncClusterRole.
func (p *policy) aggregate() error {
	sort.Slice(p.ClusterRoles, func(i, j int) bool { return p.ClusterRoles[i].Name < p.ClusterRoles[j].Name })
	for changed := true; changed; {
		changed = false
		for _, role := range p.ClusterRoles {
			if role.AggregationRule == nil {
				continue
			}
			rules, err := p.aggregated(role)
			if err != nil {
				return err
			}
			if !equality.Semantic.DeepEqual(rules, role.Rules) {
				changed = true
			}
			role.Rules = rules
		}
	}
	return nil
}

func (p *policy) aggregated(role *rbac.ClusterRole) ([]rbac.PolicyRule, error) {
	seen := map[string]bool{}
	rules := []rbac.PolicyRule{}
	for i := range role.AggregationRule.ClusterRoleSelectors {
		selector, err := meta.LabelSelectorAsSelector(&role.AggregationRule.ClusterRoleSelectors[i])
		if err != nil {
			return nil, err
		}
		for _, other := range p.ClusterRoles {
			if other.Name == role.Name || !selector.Matches(labels.Set(other.Labels)) {
				continue
			}
			for _, rule := range other.Rules {
				if key := rule.String(); !seen[key] {
					seen[key] = true
					rules = append(rules, rule)
				}
			}
		}
	}
	return rules, nil
}
