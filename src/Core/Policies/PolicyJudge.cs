namespace ImageScan.Core.Policies;

/// <summary>
/// Says which policies an image violates, as build-time detection of StackRox does
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/detection/buildtime/detector_impl.go). The same image, policies and moment give the
/// same violations.
/// </summary>
public static class PolicyJudge
{
    /// <summary>The violated policies, worst first, each with what violates it; a policy that says nothing about builds, or is off, is passed over.</summary>
    /// <param name="image">The image.</param>
    /// <param name="policies">The policies.</param>
    /// <param name="categories">Only policies of one of these categories; none means all.</param>
    /// <param name="now">The moment by which ages are measured.</param>
    public static IReadOnlyList<PolicyViolations> Judge(JudgedImage image, PolicySet policies, IReadOnlyCollection<string> categories, DateTimeOffset now) =>
    [
        .. policies.InForce
            .Where(ready => categories.Count == 0 || ready.Policy.Categories.Any(categories.Contains))
            .Where(ready => !IsExcluded(image, ready.Policy, now))
            .Select(ready => new PolicyViolations(ready.Policy, MessagesOf(ready, image, now)))
            .Where(violated => violated.Messages.Count > 0)
            .OrderByDescending(violated => violated.Policy.Severity)
            .ThenBy(violated => violated.Policy.Name, StringComparer.Ordinal),
    ];

    // Each section's messages are sorted for themselves and follow one another.
    private static string[] MessagesOf(ReadyPolicy ready, JudgedImage image, DateTimeOffset now) =>
        [.. ready.Sections.SelectMany(section => section.MessagesOf(image, now).Distinct().Order(StringComparer.Ordinal))];

    // https://github.com/stackrox/stackrox/blob/4.5.0/pkg/detection/exclusion.go
    private static bool IsExcluded(JudgedImage image, Policy policy, DateTimeOffset now) => policy.Exclusions.Any(exclusion =>
        exclusion.Image is { } images
        && !(exclusion.Expiration < now)
        && image.FullName.StartsWith(images.Name, StringComparison.Ordinal));
}

/// <summary>A policy that an image violates.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Messages">What violates it, for people; one at least. Hostile as the image is.</param>
public sealed record PolicyViolations(Policy Policy, IReadOnlyList<string> Messages)
{
    /// <summary>Whether a build fails by it.</summary>
    public bool FailsBuild => Policy.FailsBuilds;
}
