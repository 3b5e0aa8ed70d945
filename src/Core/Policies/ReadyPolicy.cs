using ImageScan.Core.Images;
using ImageScan.Core.Policies.Criteria;

namespace ImageScan.Core.Policies;

/// <summary>A policy that can be asked.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Sections">Its sections, any of which is enough; one at least.</param>
internal sealed record ReadyPolicy(Policy Policy, IReadOnlyList<ReadySection> Sections)
{
    /// <summary>Throws <see cref="FormatException"/> with the policy's name and what of it is not understood.</summary>
    public static ReadyPolicy Of(Policy policy)
    {
        try
        {
            return policy.PolicySections.Count == 0
                ? throw new FormatException("it has no section")
                : new ReadyPolicy(policy, [.. policy.PolicySections.Select(ReadySection.Of)]);
        }
        catch (FormatException wrong)
        {
            throw new FormatException(
                $"the policy {HostileText.Quote(policy.Name)} cannot be used: {wrong.Message}; turn it off there or by Policies__Choices", wrong);
        }
    }
}
