using System.Text;
using ImageScan.Core.Vulnerabilities.Feeds.Suse;
using ImageScan.Core.Vulnerabilities.Feeds.Ubuntu;

namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>
/// The OSV bucket (https://google.github.io/osv.dev/data/#data-dumps): for each ecosystem <c>all.zip</c>, one JSON record a file, the same records
/// one by one, and a list of when each was changed.
/// </summary>
public sealed class OsvFeed : IAdvisoryFeed
{
    private const int MaxListBytes = 1024 * 1024;
    private const string ArchiveName = "all.zip";
    private const string IndexName = "modified_id.csv";

    // Who publishes records about its own packages, which the bucket copies unchanged from it (source.yaml of https://github.com/google/osv.dev)
    // and no other feed here has. What others convert (DSA-, DEBIAN-CVE-, ALPINE-CVE-), and what a vendor's own feed says better
    // (Ubuntu, SUSE, Red Hat, Azure Linux), is collected.
    private static readonly (string Prefix, string[] Ecosystems)[] Vendors =
    [
        ("ALBA-", ["AlmaLinux"]),
        ("ALEA-", ["AlmaLinux"]),
        ("ALSA-", ["AlmaLinux"]),
        ("BELL-", ["Alpaquita", "BellSoft Hardened Containers"]),
        ("CLEANSTART-", ["CleanStart"]),
        ("ECHO-", ["Echo"]),
        ("MGASA-", ["Mageia"]),
        ("OESA-", ["openEuler"]),
        ("RLBA-", ["Rocky Linux"]),
        ("RLEA-", ["Rocky Linux"]),
        ("RLSA-", ["Rocky Linux"]),
        ("RXSA-", ["Rocky Linux"]),
    ];

    private readonly HashSet<string> _asked;
    private readonly HashSet<string> _taken;
    private readonly OsvIncrement _increment;
    private readonly OsvSelection _selection;

    /// <summary>The bucket with the ecosystems that are on by default.</summary>
    public OsvFeed()
        : this(OsvBucket.Ecosystems.Where(ecosystem => ecosystem.OffBecause is null).Select(ecosystem => ecosystem.Name), TimeProvider.System)
    {
    }

    /// <summary>The bucket with a choice of ecosystems.</summary>
    /// <param name="ecosystems">Their names without release, as in <see cref="OsvBucket.Ecosystems"/>; others may be among them.</param>
    /// <param name="time">Tells how old what is known is.</param>
    public OsvFeed(IEnumerable<string> ecosystems, TimeProvider time)
    {
        _asked = new HashSet<string>(ecosystems, StringComparer.Ordinal);
        _taken = [.. _asked, .. OsvBucket.Ecosystems.Where(ecosystem => ecosystem.IsReadFromCopies).Select(ecosystem => ecosystem.Name)];
        _increment = new OsvIncrement(time);
        _selection = new OsvSelection(AuthorityOf, ReasonAgainst, ecosystem => _taken.Contains(ecosystem.Name));
    }

    /// <summary>The name of this feed.</summary>
    public const string FeedName = "osv";

    public FeedDescription Description { get; } = new()
    {
        Name = FeedName,
        Title = "OSV",
        Licence = "by source, https://google.github.io/osv.dev/data/",
        Address = "https://osv-vulnerabilities.storage.googleapis.com",
    };

    public bool Recognises(string path) => OsvPaths.IsArchive(path) || OsvPaths.IsRecord(path);

    public async Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        if (source.Location.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            return new FeedPlan { Documents = [new PlannedDocument("")] };
        }

        var plan = new OsvPlan();
        foreach (string folder in await FoldersAsync(source, cancellationToken))
        {
            var archive = new OsvArchive(folder + ArchiveName, folder + IndexName, folder);
            await _increment.AddAsync(source, archive, known.GetValueOrDefault(archive.Path), plan, cancellationToken);
        }

        return plan.Done();
    }

    public IAsyncEnumerable<FeedRecord> ReadAsync(FeedDocument document, FeedReport report, CancellationToken cancellationToken) =>
        _selection.ReadAsync(document, report, cancellationToken);

    // Those that the bucket has and that are wanted; an address without a list is the folder of one ecosystem.
    private async Task<IReadOnlyList<string>> FoldersAsync(FeedSource source, CancellationToken cancellationToken)
    {
        await using FeedDocument? list = await source.OpenAsync("ecosystems.txt", null, cancellationToken);
        if (list is null)
        {
            return [""];
        }

        string names = Encoding.UTF8.GetString(await FeedContent.ReadAllAsync(list.Content, MaxListBytes, cancellationToken));
        // Archives hold all releases of an ecosystem, so the list's "Debian:11" is in Debian's.
        return
        [
            .. names.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(name => OsvEcosystem.Parse(name).Name).Where(_asked.Contains).Distinct(StringComparer.Ordinal).Select(name => name + "/"),
        ];
    }

    private static AdvisoryAuthority AuthorityOf(Advisory advisory) =>
        Array.Find(Vendors, vendor => advisory.Id.StartsWith(vendor.Prefix, StringComparison.Ordinal)).Ecosystems is { } own
            && advisory.Affected.All(package => own.Contains(package.Ecosystem.Name))
            ? AdvisoryAuthority.Vendor
            : AdvisoryAuthority.Collected;

    private string? ReasonAgainst(OsvRecord record, Advisory advisory)
    {
        if ((UbuntuNotices.ReasonAgainst(advisory) ?? SuseUpdates.ReasonAgainst(advisory)) is { } reason)
        {
            return reason;
        }

        OsvBucketEcosystem? off = OsvBucket.Ecosystems.FirstOrDefault(ecosystem => !_taken.Contains(ecosystem.Name)
            && advisory.Affected.Any(package => package.Ecosystem.Name == ecosystem.Name));
        return off is not null && advisory.Affected.All(package => !_taken.Contains(package.Ecosystem.Name))
            ? $"about {off.Name}, which is off: {off.OffBecause}"
            : null;
    }
}
