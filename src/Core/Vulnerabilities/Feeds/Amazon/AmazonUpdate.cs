using System.Text.RegularExpressions;

namespace ImageScan.Core.Vulnerabilities.Feeds.Amazon;

/// <summary>A package of an update.</summary>
/// <param name="Name">Its own name.</param>
/// <param name="Version">Epoch (if it has one), version and release.</param>
/// <param name="Architecture">As rpm writes it.</param>
internal sealed record AmazonPackage(string Name, string Version, string Architecture);

/// <summary>What has been read of an update.</summary>
internal sealed partial class AmazonUpdate
{
    public string Type { get; set; } = "";

    /// <summary><c>ALAS2023-2023-001</c>.</summary>
    public string Id { get; set; } = "";

    public string Title { get; set; } = "";

    public string Severity { get; set; } = "";

    public DateTimeOffset? Issued { get; set; }

    public DateTimeOffset? Updated { get; set; }

    public List<string> Cves { get; } = [];

    /// <summary>What its packages belong to: <c>amazon-linux-2---kernel-5.15</c>.</summary>
    public string Collection { get; set; } = "";

    public List<AmazonPackage> Packages { get; } = [];

    /// <summary>What is malformed in it; null if nothing is.</summary>
    public string? Problem { get; set; }

    /// <summary>The advisory; null if there is none in it, which the report then tells.</summary>
    public Advisory? ToAdvisory(string label, FeedReport report)
    {
        if (AdvisoryId().Match(Id) is not { Success: true } id || CollectionName().Match(Collection) is not { Success: true } collection)
        {
            report.AddMalformed(label, "is no advisory of Amazon Linux");
            return null;
        }

        if (Type != "security")
        {
            report.AddSkipped("about no security");
            return null;
        }

        // The first one calls itself Amazon Linux AMI; 2018.03 is the release that all its images are of.
        string release = collection.Groups["release"].Value is var number && number == "ami" ? "2018.03" : number;
        return new Advisory
        {
            Id = Id,
            Modified = Updated ?? Issued ?? default,
            Published = Issued,
            Authority = AdvisoryAuthority.Vendor,
            Upstream = [.. Cves.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Summary = FeedSummary.OnOneLine(Title),
            SeverityWord = Severity.Length is > 0 and <= 64 ? Severity : null,
            Link = Link(release, id.Groups["rest"].Value),
            Affected = Affected(
                new OsvEcosystem("Amazon Linux", release), collection.Groups["repository"] is { Success: true } part ? part.Value : NewerKernel()),
        };
    }

    // Amazon Linux 2023 has kernels besides its first. In some advisories on them, packages such as bpftool bear the same name as those of the
    // first, whose versions they must not be held against (https://alas.aws.amazon.com/AL2023/ALAS-2025-935.html); later ones add 6.12 to the name.
    private string? NewerKernel() => Packages.Select(package => package.Name).FirstOrDefault(name => KernelName().IsMatch(name));

    // One entry for all architectures with the same version. Packages of noarch are always meant, sources never installed.
    private AffectedPackage[] Affected(OsvEcosystem ecosystem, string? repository) =>
    [
        .. Packages.Where(package => package.Architecture != "src")
            .GroupBy(package => package with { Architecture = "" }, package => package.Architecture)
            .Select(group => new AffectedPackage
            {
                Ecosystem = ecosystem,
                Name = group.Key.Name,
                NameKind = PackageNameKind.Own,
                Ranges = [StatedRange.Before(group.Key.Version)],
                Architectures = [.. group.Where(architecture => architecture != "noarch").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Repository = repository,
                FixedOn = Issued,
            }),
    ];

    // Pages are named without the release: https://alas.aws.amazon.com/AL2/ALASKERNEL-5.15-2022-001.html is ALAS2KERNEL-5.15-2022-001.
    private static string Link(string release, string rest) =>
        $"https://alas.aws.amazon.com/{(release == "2018.03" ? "" : $"AL{release}/")}ALAS{Uri.EscapeDataString(rest)}.html";

    [GeneratedRegex(@"^ALAS(2023|2022|2)?(?<rest>[A-Za-z][A-Za-z0-9._+-]*-\d{4}-\d{1,6}|-\d{4}-\d{1,6})$")]
    private static partial Regex AdvisoryId();

    [GeneratedRegex(@"^kernel\d{1,3}\.\d{1,3}$")]
    private static partial Regex KernelName();

    [GeneratedRegex(@"^amazon-linux-(?<release>ami|2|2022|2023)(---(?<repository>[a-z0-9._+-]{1,64}))?$")]
    private static partial Regex CollectionName();
}
