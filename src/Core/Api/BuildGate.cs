using System.Globalization;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Policies;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Signing;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Api;

/// <summary>
/// Holds images against the policies. What it looks at is the answer to a scan, so nothing counts that the answer does not show: not what is
/// snoozed, deferred or a false positive (https://github.com/stackrox/stackrox/blob/4.5.0/central/detection/service/service_impl.go). Throws
/// <see cref="StorageException"/> where it is not known whose signatures are trusted.
/// </summary>
public sealed class BuildGate(PolicySet policies, SignatureIntegrations integrations, TimeProvider time)
{
    /// <summary>Says whether a build may go on.</summary>
    public const string VerdictHeader = "X-Gate-Verdict";

    /// <summary>Says how many policies are violated, also those by which no build fails.</summary>
    public const string AlertsHeader = "X-Gate-Alerts";

    /// <summary>Throws <see cref="ApiException"/> with code 3 if no policy has one of the categories.</summary>
    public void EnsureCategories(IReadOnlyList<string> categories)
    {
        if (policies.UnknownOf(categories) is [_, ..] unknown)
        {
            throw Refusals.CategoriesUnknown(unknown);
        }
    }

    /// <summary>The policies that a scanned image violates, worst first.</summary>
    /// <param name="image">What is answered of it; snoozed vulnerabilities may be in it.</param>
    /// <param name="scan">Its scan.</param>
    /// <param name="categories">Only policies of these; none means all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<PolicyViolations>> JudgeAsync(
        WireImage image, Scan scan, IReadOnlyList<string> categories, CancellationToken cancellationToken) =>
        await JudgeAsync(JudgedImages.Of(image, scan), categories, cancellationToken);

    /// <summary>The policies that an image violates by its name alone, which was not scanned.</summary>
    public async Task<IReadOnlyList<PolicyViolations>> JudgeAsync(
        ImageReference unscanned, IReadOnlyList<string> categories, CancellationToken cancellationToken) =>
        await JudgeAsync(JudgedImages.Of(unscanned), categories, cancellationToken);

    /// <summary>The alerts for what is violated.</summary>
    public WireBuildDetection AlertsOf(IReadOnlyList<PolicyViolations> violated, WireContainerImage image)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new WireBuildDetection([.. violated.Select(violations => AlertAnswer.Of(violations, image, now))]);
    }

    /// <summary>The answer with the verdict in its headers.</summary>
    public static ApiResult WithVerdict(ApiResult answer, IReadOnlyList<PolicyViolations> violated) => answer
        .With(VerdictHeader, violated.Any(violations => violations.FailsBuild) ? "fail" : "pass")
        .With(AlertsHeader, violated.Count.ToString(CultureInfo.InvariantCulture));

    // An image that nobody has signed has no results, and looks as if nobody were trusted.
    private async Task<IReadOnlyList<PolicyViolations>> JudgeAsync(
        JudgedImage image, IReadOnlyList<string> categories, CancellationToken cancellationToken)
    {
        TrustedIntegrations signers = await integrations.CurrentAsync(cancellationToken);
        return PolicyJudge.Judge(image with { HasSignatureIntegrations = signers.Integrations.Count > 0 }, policies, categories, time.GetUtcNow());
    }
}
