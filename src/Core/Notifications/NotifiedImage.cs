using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Notifications;

/// <summary>An image of which something may be said.</summary>
/// <param name="Scan">The scan as it is about to be saved, or as it is.</param>
/// <param name="Names">The names under which it may be meant, the first that a rule means counts.</param>
/// <param name="IsSuppressed">Whether a finding was decided not to be shown for an image of that name.</param>
public sealed record NotifiedImage(Scan Scan, IReadOnlyList<ImageReference> Names, Func<ImageReference, ChangedFinding, bool> IsSuppressed);

/// <summary>
/// Asks what is suppressed now: whether a finding of a scan was decided not to be shown for an image of that name. Throws
/// <see cref="Storage.StorageException"/>.
/// </summary>
public delegate Task<Func<Scan, ImageReference, ChangedFinding, bool>> SuppressedFindings(CancellationToken cancellationToken);

/// <summary>The findings of a match, as answers count them: a package that lies in two folders is one.</summary>
internal sealed class FindingSet
{
    public static readonly FindingSet Empty = new([]);

    private readonly Dictionary<(string Package, string Version, string Cve), ChangedFinding> _findings;

    private FindingSet(Dictionary<(string Package, string Version, string Cve), ChangedFinding> findings) => _findings = findings;

    public IReadOnlyCollection<ChangedFinding> All => _findings.Values;

    public static FindingSet Of(MatchOutcome match)
    {
        var findings = new Dictionary<(string, string, string), ChangedFinding>();
        foreach (PackageFindings found in match.Packages)
        {
            (string name, string version) = (found.Installed.Package.Name, found.Installed.Package.Version);
            foreach (Finding finding in found.Findings)
            {
                string? fixedBy = string.IsNullOrEmpty(finding.FixedBy) ? null : finding.FixedBy;
                findings.TryAdd((name, version, finding.Cve), new ChangedFinding(finding.Cve, name, version, finding.Severity, fixedBy));
            }
        }

        return new FindingSet(findings);
    }

    public bool Has(ChangedFinding finding) => Find(finding) is not null;

    public ChangedFinding? Find(ChangedFinding finding) => _findings.GetValueOrDefault((finding.Package, finding.Version, finding.Cve));
}
