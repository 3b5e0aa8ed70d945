using ImageScan.Core.Api.Wire;
using ImageScan.Core.Policies;

namespace ImageScan.Core.Api;

/// <summary>A policy in the wire form. The enums have StackRox's numbers, so they change by number.</summary>
internal static class PolicyAnswer
{
    public static WirePolicy Of(Policy policy) => new()
    {
        Id = policy.Id,
        Name = policy.Name,
        Description = policy.Description,
        Rationale = policy.Rationale,
        Remediation = policy.Remediation,
        Disabled = policy.Disabled,
        Categories = policy.Categories,
        LifecycleStages = [.. policy.LifecycleStages.Select(stage => (WireLifecycleStage)stage)],
        Exclusions = [.. policy.Exclusions.Where(exclusion => exclusion.Image is not null).Select(ExclusionOf)],
        Severity = (WirePolicySeverity)policy.Severity,
        EnforcementActions = [.. policy.EnforcementActions.Select(action => (WireEnforcementAction)action)],
        PolicyVersion = policy.PolicyVersion,
        PolicySections = [.. policy.PolicySections.Select(section => new WirePolicySection(section.SectionName, [.. section.PolicyGroups.Select(GroupOf)]))],
        CriteriaLocked = true,
        MitreVectorsLocked = true,
        IsDefault = policy.IsDefault,
    };

    public static WireListPolicy ToListPolicy(Policy policy) => new()
    {
        Id = policy.Id,
        Name = policy.Name,
        Description = policy.Description,
        Severity = (WirePolicySeverity)policy.Severity,
        Disabled = policy.Disabled,
        LifecycleStages = [.. policy.LifecycleStages.Select(stage => (WireLifecycleStage)stage)],
        IsDefault = policy.IsDefault,
    };

    private static WireExclusion ExclusionOf(PolicyExclusion exclusion) => new()
    {
        Name = exclusion.Name,
        Image = exclusion.Image is { } images ? new WireExcludedImages(images.Name) : null,
        Expiration = exclusion.Expiration,
    };

    private static WirePolicyGroup GroupOf(PolicyGroup group) => new(
        group.FieldName, (WireBooleanOperator)group.BooleanOperator, group.Negate, [.. group.Values.Select(value => new WirePolicyValue(value.Value))]);
}
