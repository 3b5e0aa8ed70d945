using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageScan.Core.Vulnerabilities.Feeds.Photon;

/// <summary>
/// Reads Photon's CVE data, one list of entries a release, <c>cve_data_photon5.0.json</c>; <c>photon_versions.json</c> names the releases. The
/// address is the one of https://github.com/anchore/vunnel/blob/main/src/vunnel/providers/photon/parser.py; until Broadcom took over it was
/// https://packages.vmware.com/photon/photon_cve_metadata.
/// </summary>
public sealed partial class PhotonFeed : IAdvisoryFeed
{
    private const string VersionsName = "photon_versions.json";
    private const int MaxVersionsBytes = 64 * 1024;

    public FeedDescription Description { get; } = new()
    {
        Name = "photon",
        Title = "Photon OS CVE data",
        Licence = "none stated, https://packages.broadcom.com/photon/photon_cve_metadata/",
        Address = "https://packages.broadcom.com/photon/photon_cve_metadata",
    };

    public bool Recognises(string path) => DocumentName().IsMatch(path);

    public async Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        await using FeedDocument list = await source.OpenAsync(VersionsName, null, cancellationToken)
            ?? throw new FeedException($"{source.Location} has no {VersionsName}.");
        byte[] json = await FeedContent.ReadAllAsync(list.Content, MaxVersionsBytes, cancellationToken);
        var releases = new List<string>();
        await foreach (JsonPiece piece in JsonPieces.ReadAsync(new MemoryStream(json), depth: 2, cancellationToken))
        {
            if (piece.Path is ["branches", ""] && JsonTexts.Text(piece.Value) is { } release && Release().IsMatch(release))
            {
                releases.Add(release);
            }
        }

        IEnumerable<string> distinct = releases.Distinct(StringComparer.Ordinal);
        return releases.Count == 0
            ? throw new FeedException($"{VersionsName} names no release.")
            : new FeedPlan { Documents = [.. distinct.Select(release => new PlannedDocument($"cve_data_photon{release}.json"))] };
    }

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (DocumentName().Match(document.Path) is not { Success: true } name)
        {
            throw new FeedException($"{document.Path} does not say which release of Photon it is of.");
        }

        string release = name.Groups["release"].Value;
        await using Stream content = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        await foreach (JsonPiece piece in JsonPieces.ReadAsync(content, depth: 1, cancellationToken))
        {
            if (piece.Path is not [""])
            {
                throw new FeedException("It is no list of CVEs.");
            }

            if (piece.Value.ValueKind != JsonValueKind.Object)
            {
                report.AddMalformed($"Photon {release}", "has an entry that is no object");
            }
            else if (PhotonStatement.Read(piece.Value, release, report) is { } advisory)
            {
                yield return advisory;
            }
        }
    }

    [GeneratedRegex(@"(^|/)cve_data_photon(?<release>\d{1,3}\.\d{1,3})\.json(\.(gz|bz2|xz|zst))?$")]
    private static partial Regex DocumentName();

    [GeneratedRegex(@"^\d{1,3}\.\d{1,3}$")]
    private static partial Regex Release();
}
