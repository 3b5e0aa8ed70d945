using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>When CVEs were first seen: in an image, which its content says, and in any image of its operating system.</summary>
internal sealed class SeenCves(StorageAccount account)
{
    private readonly FirstOccurrences _systems = new(account);

    /// <summary>The CVEs of a scan.</summary>
    public static string[] Of(Scan scan) =>
        [.. scan.Match.Packages.SelectMany(package => package.Findings).Select(finding => finding.Cve).Distinct(StringComparer.Ordinal)];

    /// <summary>The scan with the times at which its CVEs were first seen under its operating system; those that never were are seen now.</summary>
    public async Task<Scan> WithFirstInSystemAsync(Scan scan, string[] cves, DateTimeOffset now, CancellationToken cancellationToken) =>
        scan with { FirstInSystem = await _systems.SeeAsync(OperatingSystems.NameOf(scan.Inventory.Distribution), cves, now, cancellationToken) };

    /// <summary>When CVEs were first seen in an image. One that comes back after an advisory was withdrawn keeps its first time.</summary>
    /// <param name="cves">Those that it has now.</param>
    /// <param name="stored">The content that is stored of it; null if none is.</param>
    /// <param name="now">When those are seen that never were.</param>
    public static Dictionary<string, DateTimeOffset> FirstInImage(string[] cves, byte[]? stored, DateTimeOffset now)
    {
        var first = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        if (stored is not null && Compressed.TryRead(stored, out SavedOccurrences? saved))
        {
            foreach ((string cve, DateTimeOffset seen) in saved.FirstInImage)
            {
                first[cve] = seen;
            }
        }

        foreach (string cve in cves)
        {
            first.TryAdd(cve, now);
        }

        return first;
    }
}
