using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Alpine;

/// <summary>Where an entry of the secdb stands.</summary>
/// <param name="Release">As the secdb writes it: <c>v3.20</c>, <c>edge</c>.</param>
/// <param name="Repository"><c>main</c> or <c>community</c>.</param>
internal sealed record AlpineRepository(string Release, string Repository);

/// <summary>
/// Turns a package of the secdb round: it lists the ids that each version mends, here each id has its versions. The name is that of the
/// source (<c>pkgname</c> of the APKBUILD), which packages carry as their origin.
/// </summary>
internal static class AlpinePackage
{
    // The version of what never was affected (https://github.com/google/osv.dev/blob/master/vulnfeeds/cmd/converters/alpine/main.go).
    private const string Never = "0";

    public static IEnumerable<Advisory> Read(AlpineRepository repository, string package, JsonElement fixes, FeedReport report)
    {
        string label = FeedTexts.Shown($"{repository.Release}/{repository.Repository} {package}");
        var mended = new Dictionary<string, Mended>(StringComparer.Ordinal);
        foreach (var (version, entries) in JsonTexts.Members(fixes))
        {
            if (version.Length == 0)
            {
                report.AddMalformed(label, "has fixes without a version");
                continue;
            }

            foreach (string entry in Entries(entries, label, report))
            {
                Take(AlpineIds.Of(entry), version, mended, label, report);
            }
        }

        return mended.Select(one => Advisory(repository, package, one.Key, one.Value, report));
    }

    private static List<string> Entries(JsonElement entries, string label, FeedReport report)
    {
        var texts = new List<string>();
        if (entries.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement entry in entries.EnumerateArray())
            {
                if (JsonTexts.Text(entry) is { } text)
                {
                    texts.Add(text);
                }
                else
                {
                    report.AddMalformed(label, "has an id that is no text");
                }
            }
        }
        else if (entries.ValueKind != JsonValueKind.Null)
        {
            report.AddMalformed(label, "has a version without a list of ids");
        }

        return texts;
    }

    private static void Take(AlpineIds ids, string version, Dictionary<string, Mended> mended, string label, FeedReport report)
    {
        if (ids.Cves.Count + ids.Others.Count == 0)
        {
            report.AddMalformed(label, "has an entry that names no vulnerability");
            return;
        }

        // Of names without a CVE the first is the vulnerability's, and the others its aliases.
        IReadOnlyList<string> names = ids.Cves.Count > 0 ? ids.Cves : [ids.Others[0]];
        foreach (string name in names)
        {
            if (!mended.TryGetValue(name, out Mended? one))
            {
                mended[name] = one = new Mended();
            }

            one.Versions.Add(version);
            one.Aliases.UnionWith(ids.Others.Where(other => other != name));
        }
    }

    private static Advisory Advisory(AlpineRepository repository, string package, string name, Mended mended, FeedReport report)
    {
        // Mended in several steps: what is before the last of them is affected.
        VersionRange[] ranges = [.. mended.Versions.Where(version => version != Never).Select(StatedRange.Before)];
        if (ranges.Length > 0 && ranges.Length < mended.Versions.Count)
        {
            report.AddSkipped("'0' beside a version that mends the same: the version counts");
        }

        return new Advisory
        {
            Id = $"{name}/{repository.Release}/{repository.Repository}/{package}",
            Modified = default,
            Authority = AdvisoryAuthority.Vendor,
            Aliases = [.. mended.Aliases],
            Upstream = [name],
            Link = "https://security.alpinelinux.org/vuln/" + name,
            Affected =
            [
                new AffectedPackage
                {
                    Ecosystem = new OsvEcosystem("Alpine", repository.Release),
                    Name = package,
                    Ranges = ranges.Length > 0 ? ranges : [StatedRange.Every],
                    Status = ranges.Length > 0 ? AdvisoryStatus.Affected : AdvisoryStatus.NotAffected,
                },
            ],
        };
    }

    private sealed class Mended
    {
        public SortedSet<string> Versions { get; } = new(StringComparer.Ordinal);

        public SortedSet<string> Aliases { get; } = new(StringComparer.Ordinal);
    }
}
