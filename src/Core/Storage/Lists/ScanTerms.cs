using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Storage.Lists;

/// <summary>What images are found by.</summary>
public enum TermKind
{
    Cve,
    Component,
}

/// <summary>Where a term is in an image: one finding, or one version of a component.</summary>
/// <param name="Cve">The CVE; "" for a component.</param>
/// <param name="Component">The component's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Kind">The kind of the finding; null for a component without one.</param>
public readonly record struct TermOccurrence(string Cve, string Component, string Version, FindingKind? Kind);

/// <summary>
/// The terms by which an image is found, each with where it is: a text a term, dealt out to sixteen partitions by the hash of the term. What is not
/// kept is bounded: of a term what fits a property, of an image so many terms.
/// </summary>
internal sealed class ScanTerms
{
    /// <summary>The partitions, as those of images.</summary>
    public static readonly IReadOnlyList<string> Partitions = ScanRow.Partitions;

    public static readonly ScanTerms None = new([]);

    // Of an image with more CVEs and components the last components are not found.
    private const int MostTerms = 20_000;

    // A property takes 64 KiB of UTF-16.
    private const int MostCharacters = 30_000;
    private const int MostNameCharacters = 200;

    // The row of an image names all its terms of a partition in one property, however badly they compress.
    private const int MostKeyCharacters = 48_000;
    private const int CharactersBesideKey = 16;
    private const int HashDigits = 8;

    private ScanTerms(Dictionary<string, SortedDictionary<string, Term>> partitions)
    {
        ByPartition = partitions;
        Hashes = string.Concat(Partitions.Select(partition => HashOf(partitions.GetValueOrDefault(partition))));
    }

    /// <summary>The terms of each partition by their keys.</summary>
    public IReadOnlyDictionary<string, SortedDictionary<string, Term>> ByPartition { get; }

    /// <summary>A hash a partition, of eight digits each: what is to be changed is where they differ.</summary>
    public string Hashes { get; }

    public static ScanTerms Of(Scan scan)
    {
        var found = new Dictionary<(TermKind Kind, string Term), SortedSet<string>>();
        foreach (PackageFindings package in scan.Match.Packages)
        {
            string name = Plain(package.Installed.Package.Name);
            string version = Plain(package.Installed.Package.Version);
            Add(TermKind.Component, name, $"\t{version}");
            foreach (Finding finding in package.Findings)
            {
                string kind = FindingKind.Of(finding).ToString();
                Add(TermKind.Cve, Plain(finding.Cve), $"{kind}\t{version}\t{name}");
                Add(TermKind.Component, name, $"{kind}\t{version}");
            }
        }

        var partitions = new Dictionary<string, SortedDictionary<string, Term>>();
        var characters = new Dictionary<string, int>();
        var kept = found.OrderBy(term => term.Key.Kind).ThenBy(term => term.Key.Term, StringComparer.Ordinal).Take(MostTerms);
        foreach (((TermKind kind, string term), SortedSet<string> lines) in kept)
        {
            string partition = PartitionOf(term);
            if (!partitions.TryGetValue(partition, out SortedDictionary<string, Term>? terms))
            {
                partitions[partition] = terms = new SortedDictionary<string, Term>(StringComparer.Ordinal);
            }

            string key = KeyOf(kind, term);
            int taken = characters.GetValueOrDefault(partition) + key.Length + CharactersBesideKey;
            if (taken > MostKeyCharacters)
            {
                continue;
            }

            // Other spellings of a name stand behind it.
            characters[partition] = taken;
            for (int spelling = 1; !terms.TryAdd(key, new Term(term, Joined(lines))); spelling++)
            {
                key = string.Create(CultureInfo.InvariantCulture, $"{KeyOf(kind, term)}|~{spelling}");
            }
        }

        return new ScanTerms(partitions);

        void Add(TermKind kind, string term, string line)
        {
            if (!found.TryGetValue((kind, term), out SortedSet<string>? lines))
            {
                found[(kind, term)] = lines = new SortedSet<string>(StringComparer.Ordinal);
            }

            lines.Add(line);
        }
    }

    /// <summary>The hash of one partition.</summary>
    public string HashOf(int partition) => HashOf(Hashes, partition);

    /// <summary>The hash of one partition of those.</summary>
    public static string HashOf(string hashes, int partition) =>
        hashes.Length == Partitions.Count * HashDigits ? hashes.Substring(partition * HashDigits, HashDigits) : "";

    /// <summary>The partitions that another's hashes do not fit; all if these are unknown.</summary>
    public IEnumerable<string> ChangedSince(string hashes) => Partitions.Where((_, i) => HashOf(hashes, i) != HashOf(i));

    /// <summary>What the keys begin with of all terms that begin so, whatever the case.</summary>
    public static string KeyOf(TermKind kind, string term) => $"{(kind == TermKind.Cve ? 'c' : 'p')}|{TableKey.Of(Plain(term).ToLowerInvariant())}";

    /// <summary>The partition of a term.</summary>
    public static string PartitionOf(string term) =>
        Partitions[(int)(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(Plain(term).ToLowerInvariant().AsSpan())) % (ulong)Partitions.Count)];

    /// <summary>Where a term is, as a row says it.</summary>
    public static IEnumerable<TermOccurrence> OccurrencesOf(TermKind kind, string term, string lines)
    {
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split('\t');
            yield return kind == TermKind.Cve
                ? new TermOccurrence(term, parts.ElementAtOrDefault(2) ?? "", parts.ElementAtOrDefault(1) ?? "", FindingKind.From(parts[0]))
                : new TermOccurrence("", term, parts.ElementAtOrDefault(1) ?? "", FindingKind.From(parts[0]));
        }
    }

    /// <summary>A hash of terms; that of none is all zeros.</summary>
    public static string HashOf(SortedDictionary<string, Term>? terms)
    {
        if (terms is not { Count: > 0 })
        {
            return new string('0', HashDigits);
        }

        var hash = new XxHash3();
        foreach ((string key, Term term) in terms)
        {
            hash.Append(MemoryMarshal.AsBytes(key.AsSpan()));
            hash.Append(MemoryMarshal.AsBytes(term.Text.AsSpan()));
            hash.Append(MemoryMarshal.AsBytes(term.Lines.AsSpan()));
        }

        return ((uint)hash.GetCurrentHashAsUInt64()).ToString("x8", CultureInfo.InvariantCulture);
    }

    private static string Plain(string text)
    {
        string cut = text.Length <= MostNameCharacters ? text : text[..MostNameCharacters];
        return cut.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 ? cut : string.Concat(cut.Select(c => c < ' ' ? '?' : c));
    }

    private static string Joined(SortedSet<string> lines)
    {
        var joined = new StringBuilder();
        foreach (string line in lines.TakeWhile(line => joined.Length + line.Length < MostCharacters))
        {
            joined.Append(line).Append('\n');
        }

        return joined.ToString();
    }

    /// <summary>A term of an image.</summary>
    /// <param name="Text">The term as it is written.</param>
    /// <param name="Lines">Where it is, a line each.</param>
    internal sealed record Term(string Text, string Lines)
    {
        /// <summary>What tells whether its row has to be written anew.</summary>
        public uint Hash => (uint)XxHash3.HashToUInt64(MemoryMarshal.AsBytes($"{Text}\n{Lines}".AsSpan()));
    }
}
