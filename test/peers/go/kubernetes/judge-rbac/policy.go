package main

import (
	"sort"

	rbac "k8s.io/api/rbac/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
)

// addDefaults adds what every cluster begins with, but for what the policy says itself by the same name, and but for the
// roles of the controllers, which are nobody else's.
func (p *policy) addDefaults() {
	p.ClusterRoles = withMissing(p.ClusterRoles, bootstrappolicy.ClusterRoles())
	p.ClusterRoleBindings = withMissing(p.ClusterRoleBindings, bootstrappolicy.ClusterRoleBindings())
	for _, inNamespace := range bootstrappolicy.NamespaceRoles() {
		p.Roles = withMissing(p.Roles, inNamespace)
	}
	for _, inNamespace := range bootstrappolicy.NamespaceRoleBindings() {
		p.RoleBindings = withMissing(p.RoleBindings, inNamespace)
	}
}

func withMissing[T any, P interface {
	*T
	meta.Object
}](own []P, defaults []T) []P {
	names := map[string]bool{}
	for _, object := range own {
		names[object.GetNamespace()+"/"+object.GetName()] = true
	}
	for i := range defaults {
		object := P(&defaults[i])
		if !names[object.GetNamespace()+"/"+object.GetName()] {
			own = append(own, object)
		}
	}
	return own
}

// aggregate writes the rules of every ClusterRole with an aggregationRule, again and again until nothing changes, as the
// controller does: the rules of all roles that a selector takes, but its own, each rule once, by the roles' names. It
// applies them on the server's side, so that rules of others stay until it has some to write over them. Where roles take in
// each other, the controller turns their rules' order round for ever; here the same rules in any order are no change.
// Source: kubernetes/kubernetes, pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go, syncClusterRole.
func (p *policy) aggregate() error {
	sort.Slice(p.ClusterRoles, func(i, j int) bool { return p.ClusterRoles[i].Name < p.ClusterRoles[j].Name })
	written := map[string]bool{}
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
			if keysOf(rules).Equal(keysOf(role.Rules)) || (len(rules) == 0 && !written[role.Name]) {
				continue
			}
			role.Rules, written[role.Name], changed = rules, true, true
		}
	}
	return nil
}

func keysOf(rules []rbac.PolicyRule) sets.Set[string] {
	keys := sets.New[string]()
	for _, rule := range rules {
		keys.Insert(rule.String())
	}
	return keys
}

func (p *policy) aggregated(role *rbac.ClusterRole) ([]rbac.PolicyRule, error) {
	seen := sets.New[string]()
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
				if key := rule.String(); !seen.Has(key) {
					seen.Insert(key)
					rules = append(rules, rule)
				}
			}
		}
	}
	return rules, nil
}
