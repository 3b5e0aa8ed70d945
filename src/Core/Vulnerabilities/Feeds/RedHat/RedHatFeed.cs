using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace ImageScan.Core.Vulnerabilities.Feeds.RedHat;

/// <summary>
/// Red Hat's statements about its products, one document a CVE: CSAF VEX (https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/).
/// All documents are in one archive that is made anew every so often; <c>changes.csv</c> and <c>deletions.csv</c> beside it say what came later.
/// </summary>
public sealed class RedHatFeed : IAdvisoryFeed
{
    /// <summary>The largest document taken, 64 MiB; those of old CVEs in Java libraries have some megabytes.</summary>
    public const int MaxDocumentBytes = 64 << 20;

    /// <summary>Of more changed documents than these the whole archive is the smaller download.</summary>
    public const int MaxChanges = 2_000;

    private const string ArchiveSuffix = ".tar.zst";
    private const int MaxNameBytes = 1024;

    // A document may appear a while after the date that it bears.
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(2);

    // So what a run has missed for whatever reason does not stay missed.
    private static readonly TimeSpan LongestKept = TimeSpan.FromDays(30);

    public FeedDescription Description { get; } = new()
    {
        Name = "redhat",
        Title = "Red Hat CSAF VEX",
        Licence = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
        Address = "https://security.access.redhat.com/data/csaf/v2/vex/",
    };

    public bool Recognises(string path) => IsArchive(path[(path.LastIndexOf('/') + 1)..]) || VexChanges.IsDocument(path);

    /// <summary>
    /// The archive, and of documents that changed since it was made, or since the latest of them was read, each by itself. Throws
    /// <see cref="FeedException"/> if there is no archive.
    /// </summary>
    public async Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        if (source.Location.EndsWith(ArchiveSuffix, StringComparison.OrdinalIgnoreCase))
        {
            return new FeedPlan { Documents = [new PlannedDocument("")] };
        }

        string latest = await LatestArchiveAsync(source, cancellationToken);
        var (read, state) = known.Where(document => IsArchive(document.Key)).OrderByDescending(document => document.Value.ReadAt)
            .Select(document => (document.Key, document.Value)).FirstOrDefault();
        bool isKept = read is not null && !(DateOf(latest) - DateOf(read) > LongestKept);
        string archive = isKept ? read! : latest;
        DateTimeOffset? since = isKept ? state.NewestRecord - Overlap : DateOf(latest);
        if (since is null)
        {
            return new FeedPlan { Documents = [new PlannedDocument(latest)] };
        }

        Dictionary<string, DateTimeOffset> changes = await VexChanges.FetchAsync(source, "changes.csv", cancellationToken);
        PlannedDocument[] parts =
        [
            .. changes.Where(change => change.Value >= since).OrderBy(change => change.Value).Select(change => new PlannedDocument(change.Key, archive)),
        ];
        if (parts.Length > MaxChanges)
        {
            return new FeedPlan { Documents = [new PlannedDocument(latest)] };
        }

        if (!isKept)
        {
            return new FeedPlan { Documents = [new PlannedDocument(archive), .. parts] };
        }

        // What was deleted between archive and first run can be taken out in the second only, which is known by its having nothing newer yet.
        DateTimeOffset? deletedSince = state.NewestRecord <= state.ReadAt ? DateOf(archive) ?? since : since;
        Dictionary<string, DateTimeOffset> deletions = await VexChanges.FetchAsync(source, "deletions.csv", cancellationToken);
        return new FeedPlan
        {
            Documents = parts,
            Kept = [archive],
            // What came back after it was deleted is there.
            Deleted =
            [
                .. deletions.Where(deletion => deletion.Value >= deletedSince)
                    .Where(deletion => !(changes.TryGetValue(deletion.Key, out DateTimeOffset change) && change > deletion.Value))
                    .Select(deletion => new DeletedRecord(archive, VexChanges.CveOf(deletion.Key))),
            ],
        };
    }

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream content = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        byte[] first = new byte[1];
        int length = await content.ReadAtLeastAsync(first, 1, throwOnEndOfStream: false, cancellationToken);
        await using var whole = new RewoundStream(first.AsMemory(0, length), content);
        bool isArchive = length > 0 && first[0] is not ((byte)'{' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or 0xEF);
        IAsyncEnumerable<ArchivedFile> files = isArchive
            ? FeedContent.FilesOfTarAsync(whole, cancellationToken)
            : AsyncEnumerable.Repeat(new ArchivedFile(document.Path, whole), 1);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            await foreach (ArchivedFile file in files)
            {
                if (isArchive && !VexChanges.IsDocument(file.Path))
                {
                    report.AddSkipped(VexSkip.OtherFile);
                    continue;
                }

                (buffer, length) = await FillAsync(file.Content, buffer, cancellationToken);
                if (length > MaxDocumentBytes)
                {
                    report.AddMalformed(file.Path, $"is larger than {MaxDocumentBytes} bytes");
                    continue;
                }

                foreach (Advisory advisory in VexDocument.Read(buffer.AsMemory(0, length), file.Path, report))
                {
                    yield return advisory;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // "csaf_vex_2024-08-04.tar.zst"; copies of it are also seen as "vex-archive.tar.zst".
    private static bool IsArchive(string name) => name.EndsWith(ArchiveSuffix, StringComparison.Ordinal)
        && (name.StartsWith("csaf_vex", StringComparison.Ordinal) || name.StartsWith("vex-archive", StringComparison.Ordinal));

    // The start of the day that an archive bears in its name.
    private static DateTimeOffset? DateOf(string archive)
    {
        const string Form = "yyyy-MM-dd";
        string name = archive[..^ArchiveSuffix.Length];
        return name.Length >= Form.Length
            && DateTimeOffset.TryParseExact(
                name[^Form.Length..], Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset day)
            ? day
            : null;
    }

    private static async Task<string> LatestArchiveAsync(FeedSource source, CancellationToken cancellationToken)
    {
        await using FeedDocument? latest = await source.OpenAsync("archive_latest.txt", null, cancellationToken);
        string name = latest is null ? "" : Encoding.UTF8.GetString(await FeedContent.ReadAllAsync(latest.Content, MaxNameBytes, cancellationToken)).Trim();
        return IsArchive(name) && name.IndexOfAny(['/', '\\', '?', '#', '%']) < 0
            ? name
            : throw new FeedException("archive_latest.txt is not there, or does not name an archive csaf_vex_….tar.zst beside it.");
    }

    // A document, in a buffer that holds it; of a larger one than may be, its beginning.
    private static async Task<(byte[] Buffer, int Length)> FillAsync(Stream content, byte[] buffer, CancellationToken cancellationToken)
    {
        int length = 0;
        int read;
        while ((read = await content.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0 && (length += read) <= MaxDocumentBytes)
        {
            if (length == buffer.Length)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }

        return (buffer, length);
    }
}
