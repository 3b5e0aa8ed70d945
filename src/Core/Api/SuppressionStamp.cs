using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;

namespace ImageScan.Core.Api;

/// <summary>
/// Writes on the vulnerabilities of an answer what has been decided about them. The stored scan has nothing of it: so what is over, or taken back, is
/// seen again with the next answer.
/// </summary>
public static class SuppressionStamp
{
    /// <summary>The image with the states of its vulnerabilities; it is looked for under the name that the answer has.</summary>
    /// <param name="image">The answer.</param>
    /// <param name="suppressions">What is suppressed.</param>
    /// <param name="now">The moment of the answer.</param>
    /// <param name="stored">What it is made from; null leaves out what VEX documents say.</param>
    public static WireImage Apply(WireImage image, SuppressionSet suppressions, DateTimeOffset now, Scan? stored = null)
    {
        ImageSuppression suppression = suppressions.For(image.Name is { } name ? ReferenceOf(name) : null, now, stored);
        return suppression.IsEmpty || image.Scan is not { } scan
            ? image
            : image with { Scan = scan with { Components = [.. scan.Components.Select(component => Stamped(component, suppression))] } };
    }

    private static ImageReference ReferenceOf(WireImageName name) => new(name.Registry, name.Remote, name.Tag, name.FullName, Digest: null);

    private static WireComponent Stamped(WireComponent component, ImageSuppression suppression) => component.Vulns.Count == 0
        ? component
        : component with { Vulns = [.. component.Vulns.Select(found => Stamped(found, suppression.Of(component.Name, component.Version, found.Cve)))] };

    private static WireVulnerability Stamped(WireVulnerability vulnerability, CveSuppression decided) => decided is { Snooze: null, State: null }
        ? vulnerability
        : vulnerability with
        {
            Suppressed = decided.Snooze is not null,
            SuppressActivation = decided.Snooze?.Activation,
            SuppressExpiry = decided.Snooze?.Expiry,
            State = StateOf(decided.State),
        };

    private static VulnerabilityState StateOf(ExceptionTarget? target) => target switch
    {
        ExceptionTarget.Deferred => VulnerabilityState.Deferred,
        ExceptionTarget.FalsePositive => VulnerabilityState.FalsePositive,
        _ => VulnerabilityState.Observed,
    };
}
