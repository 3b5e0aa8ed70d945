using System.IO.Hashing;
using System.Text;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Of everything in a snapshot a hash of what it says, whatever its number and place in the file.</summary>
internal sealed class SnapshotFingerprints
{
    private readonly Dictionary<string, EcosystemFingerprints> _ecosystems = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ulong> _cves = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, EcosystemFingerprints> Ecosystems => _ecosystems;

    public IReadOnlyDictionary<string, ulong> Cves => _cves;

    public EcosystemFingerprints Of(string ecosystem) => _ecosystems.GetValueOrDefault(ecosystem) ?? new EcosystemFingerprints();

    public static SnapshotFingerprints Of(AdvisoryLookup lookup)
    {
        var prints = new SnapshotFingerprints();
        var scratch = new RecordWriter();
        var advisories = new Dictionary<int, (string Id, ulong Print)>();
        foreach (var (number, advisory) in lookup.Advisories())
        {
            advisories[number] = (advisory.Id, Print(advisory, scratch));
        }

        foreach (var (key, postings) in lookup.Packages())
        {
            string[] parts = key.Split('\0', 2);
            if (!prints._ecosystems.TryGetValue(parts[0], out EcosystemFingerprints? ecosystem))
            {
                ecosystem = new EcosystemFingerprints();
                prints._ecosystems.Add(parts[0], ecosystem);
            }

            foreach (Posting posting in postings)
            {
                var (id, print) = advisories.GetValueOrDefault(posting.Advisory, ("", 0ul));
                ulong said = print ^ Print(key, posting, scratch);
                // Sums, so that neither the order of statements nor that of packages counts.
                ecosystem.Advisories[id] = ecosystem.Advisories.GetValueOrDefault(id) + said;
                ecosystem.Packages[parts[^1]] = ecosystem.Packages.GetValueOrDefault(parts[^1]) + said;
            }
        }

        // EPSS scores every CVE anew every day.
        foreach (CveMetadata cve in lookup.Cves())
        {
            scratch.Clear();
            CveRecord.Write(scratch, cve with { LastModified = null, Epss = null });
            prints._cves[cve.Id] = XxHash3.HashToUInt64(scratch.Written);
        }

        return prints;
    }

    // All but the date of its last change.
    private static ulong Print(AdvisoryRecord advisory, RecordWriter scratch)
    {
        scratch.Clear();
        scratch.Text(advisory.Id);
        scratch.Texts(advisory.Names);
        scratch.Texts(advisory.Aliases);
        scratch.Date(advisory.Published);
        scratch.OptionalText(advisory.SeverityWord);
        scratch.Text($"{advisory.Vectors}");
        scratch.Text(advisory.Link);
        scratch.Text(advisory.Summary);
        return XxHash3.HashToUInt64(scratch.Written);
    }

    private static ulong Print(string key, Posting posting, RecordWriter scratch)
    {
        scratch.Clear();
        scratch.Text(key);
        scratch.Texts(posting.Versions);
        foreach (VersionRange range in posting.Ranges)
        {
            scratch.Text(new StringBuilder().Append(range.Order).AppendJoin(' ', range.Events).ToString());
        }

        scratch.OptionalText(posting.SeverityWord);
        scratch.Text($"{posting.Vectors} {posting.Status} {posting.NameKind} {posting.Module}");
        scratch.Texts([.. posting.Architectures]);
        scratch.OptionalText(posting.Repository);
        scratch.OptionalText(posting.Erratum);
        scratch.Date(posting.FixedOn);
        scratch.Texts([.. posting.Names ?? []]);
        return XxHash3.HashToUInt64(scratch.Written);
    }
}

/// <summary>Hashes of what is said in one ecosystem, by the id of the advisory and by the name of the package.</summary>
internal sealed class EcosystemFingerprints
{
    public Dictionary<string, ulong> Advisories { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ulong> Packages { get; } = new(StringComparer.Ordinal);
}
